// Which tilesets a change of the loaded data touches.
import type { Tileset } from '../map/style';
import type { CityFigures, Ready } from './types';

/** What the tiles on the screen show. */
export interface Drawn {
  readonly ready: Ready;
  readonly city: CityFigures;
}

const COLLECTIONS: Readonly<Record<Tileset, readonly string[]>> = {
  base: ['district', 'road', 'water', 'place'],
  boundary: ['district', 'town', 'village', 'comprehensive_grid', 'exclusive_grid', 'micro_grid'],
  building: ['building'],
  linkage: ['case', 'camera', 'finding', 'key_place', 'grid_station'],
};

/** Tilesets whose collections differ in number, or whose boundary revision differs; case work also by snapshot. */
export function changedTilesets(before: Drawn, after: Drawn): Tileset[] {
  const differs = (names: readonly string[]) =>
    names.some((name) => before.ready.counts[name] !== after.ready.counts[name]);
  return (Object.keys(COLLECTIONS) as Tileset[]).filter((tileset) => {
    if (differs(COLLECTIONS[tileset])) return true;
    if (tileset === 'boundary') return before.city.revision !== after.city.revision;
    return tileset === 'linkage' && before.ready.snapshot !== after.ready.snapshot;
  });
}

/** Only daily work has changed, as it does all the time in a living city. */
export function isOnlyWork(changed: readonly Tileset[]): boolean {
  return changed.length === 1 && changed[0] === 'linkage';
}
