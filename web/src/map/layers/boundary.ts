// Areas: towns as faint tints and borders, villages, comprehensive and micro grids, exclusive grids above them.
import type { ExpressionSpecification, FilterSpecification } from '@maplibre/maplibre-gl-style-spec';
import { BOLD, REGULAR } from '../fonts';
import { at, type LayerRecord } from '../record';
import type { Palette } from '../themes';
import { fade } from './zooms';

const NAME: ExpressionSpecification = ['coalesce', ['get', 'name_break'], ['get', 'name']];
/** A micro grid is named within its grid, whose own name stands beside it: 一网格5号微网格 becomes 5号微网格. */
const MICRO_NAME: ExpressionSpecification = [
  'case',
  ['<', ['index-of', '网格', ['get', 'name']], ['index-of', '微网格', ['get', 'name']]],
  ['slice', ['get', 'name'], ['+', 2, ['index-of', '网格', ['get', 'name']]]],
  ['get', 'name'],
];
const isLevel = (level: string): FilterSpecification => ['==', ['get', 'level'], level];
/** Farms and enclaves are towns by their code only: they are named where they can be seen. */
const SMALL_TOWN: ExpressionSpecification = ['match', ['get', 'kind'], ['farm', 'enclave'], true, false];
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Labels of one level of units: weight tells the rank, not size. */
function unitNames(
  id: string,
  level: string,
  zooms: readonly [number, number],
  size: ExpressionSpecification,
  look: {
    readonly bold: boolean;
    readonly color: string;
    readonly spacing?: number;
    readonly name?: ExpressionSpecification;
    readonly only?: ExpressionSpecification;
  },
  palette: Palette,
) {
  return {
    id,
    type: 'symbol' as const,
    source: 'boundary',
    'source-layer': 'unit_label',
    minzoom: zooms[0],
    maxzoom: zooms[1],
    filter: (look.only === undefined ? isLevel(level) : ['all', isLevel(level), look.only]) as FilterSpecification,
    layout: {
      'text-field': look.name ?? NAME,
      'text-font': look.bold ? BOLD : REGULAR,
      'text-size': size,
      'text-max-width': 14,
      'text-line-height': 1.25,
      'text-letter-spacing': look.spacing ?? 0,
      'text-padding': 6,
    },
    paint: { 'text-color': look.color, 'text-halo-color': palette.halo, 'text-halo-width': 1.6 },
  };
}

export const towns: LayerRecord = {
  id: 'towns',
  group: 'grids',
  label: 'layer.towns',
  shown: true,
  listed: true,
  minzoom: 6,
  legend: (palette) => [{ label: 'legend.town_border', swatch: { kind: 'line', color: palette.border, width: 2 } }],
  layers: ({ palette }) => [
    ...at('a-area', {
      id: 'town-tint',
      type: 'fill',
      source: 'boundary',
      'source-layer': 'town',
      paint: {
        'fill-color': [
          'match',
          ['get', 'colour_idx'],
          0,
          palette.towns[0],
          1,
          palette.towns[1],
          2,
          palette.towns[2],
          3,
          palette.towns[3],
          palette.towns[4],
        ],
        'fill-opacity': fade([
          [11, 1],
          [14, 0],
        ]),
        'fill-antialias': false,
      },
    }),
    // The first of these lies on top: see `TURNED` in style.ts.
    ...at(
      'a-border',
      {
        id: 'district-border',
        type: 'line',
        source: 'boundary',
        'source-layer': 'district',
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': palette.border,
          'line-width': fade([
            [6, 1],
            [10, 1.8],
            [16, 3],
          ]),
        },
      },
      {
        id: 'town-border',
        type: 'line',
        source: 'boundary',
        'source-layer': 'town',
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': palette.border,
          'line-width': fade([
            [7, 0.4],
            [10, 1],
            [14, 1.7],
            [18, 2.4],
          ]),
        },
      },
      {
        id: 'town-border-halo',
        type: 'line',
        source: 'boundary',
        'source-layer': 'town',
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': palette.borderHalo,
          'line-width': fade([
            [8, 1.5],
            [11, 4],
            [16, 8],
          ]),
          'line-opacity': fade([
            [8, 0.5],
            [15, 0.55],
          ]),
        },
      },
    ),
    ...at(
      'a-name',
      unitNames(
        'town-name',
        'town',
        [8.5, 13.5],
        fade([
          [8, 11.5],
          [11, 14],
          [13, 17],
        ]),
        { bold: true, color: palette.text, spacing: 0.08, only: ['!', SMALL_TOWN] },
        palette,
      ),
      unitNames(
        'small-town-name',
        'town',
        [13, 15.5],
        fade([
          [8, 11.5],
          [11, 14],
          [13, 17],
        ]),
        { bold: true, color: palette.textQuiet, only: SMALL_TOWN },
        palette,
      ),
      unitNames(
        'district-name',
        'district',
        [4, 8.5],
        fade([
          [4, 12],
          [8, 16],
        ]),
        { bold: true, color: palette.text, spacing: 0.15 },
        palette,
      ),
    ),
  ],
};

