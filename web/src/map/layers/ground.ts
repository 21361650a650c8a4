// Land and water: what everything else is drawn on.
import type { ExpressionSpecification, FilterSpecification } from '@maplibre/maplibre-gl-style-spec';
import { REGULAR } from '../fonts';
import { at, type LayerRecord } from '../record';
import { fade, groundLength } from './zooms';

const IS_AREA: ExpressionSpecification = ['match', ['geometry-type'], ['Polygon', 'MultiPolygon'], true, false];
const IS_LINE: ExpressionSpecification = ['match', ['geometry-type'], ['LineString', 'MultiLineString'], true, false];
const WIDTH_M: ExpressionSpecification = [
  'coalesce',
  ['get', 'width_m'],
  ['match', ['get', 'class'], 'river', 40, 'canal', 18, 4],
];

/** Lines of water as wide as the water is, but never thinner than their rank asks. */
function streamWidth(): ExpressionSpecification {
  const rank = (river: number, canal: number, ditch: number): ExpressionSpecification => [
    'match',
    ['get', 'class'],
    ['river', 'sea', 'lake'],
    river,
    'canal',
    canal,
    ditch,
  ];
  const width = (zoom: number, least: ExpressionSpecification): ExpressionSpecification => [
    'max',
    least,
    groundLength(WIDTH_M, zoom, 0),
  ];
  return [
    'interpolate',
    ['exponential', 2],
    ['zoom'],
    8,
    width(8, rank(0.6, 0.2, 0)),
    10,
    width(10, rank(1.3, 0.5, 0.1)),
    12,
    width(12, rank(2, 1, 0.4)),
    14,
    width(14, rank(3, 1.8, 0.8)),
    20,
    width(20, rank(60, 40, 20)),
  ];
}

const NAMED: FilterSpecification = ['all', ['has', 'name'], ['!=', ['get', 'name'], '']];

export const ground: LayerRecord = {
  id: 'ground',
  group: 'ground',
  label: 'layer.ground',
  shown: true,
  listed: false,
  minzoom: 0,
  legend: () => [],
  layers: ({ palette }) => [
    ...at(
      'a-base',
      { id: 'background', type: 'background', paint: { 'background-color': palette.outside } },
      { id: 'land', type: 'fill', source: 'base', 'source-layer': 'land', paint: { 'fill-color': palette.ground } },
    ),
    ...at(
      'a-line',
      {
        id: 'water-area',
        type: 'fill',
        source: 'base',
        'source-layer': 'water',
        filter: IS_AREA as FilterSpecification,
        paint: { 'fill-color': palette.water },
      },
      {
        id: 'water-area-edge',
        type: 'line',
        source: 'base',
        'source-layer': 'water',
        filter: IS_AREA as FilterSpecification,
        minzoom: 12,
        paint: {
          'line-color': palette.waterEdge,
          'line-width': fade([
            [12, 0.3],
            [16, 1],
          ]),
        },
      },
      {
        id: 'water-line',
        type: 'line',
        source: 'base',
        'source-layer': 'water',
        filter: IS_LINE as FilterSpecification,
        layout: { 'line-cap': 'round', 'line-join': 'round' },
        paint: { 'line-color': palette.water, 'line-width': streamWidth() },
      },
    ),
  ],
};

export const waterNames: LayerRecord = {
  id: 'water-names',
  group: 'ground',
  label: 'layer.water_names',
  shown: true,
  listed: false,
  minzoom: 11,
  legend: () => [],
  layers: ({ palette }) => [
    ...at('a-ground-label', {
      id: 'water-name',
      type: 'symbol',
      source: 'base',
      'source-layer': 'water',
      minzoom: 11,
      filter: [
        'all',
        IS_LINE,
        NAMED,
        ['any', ['>=', ['zoom'], 14], ['match', ['get', 'class'], ['river', 'sea'], true, false]],
      ] as FilterSpecification,
      layout: {
        'symbol-placement': 'line',
        'symbol-spacing': 420,
        'text-field': ['get', 'name'],
        'text-font': REGULAR,
        'text-size': fade([
          [11, 11],
          [16, 14],
        ]),
        'text-letter-spacing': 0.15,
        'text-padding': 12,
        'text-max-angle': 30,
      },
      paint: { 'text-color': palette.waterText, 'text-halo-color': palette.halo, 'text-halo-width': 1.2 },
    }),
  ],
};
