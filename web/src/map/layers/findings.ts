// Findings: what grid workers reported, small marks beside the cases; below z13 counted by unit.
import { REGULAR } from '../fonts';
import { at, type LayerRecord } from '../record';
import { fade, IS_CLUSTER } from './zooms';

const COUNTS_TO = 13;
const MARKS_FROM = 14.5;

export const findings: LayerRecord = {
  id: 'findings',
  group: 'work',
  label: 'layer.findings',
  shown: false,
  listed: true,
  minzoom: 8,
  legend: (_palette, zoom) => [
    zoom < COUNTS_TO
      ? { label: 'legend.finding_dot', swatch: { kind: 'icon', icon: 'dot:new' } }
      : { label: 'layer.findings', swatch: { kind: 'icon', icon: 'finding' } },
  ],
  layers: ({ palette }) => [
    ...at(
      'a-point',
      {
        id: 'finding-dot-count',
        type: 'circle',
        source: 'linkage',
        'source-layer': 'finding_count',
        minzoom: 8,
        maxzoom: COUNTS_TO,
        filter: ['>', ['get', 'open'], 0],
        paint: {
          'circle-color': palette.states.new,
          'circle-radius': fade([
            [8, ['+', 0.8, ['*', 0.35, ['sqrt', ['get', 'open']]]]],
            [COUNTS_TO, ['+', 1.6, ['*', 0.9, ['sqrt', ['get', 'open']]]]],
          ]),
          'circle-opacity': 0.75,
          'circle-stroke-color': palette.halo,
          'circle-stroke-width': 0.8,
          // Beside the dot of the cases of the same unit.
          'circle-translate': [7, 5],
        },
      },
      {
        id: 'finding-mark',
        type: 'symbol',
        source: 'linkage',
        'source-layer': 'finding',
        minzoom: MARKS_FROM,
        layout: {
          'icon-image': 'finding',
          'icon-size': fade([
            [MARKS_FROM, 0.5],
            [17, 0.8],
          ]),
          'icon-padding': 1,
          // Several that lie close together: one mark with their number.
          'text-field': ['case', IS_CLUSTER, ['to-string', ['get', 'point_count']], ''],
          'text-font': REGULAR,
          'text-size': 10,
          'text-anchor': 'left',
          'text-offset': [0.7, 0],
          'text-optional': true,
        },
        paint: { 'text-color': palette.text, 'text-halo-color': palette.halo, 'text-halo-width': 1.2 },
      },
    ),
  ],
  hits: {
    layers: ['finding-mark'],
    tell: (properties) => ({
      title: String(properties['title'] ?? ''),
      detail: String(properties['finding_no'] ?? properties['point_count'] ?? ''),
    }),
  },
};