export const villages: LayerRecord = {
  id: 'villages',
  group: 'grids',
  label: 'layer.villages',
  shown: true,
  listed: true,
  minzoom: 10.5,
  legend: (palette) => [
    { label: 'legend.village_border', swatch: { kind: 'line', color: palette.border, width: 1.2 } },
  ],
  layers: ({ palette }) => [
    ...at('a-border', {
      id: 'village-border',
      type: 'line',
      source: 'boundary',
      'source-layer': 'village',
      minzoom: 10.5,
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': palette.border,
        'line-width': fade([
          [10.5, 0.4],
          [14, 1.1],
          [18, 1.8],
        ]),
        'line-opacity': fade([
          [10.5, 0.25],
          [12.5, 0.7],
        ]),
      },
    }),
    ...at(
      'a-label',
      unitNames(
        'village-name',
        'village',
        [12.8, 15.5],
        fade([
          [12, 11.5],
          [15, 14],
        ]),
        { bold: true, color: palette.textQuiet },
        palette,
      ),
    ),
  ],
};

export const comprehensiveGrids: LayerRecord = {
  id: 'comprehensive_grids',
  group: 'grids',
  label: 'layer.comprehensive_grids',
  shown: true,
  listed: true,
  minzoom: 12.5,
  legend: (palette) => [
    { label: 'legend.comprehensive_grid', swatch: { kind: 'line', color: palette.grid, width: 1.6 } },
  ],
  layers: ({ palette }) => [
    ...at('a-border', {
      id: 'comprehensive-grid-border',
      type: 'line',
      source: 'boundary',
      'source-layer': 'comprehensive_grid',
      minzoom: 12.5,
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': palette.grid,
        'line-width': fade([
          [12.5, 0.5],
          [15, 1.3],
          [18, 2],
        ]),
        'line-opacity': fade([
          [12.8, 0.12],
          [14, 0.6],
          [15, 0.85],
        ]),
      },
    }),
    ...at(
      'a-label',
      unitNames(
        'comprehensive-grid-name',
        'comprehensive_grid',
        [14.2, 18.5],
        fade([
          [14, 11.5],
          [17, 14],
        ]),
        { bold: true, color: palette.grid },
        palette,
      ),
    ),
  ],
};

export const microGrids: LayerRecord = {
  id: 'micro_grids',
  group: 'grids',
  label: 'layer.micro_grids',
  shown: true,
  listed: true,
  minzoom: 15,
  legend: (palette) => [
    { label: 'legend.micro_grid', swatch: { kind: 'line', color: palette.microGrid, width: 1, dash: true } },
  ],
  layers: ({ palette }) => [
    ...at('a-border', {
      id: 'micro-grid-border',
      type: 'line',
      source: 'boundary',
      'source-layer': 'micro_grid',
      minzoom: 15,
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': palette.microGrid,
        'line-width': fade([
          [15, 0.5],
          [18, 1.2],
        ]),
        'line-opacity': fade([
          [15, 0.4],
          [16, 0.9],
        ]),
        'line-dasharray': [2, 2],
      },
    }),
    ...at(
      'a-label',
      unitNames(
        'micro-grid-name',
        'micro_grid',
        [16.8, 24],
        fade([
          [16.8, 10.5],
          [19, 13],
        ]),
        { bold: false, color: palette.microGrid, name: MICRO_NAME },
        palette,
      ),
    ),
  ],
};

export const exclusiveGrids: LayerRecord = {
  id: 'exclusive_grids',
  group: 'grids',
  label: 'layer.exclusive_grids',
  shown: true,
  listed: true,
  minzoom: 12,
  legend: (palette) => [
    {
      label: 'legend.exclusive_grid',
      swatch: { kind: 'fill', color: `${palette.exclusive}2e`, edge: palette.exclusive },
    },
  ],
  layers: ({ palette }) => [
    ...at('a-area', {
      id: 'exclusive-grid-area',
      type: 'fill',
      source: 'boundary',
      'source-layer': 'exclusive_grid',
      minzoom: 12,
      paint: { 'fill-color': palette.exclusive, 'fill-opacity': palette.dark ? 0.16 : 0.1, 'fill-antialias': false },
    }),
    ...at('a-border', {
      id: 'exclusive-grid-border',
      type: 'line',
      source: 'boundary',
      'source-layer': 'exclusive_grid',
      minzoom: 12,
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': palette.exclusive,
        'line-width': fade([
          [12, 0.7],
          [16, 1.6],
        ]),
        'line-opacity': 0.85,
      },
    }),
    ...at(
      'a-label',
      unitNames(
        'exclusive-grid-name',
        'exclusive_grid',
        [14, 20],
        fade([
          [14, 11],
          [17, 13.5],
        ]),
        { bold: true, color: palette.exclusive },
        palette,
      ),
    ),
  ],
  hits: {
    layers: ['exclusive-grid-area'],
    tell: (properties) => ({ title: text(properties['name']), detail: text(properties['code']) }),
  },
};
