// Cases: marks by state from z13, those that lie close together as one ring up to z16, counts by unit below; shape and colour both tell the state.
import type {
  ExpressionSpecification,
  FilterSpecification,
  SymbolLayerSpecification,
} from '@maplibre/maplibre-gl-style-spec';
import { CLOSED_WORDS, NEW_WORDS } from '../../api/case_state';
import { BOLD, REGULAR } from '../fonts';
import { at, type LayerRecord, type LegendRow } from '../record';
import { CASE_STATES, type CaseState } from '../themes';
import { CLUSTERS_TO, fade, IS_CLUSTER } from './zooms';

const IS_CLOSED: ExpressionSpecification = ['match', ['get', 'state'], [...CLOSED_WORDS], true, false];
const IS_OVERDUE: ExpressionSpecification = ['==', ['get', 'overdue'], true];

/** The state as the map tells it, in the order in which one fact outweighs another. */
const STATE: ExpressionSpecification = [
  'case',
  IS_CLOSED,
  'closed',
  IS_OVERDUE,
  'overdue',
  ['==', ['get', 'due_soon'], true],
  'due',
  ['match', ['get', 'state'], [...NEW_WORDS], true, false],
  'new',
  'doing',
];
/** Overdue first, then due, new, doing, closed: the first one keeps its place where marks collide. */
const RANK: ExpressionSpecification = ['match', STATE, 'overdue', 0, 'due', 1, 'new', 2, 'doing', 3, 4];

/** Below: a dot a grid, as large as its open work; then a ring with the number; then every case. */
const RINGS_FROM = 12.2;
const MARKS_FROM = 13;

const label = (state: CaseState) => `state.${state}` as const;

/** How much of the open work of a grid is overdue, in quarters. */
const OVERDUE_QUARTERS: ExpressionSpecification = [
  'case',
  ['<=', ['coalesce', ['get', 'overdue'], 0], 0],
  0,
  ['max', 1, ['round', ['*', 4, ['/', ['get', 'overdue'], ['max', 1, ['get', 'open']]]]]],
];
const HAS_OPEN: ExpressionSpecification = ['>', ['coalesce', ['get', 'open'], 0], 0];

/** A ring with the number of open cases; red: the share that is overdue. */
const RING = {
  'icon-image': ['concat', 'count:', ['step', ['get', 'open'], 0, 10, 1, 50, 2], ':', OVERDUE_QUARTERS],
  'text-field': ['step', ['get', 'open'], ['to-string', ['get', 'open']], 1000, '999+'],
  'text-font': BOLD,
  'text-size': 11,
} satisfies SymbolLayerSpecification['layout'];
const URGENCY: ExpressionSpecification = [
  '+',
  ['*', 1000, ['coalesce', ['get', 'overdue'], 0]],
  ['coalesce', ['get', 'open'], 0],
];

function tell(properties: Readonly<Record<string, unknown>>) {
  const word = (name: string) => String(properties[name] ?? '');
  const category = word('category_code');
  return { title: word('title'), detail: word('case_no'), ...(category === '' ? {} : { category }) };
}

