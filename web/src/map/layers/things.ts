// How a thing, what sees it and the hot spots are drawn: sectors cut by walls, sight lines, outlines, and a veil.
import type { ExpressionSpecification, FilterSpecification } from '@maplibre/maplibre-gl-style-spec';
import { BOLD } from '../fonts';
import { type AnchoredLayer, at, type Scene } from '../record';
import { type Extras, MARKS } from './selection';

const role = (name: string): FilterSpecification => ['==', ['get', 'role'], name];
const both = (name: string, sight: string): FilterSpecification => [
  'all',
  ['==', ['get', 'role'], name],
  ['==', ['get', 'sight'], sight],
];
const ACTIVE: ExpressionSpecification = ['==', ['get', 'active'], true];

/** What a camera sees, what walls hide from it, and what is only assumed. */
function sectors({ palette }: Scene): AnchoredLayer[] {
  const edge = { type: 'line', source: MARKS } as const;
  return at(
    'a-cone',
    {
      id: 'view-clear',
      type: 'fill',
      source: MARKS,
      filter: both('view', 'clear'),
      paint: { 'fill-color': palette.camera, 'fill-opacity': 0.3 },
    },
    {
      id: 'view-assumed',
      type: 'fill',
      source: MARKS,
      filter: both('view', 'assumed'),
      paint: { 'fill-color': palette.camera, 'fill-opacity': 0.12 },
    },
    { ...edge, id: 'view-clear-edge', filter: both('view', 'clear'), paint: { 'line-color': palette.camera } },
    {
      ...edge,
      id: 'view-assumed-edge',
      filter: both('view', 'assumed'),
      paint: { 'line-color': palette.camera, 'line-dasharray': [1, 2] },
    },
    {
      id: 'view-blocked',
      type: 'fill',
      source: MARKS,
      filter: both('view', 'blocked'),
      paint: { 'fill-color': palette.textQuiet, 'fill-opacity': 0.14 },
    },
    {
      ...edge,
      id: 'view-blocked-edge',
      filter: both('view', 'blocked'),
      paint: { 'line-color': palette.textQuiet, 'line-dasharray': [4, 3] },
    },
  );
}

/** Solid: seen; broken, with a cross at the wall: stopped; dotted: nobody knows for sure. */
function sightLines({ palette }: Scene): AnchoredLayer[] {
  const width: ExpressionSpecification = ['case', ACTIVE, 4, 2];
  const line = (sight: string, color: string, dash?: number[]) => ({
    id: `sight-${sight}`,
    type: 'line' as const,
    source: MARKS,
    filter: both('sight', sight),
    paint: { 'line-color': color, 'line-width': width, ...(dash ? { 'line-dasharray': dash } : {}) },
  });
  return at(
    'a-select',
    line('clear', palette.camera),
    line('blocked', palette.states.overdue, [4, 3]),
    line('assumed', palette.camera, [1, 2]),
    {
      id: 'sight-cross',
      type: 'symbol',
      source: MARKS,
      filter: role('cross'),
      layout: {
        'text-field': '×',
        'text-font': BOLD,
        'text-size': 26,
        'text-allow-overlap': true,
        'text-ignore-placement': true,
      },
      paint: { 'text-color': palette.states.overdue, 'text-halo-color': palette.halo, 'text-halo-width': 2 },
    },
  );
}

/** Hot spots as circles with their rank, and the ground of a unit. */
function areas({ palette }: Scene): AnchoredLayer[] {
  return [
    ...at(
      'a-select',
      {
        id: 'spot-area',
        type: 'fill',
        source: MARKS,
        filter: role('spot'),
        paint: { 'fill-color': palette.states.overdue, 'fill-opacity': ['case', ACTIVE, 0.18, 0.1] },
      },
      {
        id: 'spot-edge',
        type: 'line',
        source: MARKS,
        filter: role('spot'),
        paint: { 'line-color': palette.states.overdue, 'line-width': ['case', ACTIVE, 4, 1.5] },
      },
      {
        id: 'outline-area',
        type: 'fill',
        source: MARKS,
        filter: role('outline'),
        paint: { 'fill-color': palette.accent, 'fill-opacity': 0.1 },
      },
      {
        id: 'outline',
        type: 'line',
        source: MARKS,
        filter: role('outline'),
        layout: { 'line-join': 'round' },
        paint: { 'line-color': palette.accent, 'line-width': 4 },
      },
      {
        id: 'ring',
        type: 'line',
        source: MARKS,
        filter: role('ring'),
        paint: { 'line-color': palette.accent, 'line-width': 1, 'line-dasharray': [6, 4] },
      },
    ),
    ...at('a-top', {
      id: 'spot-rank',
      type: 'symbol',
      source: MARKS,
      filter: role('spot-rank'),
      layout: {
        'icon-image': ['case', ACTIVE, 'plate:active', 'plate:quiet'],
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
        'text-field': ['get', 'label'],
        'text-font': BOLD,
        'text-size': ['case', ACTIVE, 14, 11],
        'text-allow-overlap': true,
        'text-ignore-placement': true,
      },
      paint: { 'text-color': palette.halo },
    }),
  ];
}

function building({ palette }: Scene, code: string): AnchoredLayer[] {
  const footprint = { source: 'building', 'source-layer': 'building', filter: ['==', ['get', 'code'], code] };
  return at('a-select', {
    ...(footprint as { source: string; 'source-layer': string; filter: FilterSpecification }),
    id: 'selected-building',
    type: 'line',
    layout: { 'line-join': 'round' },
    paint: { 'line-color': palette.accent, 'line-width': 3 },
  });
}

/** Lies on everything that is not about the thing. */
const veil = ({ palette }: Scene): AnchoredLayer[] =>
  at('a-name', {
    id: 'veil',
    type: 'background',
    paint: { 'background-color': palette.ground, 'background-opacity': 0.68 },
  });

const made = new Map<string, Extras>();

/** The layers of a drawing; asked twice for the same, it is the same function. */
export function thingLayers(faded: boolean, buildingCode: string | null = null): Extras {
  const key = `${faded} ${buildingCode}`;
  let layers = made.get(key);
  if (layers === undefined) {
    if (made.size > 16) made.clear();
    layers = (scene) => [
      ...(faded ? veil(scene) : []),
      ...sectors(scene),
      ...areas(scene),
      ...(buildingCode === null ? [] : building(scene, buildingCode)),
      ...sightLines(scene),
    ];
    made.set(key, layers);
  }
  return layers;
}
