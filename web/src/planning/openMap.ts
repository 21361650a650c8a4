// Opens the map of a draft: asks for the tilesets and how large the city is, then draws.
import { fetchCity, fetchTileJson } from '../api/client';
import type { TileJson } from '../api/types';
import { language } from '../i18n/index.svelte';
import { type Tileset, TILESETS } from '../map/style';
import { setCamera, view } from '../stores/view.svelte';
import { type PlanEvents, PlanMap } from './PlanMap';

const IGNORED: PlanEvents = {
  clicked: () => {},
  clickedTwice: () => {},
  grabbed: () => false,
  dragged: () => {},
  dropped: () => {},
  pointed: () => {},
  moved: setCamera,
};

export async function openMap(container: HTMLElement, events: Partial<PlanEvents>): Promise<PlanMap> {
  const [city, ...all] = await Promise.all([
    fetchCity(language()),
    ...TILESETS.map((name) => fetchTileJson(name, language())),
  ]);
  const tilejson = Object.fromEntries(TILESETS.map((name, i) => [name, all[i]])) as Record<Tileset, TileJson>;
  const start = { camera: view.camera, bounds: city.bounds };
  return new PlanMap(container, view.theme, tilejson, start, { ...IGNORED, ...events });
}
