// Which tilesets a change of the loaded data touches.
import type { Tileset } from '../map/style';
import type { Ready } from './types';

const COLLECTIONS: Readonly<Record<Tileset, readonly string[]>> = {
  base: ['district', 'road', 'water', 'place'],
  boundary: ['district', 'town', 'village', 'comprehensive_grid', 'exclusive_grid', 'micro_grid'],
  building: ['building'],
  linkage: ['case', 'camera', 'finding', 'key_place', 'grid_station'],
};

/** Tilesets whose collections differ in number, or whose boundary revision differs; case work also by snapshot. */
export function changedTilesets(before: Ready, after: Ready): Tileset[] {
  const differs = (names: readonly string[]) => names.some((name) => before.counts[name] !== after.counts[name]);
  return (Object.keys(COLLECTIONS) as Tileset[]).filter((tileset) => {
    if (differs(COLLECTIONS[tileset])) return true;
    if (tileset === 'boundary') return before.revision !== after.revision;
    return tileset === 'linkage' && before.snapshot !== after.snapshot;
  });
}

/** The city itself has grown: its bounds are to be asked again. */
export function cityGrew(before: Ready, after: Ready): boolean {
  return COLLECTIONS.boundary.some((name) => before.counts[name] !== after.counts[name]);
}
