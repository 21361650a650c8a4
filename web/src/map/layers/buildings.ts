// Buildings: footprints from z13, standing up from z14.5 when the map is tilted.
import type { ExpressionSpecification } from '@maplibre/maplibre-gl-style-spec';
import { REGULAR } from '../fonts';
import { at, type LayerRecord } from '../record';
import { fade } from './zooms';

const HEIGHT_M: ExpressionSpecification = [
  'coalesce',
  ['get', 'height_m'],
  ['*', 3, ['coalesce', ['get', 'floors_above'], 2]],
];
const ASSUMED: ExpressionSpecification = ['==', ['get', 'height_assumed'], true];
const BUILDING = { source: 'building', 'source-layer': 'building' } as const;

export const buildings: LayerRecord = {
  id: 'buildings',
  group: 'ground',
  label: 'layer.buildings',
  shown: true,
  listed: true,
  minzoom: 13,
  legend: (palette) => [
    { label: 'legend.building', swatch: { kind: 'fill', color: palette.building, edge: palette.buildingEdge } },
  ],
  layers: ({ palette, relief }) => [
    ...at(
      'a-3d',
      {
        ...BUILDING,
        id: 'building-area',
        type: 'fill',
        minzoom: 13,
        ...(relief ? { maxzoom: 15 } : {}),
        paint: {
          // Small scales need more ink for the same tone.
          'fill-color': ['interpolate', ['linear'], ['zoom'], 13, palette.buildingEdge, 15, palette.building],
          'fill-opacity': relief
            ? fade([
                [13, 0.6],
                [13.8, 1],
                [14.5, 1],
                [15, 0],
              ])
            : fade([
                [13, 0.6],
                [13.8, 1],
              ]),
          'fill-antialias': false,
        },
      },
      {
        ...BUILDING,
        id: 'building-edge',
        type: 'line',
        minzoom: 15,
        layout: { visibility: relief ? 'none' : 'visible' },
        paint: {
          'line-color': palette.buildingEdge,
          'line-width': fade([
            [15, 0.3],
            [17, 0.8],
          ]),
        },
      },
      {
        ...BUILDING,
        id: 'building-relief',
        type: 'fill-extrusion',
        minzoom: 14.5,
        layout: { visibility: relief ? 'visible' : 'none', 'fill-extrusion-rounded-corner-distance': 1 },
        paint: {
          'fill-extrusion-color': ['case', ASSUMED, palette.buildingAssumed, palette.buildingSide],
          'fill-extrusion-height': fade([
            [14.5, 0],
            [15.3, HEIGHT_M],
          ]),
          'fill-extrusion-opacity': fade([
            [14.5, 0.2],
            [15, 0.94],
          ]),
          'fill-extrusion-vertical-gradient': true,
        },
      },
    ),
    ...at('a-label', {
      id: 'building-name',
      type: 'symbol',
      source: 'building',
      'source-layer': 'building_label',
      minzoom: 17,
      layout: {
        'text-field': ['get', 'name'],
        'text-font': REGULAR,
        'text-size': fade([
          [17, 10.5],
          [19, 12.5],
        ]),
        'text-max-width': 7,
        'text-padding': 8,
      },
      paint: { 'text-color': palette.buildingText, 'text-halo-color': palette.halo, 'text-halo-width': 1.2 },
    }),
  ],
  hits: {
    layers: ['building-area', 'building-relief'],
    tell: (properties) => {
      const height = Number(properties['height_m']);
      const parts = [properties['code'], Number.isFinite(height) && height > 0 ? `${height.toFixed(1)} m` : undefined];
      return {
        title: typeof properties['name'] === 'string' ? properties['name'] : '',
        detail: parts.filter((part) => typeof part === 'string').join(' · '),
      };
    },
  },
};
