// How a draft is painted above the ground: faces in few hues, borders by rank, the published ones as a dashed ghost.
import type { ExpressionSpecification, LayerSpecification } from '@maplibre/maplibre-gl-style-spec';
import { BOLD } from '../map/fonts';
import type { Palette } from '../map/themes';

export const PLAN_SOURCES = [
  'plan-faces',
  'plan-moved',
  'plan-ghost',
  'plan-arcs',
  'plan-old',
  'plan-now',
  'plan-names',
  'plan-handles',
  'plan-sketch',
  'plan-found',
  'plan-far',
  'plan-pins',
] as const;
export type PlanSource = (typeof PLAN_SOURCES)[number];

const HUES_LIGHT = ['#d9b45f', '#7fb08a', '#7fa3c9', '#c98f8f', '#a592c4'];
const HUES_DARK = ['#8a6d24', '#3c7550', '#3b6590', '#8a4c4c', '#665188'];

const byRank = (...values: readonly (string | number)[]): ExpressionSpecification =>
  [
    'match',
    ['get', 'rank'],
    ...values.slice(0, -1).flatMap((value, rank) => [rank, value]),
    values.at(-1) ?? 0,
  ] as never;

/** Old is red and new is green, told apart by the dash too. */
export const OLD = { light: '#c01626', dark: '#ff7b84' } as const;
export const NEW = { light: '#0b7a3e', dark: '#35d98a' } as const;

export function planLayers(palette: Palette): LayerSpecification[] {
  const tone = palette.dark ? 'dark' : 'light';
  const hues = palette.dark ? HUES_DARK : HUES_LIGHT;
  const round = { 'line-join': 'round', 'line-cap': 'round' } as const;
  const text = { 'text-font': BOLD, 'text-size': 13, 'text-padding': 4, 'text-max-width': 14 };
  const halo = { 'text-halo-color': palette.halo, 'text-halo-width': 1.8 };
  return [
    {
      id: 'plan-faces',
      type: 'fill',
      source: 'plan-faces',
      paint: {
        'fill-color': ['match', ['get', 'hue'], 0, hues[0], 1, hues[1], 2, hues[2], 3, hues[3], hues[4]] as never,
        'fill-opacity': ['case', ['get', 'chosen'], 0.5, 0.22],
        'fill-antialias': false,
      },
    },
    {
      id: 'plan-moved',
      type: 'fill',
      source: 'plan-moved',
      paint: { 'fill-color': NEW[tone], 'fill-opacity': 0.2 },
    },
    {
      id: 'plan-ghost',
      type: 'line',
      source: 'plan-ghost',
      layout: round,
      paint: { 'line-color': palette.textQuiet, 'line-width': 2, 'line-dasharray': [2, 2] },
    },
    {
      id: 'plan-arcs',
      type: 'line',
      source: 'plan-arcs',
      layout: round,
      paint: {
        'line-color': byRank(palette.microGrid, palette.grid, palette.border, palette.border, palette.mark),
        'line-width': byRank(1.2, 2.2, 3, 3.4, 4),
      },
    },
    {
      id: 'plan-old',
      type: 'line',
      source: 'plan-old',
      layout: round,
      paint: { 'line-color': OLD[tone], 'line-width': 3, 'line-dasharray': [2, 1.5] },
    },
    {
      id: 'plan-now',
      type: 'line',
      source: 'plan-now',
      layout: round,
      paint: { 'line-color': NEW[tone], 'line-width': 3.5 },
    },
    {
      id: 'plan-names',
      type: 'symbol',
      source: 'plan-names',
      layout: { ...text, 'text-field': ['get', 'name'] },
      paint: { 'text-color': palette.text, ...halo },
    },
    {
      id: 'plan-handles',
      type: 'circle',
      source: 'plan-handles',
      paint: {
        'circle-radius': ['case', ['get', 'chosen'], 8, ['get', 'node'], 6, 4],
        'circle-color': ['case', ['get', 'chosen'], palette.accent, ['get', 'node'], palette.mark, palette.halo],
        'circle-stroke-color': ['case', ['get', 'chosen'], palette.halo, ['get', 'node'], palette.halo, palette.mark],
        'circle-stroke-width': 1.6,
      },
    },
    {
      id: 'plan-found',
      type: 'line',
      source: 'plan-found',
      layout: round,
      paint: { 'line-color': palette.states.overdue, 'line-width': 5, 'line-opacity': 0.75 },
    },
    {
      id: 'plan-sketch',
      type: 'line',
      source: 'plan-sketch',
      layout: round,
      paint: { 'line-color': palette.accent, 'line-width': 3, 'line-dasharray': [1.5, 1.5] },
    },
    {
      id: 'plan-sketch-dots',
      type: 'circle',
      source: 'plan-sketch',
      filter: ['==', ['geometry-type'], 'Point'],
      paint: {
        'circle-radius': 5,
        'circle-color': palette.accent,
        'circle-stroke-color': palette.halo,
        'circle-stroke-width': 1.6,
      },
    },
    {
      id: 'plan-far',
      type: 'symbol',
      source: 'plan-far',
      layout: { ...text, 'text-field': ['get', 'text'], 'text-offset': [0, -1], 'text-allow-overlap': true },
      paint: { 'text-color': NEW[tone], ...halo },
    },
    {
      id: 'plan-pins',
      type: 'circle',
      source: 'plan-pins',
      paint: {
        'circle-radius': 11,
        'circle-color': palette.accent,
        'circle-stroke-color': palette.halo,
        'circle-stroke-width': 2,
      },
    },
    {
      id: 'plan-pin-text',
      type: 'symbol',
      source: 'plan-pins',
      layout: { ...text, 'text-size': 12, 'text-field': ['get', 'text'], 'text-allow-overlap': true },
      paint: { 'text-color': palette.halo },
    },
  ];
}
