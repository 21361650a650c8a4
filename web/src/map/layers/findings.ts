// Findings: what grid workers reported, small marks beside the cases.
import { at, type LayerRecord } from '../record';
import { fade } from './zooms';

export const findings: LayerRecord = {
  id: 'findings',
  group: 'work',
  label: 'layer.findings',
  shown: false,
  listed: true,
  minzoom: 14.5,
  legend: () => [{ label: 'layer.findings', swatch: { kind: 'icon', icon: 'finding' } }],
  layers: () => [
    ...at('a-point', {
      id: 'finding-mark',
      type: 'symbol',
      source: 'linkage',
      'source-layer': 'finding',
      minzoom: 14.5,
      layout: {
        'icon-image': 'finding',
        'icon-size': fade([
          [14.5, 0.5],
          [17, 0.8],
        ]),
        'icon-padding': 1,
      },
    }),
  ],
  hits: {
    layers: ['finding-mark'],
    tell: (properties) => ({
      title: String(properties['title'] ?? ''),
      detail: String(properties['finding_no'] ?? ''),
    }),
  },
};