export const cases: LayerRecord = {
  id: 'cases',
  group: 'work',
  label: 'layer.cases',
  shown: true,
  listed: true,
  minzoom: 8,
  legend: (_palette, zoom) => {
    if (zoom < RINGS_FROM) {
      return [
        { label: 'legend.case_dot', swatch: { kind: 'icon', icon: 'dot:doing' } },
        { label: 'legend.case_dot_overdue', swatch: { kind: 'icon', icon: 'dot:overdue' } },
      ];
    }
    if (zoom < MARKS_FROM) return [{ label: 'legend.case_count', swatch: { kind: 'icon', icon: 'count:1:1' } }];
    const marks = CASE_STATES.filter((state) => state !== 'closed').map((state): LegendRow => ({
      label: label(state),
      swatch: { kind: 'icon', icon: `case:${state}` },
    }));
    const ring: LegendRow = { label: 'legend.case_cluster', swatch: { kind: 'icon', icon: 'count:1:1' } };
    return zoom < CLUSTERS_TO ? [...marks, ring] : marks;
  },
  layers: ({ palette }) => [
    ...at(
      'a-point',
      {
        id: 'case-dot-count',
        type: 'circle',
        source: 'linkage',
        'source-layer': 'case_count',
        minzoom: 8,
        maxzoom: RINGS_FROM,
        filter: HAS_OPEN as FilterSpecification,
        layout: { 'circle-sort-key': ['get', 'overdue'] },
        paint: {
          'circle-color': [
            'case',
            ['>', ['coalesce', ['get', 'overdue'], 0], 0],
            palette.states.overdue,
            palette.states.doing,
          ],
          'circle-radius': [
            'interpolate',
            ['linear'],
            ['zoom'],
            8,
            ['+', 0.8, ['*', 0.35, ['sqrt', ['get', 'open']]]],
            RINGS_FROM,
            ['+', 1.6, ['*', 0.9, ['sqrt', ['get', 'open']]]],
          ],
          'circle-opacity': 0.75,
          'circle-stroke-color': palette.halo,
          'circle-stroke-width': 0.8,
        },
      },
      {
        id: 'case-mark',
        type: 'symbol',
        source: 'linkage',
        'source-layer': 'case',
        minzoom: 13,
        filter: ['all', ['!', IS_CLUSTER], ['!', IS_CLOSED]] as FilterSpecification,
        layout: {
          'icon-image': ['concat', 'case:', STATE],
          'icon-size': fade([
            [13, ['match', STATE, 'overdue', 0.62, 0.46]],
            [15, ['match', STATE, 'overdue', 1.1, 0.8]],
            [17, ['match', STATE, 'overdue', 1.25, 1]],
          ]),
          'icon-allow-overlap': true,
          'icon-ignore-placement': true,
          'icon-padding': 0,
          'symbol-sort-key': RANK,
          'symbol-z-order': 'source',
        },
      },
    ),
    ...at(
      'a-count',
      {
        id: 'case-ring-count',
        type: 'symbol',
        source: 'linkage',
        'source-layer': 'case_count',
        minzoom: RINGS_FROM,
        maxzoom: MARKS_FROM,
        filter: HAS_OPEN as FilterSpecification,
        layout: { ...RING, 'icon-padding': 1, 'symbol-sort-key': ['-', 0, URGENCY] },
        paint: { 'text-color': palette.text },
      },
      {
        id: 'case-cluster',
        type: 'symbol',
        source: 'linkage',
        'source-layer': 'case',
        minzoom: MARKS_FROM,
        maxzoom: CLUSTERS_TO,
        filter: ['all', IS_CLUSTER, HAS_OPEN] as FilterSpecification,
        // Nothing may vanish where rings meet: the most urgent lie on top.
        layout: {
          ...RING,
          'icon-size': 0.9,
          'text-size': 10,
          'icon-allow-overlap': true,
          'text-allow-overlap': true,
          'icon-ignore-placement': true,
          'text-ignore-placement': true,
          'symbol-sort-key': URGENCY,
        },
        paint: { 'text-color': palette.text },
      },
    ),
  ],
  hits: {
    layers: ['case-mark'],
    tell,
  },
};

export const closedCases: LayerRecord = {
  id: 'closed_cases',
  group: 'work',
  label: 'layer.closed_cases',
  shown: false,
  listed: true,
  minzoom: 14,
  legend: () => [{ label: 'state.closed', swatch: { kind: 'icon', icon: 'case:closed' } }],
  layers: ({ palette }) => [
    ...at('a-point', {
      id: 'case-closed-mark',
      type: 'symbol',
      source: 'linkage',
      'source-layer': 'case',
      minzoom: 14,
      filter: ['any', IS_CLOSED, ['all', IS_CLUSTER, ['!', HAS_OPEN]]] as FilterSpecification,
      layout: {
        'icon-image': 'case:closed',
        'icon-size': fade([
          [14, 0.4],
          [17, 0.7],
        ]),
        'icon-padding': 0,
        // Several that lie close together: one mark with their number.
        'text-field': ['case', IS_CLUSTER, ['to-string', ['get', 'point_count']], ''],
        'text-font': REGULAR,
        'text-size': 10,
        'text-anchor': 'left',
        'text-offset': [0.6, 0],
        'text-optional': true,
      },
      paint: { 'text-color': palette.textQuiet, 'text-halo-color': palette.halo, 'text-halo-width': 1 },
    }),
  ],
  hits: {
    layers: ['case-closed-mark'],
    tell,
  },
};
