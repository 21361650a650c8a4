// What was asked: the place, the areas that answer for it, and the numbered things around it.
import type { FeatureCollection } from 'geojson';
import { BOLD } from '../fonts';
import { at, type AnchoredLayer, type Scene } from '../record';

/** Layers that a panel brings along; the same function as long as nothing but the marks differs. */
export type Extras = (scene: Scene) => readonly AnchoredLayer[];

/** Codes of the units that answer for the place; empty when nothing is asked. */
export interface Selection {
  readonly grid: string | null;
  readonly exclusive: string | null;
  readonly marks: FeatureCollection;
  readonly extras: readonly Extras[];
}

export const NOTHING_SELECTED: Selection = {
  grid: null,
  exclusive: null,
  marks: { type: 'FeatureCollection', features: [] },
  extras: [],
};

/** The source that holds the pin, the numbers and the spoke. */
export const MARKS = 'marks';

function unit(id: string, layer: string, code: string | null, color: string): AnchoredLayer[] {
  if (code === null) return [];
  const part = {
    source: 'boundary',
    'source-layer': layer,
    filter: ['==', ['get', 'code'], code] as ['==', ['get', string], string],
  };
  return [
    ...at('a-border', {
      ...part,
      id: `${id}-area`,
      type: 'fill',
      paint: { 'fill-color': color, 'fill-opacity': 0.08 },
    }),
    ...at('a-select', {
      ...part,
      id: `${id}-border`,
      type: 'line',
      layout: { 'line-join': 'round' },
      paint: { 'line-color': color, 'line-width': 3 },
    }),
  ];
}

export function selectionLayers(scene: Scene, selection: Selection): AnchoredLayer[] {
  const { palette } = scene;
  return [
    ...selection.extras.flatMap((layers) => layers(scene)),
    ...unit('selected-grid', 'comprehensive_grid', selection.grid, palette.accent),
    ...unit('selected-exclusive', 'exclusive_grid', selection.exclusive, palette.exclusive),
    ...at(
      'a-top',
      {
        id: 'spoke',
        type: 'line',
        source: MARKS,
        filter: ['==', ['get', 'role'], 'spoke'],
        layout: { 'line-cap': 'round' },
        paint: { 'line-color': palette.accent, 'line-width': 2, 'line-dasharray': [1, 2] },
      },
      {
        id: 'pin',
        type: 'symbol',
        source: MARKS,
        filter: ['==', ['get', 'role'], 'pin'],
        layout: { 'icon-image': 'pin', 'icon-allow-overlap': true, 'icon-ignore-placement': true },
      },
      {
        id: 'plate',
        type: 'symbol',
        source: MARKS,
        filter: ['==', ['get', 'role'], 'plate'],
        layout: {
          'icon-image': ['case', ['get', 'active'], 'plate:active', 'plate:quiet'],
          // Beside the thing, so that its own sign stays to be seen.
          'icon-offset': ['case', ['get', 'active'], ['literal', [0, -16]], ['literal', [11, -11]]],
          'icon-allow-overlap': true,
          'icon-ignore-placement': true,
          'text-field': ['get', 'label'],
          'text-offset': ['case', ['get', 'active'], ['literal', [0, -16 / 14]], ['literal', [1, -1]]],
          'text-font': BOLD,
          'text-size': ['case', ['get', 'active'], 14, 11],
          'text-allow-overlap': true,
          'text-ignore-placement': true,
          'symbol-sort-key': ['case', ['get', 'active'], 100, ['-', 0, ['get', 'number']]],
        },
        paint: { 'text-color': palette.halo },
      },
    ),
  ];
}
