// Cameras with their true field of view, key places and grid stations.
import type { ExpressionSpecification, FilterSpecification } from '@maplibre/maplibre-gl-style-spec';
import { BOLD, REGULAR } from '../fonts';
import { SECTOR_RADIUS_PX } from '../icons';
import { at, type LayerRecord, type LegendRow } from '../record';
import { CLUSTERS_TO, fade, IS_CLUSTER, metresPerPixel } from './zooms';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The sector's picture has one radius: this scales it to the camera's range on the ground. */
function sectorScale(zoom: number): ExpressionSpecification {
  return ['/', ['min', 120, ['coalesce', ['get', 'range_m'], 50]], metresPerPixel(zoom) * SECTOR_RADIUS_PX];
}

/** Whole steps of 15 degrees: a handful of pictures serves all cameras. */
const FIELD_STEP: ExpressionSpecification = [
  '*',
  15,
  ['max', 1, ['min', 24, ['round', ['/', ['coalesce', ['get', 'field_angle_deg'], 60], 15]]]],
];
const ONLINE: ExpressionSpecification = ['match', ['get', 'status'], 'offline', 'off', 'on'];

const SOME_OFF: ExpressionSpecification = ['all', IS_CLUSTER, ['>', ['coalesce', ['get', 'offline'], 0], 0]];

export const cameras: LayerRecord = {
  id: 'cameras',
  group: 'facilities',
  label: 'layer.cameras',
  shown: true,
  listed: true,
  minzoom: 14,
  legend: (palette, zoom) => {
    const single: LegendRow[] = [
      { label: 'legend.camera_on', swatch: { kind: 'icon', icon: 'camera:on' } },
      { label: 'legend.camera_off', swatch: { kind: 'icon', icon: 'camera:off' } },
    ];
    const several: LegendRow = {
      label: 'legend.camera_cluster',
      swatch: { kind: 'fill', color: palette.camera, edge: palette.cameraOff },
    };
    return zoom < CLUSTERS_TO ? [...single, several] : single;
  },
  layers: ({ palette }) => [
    ...at('a-cone', {
      id: 'camera-sector',
      type: 'symbol',
      source: 'linkage',
      'source-layer': 'camera',
      // Earlier the map would turn to fans.
      minzoom: 16.6,
      filter: ['has', 'azimuth_deg'],
      layout: {
        'icon-image': ['concat', 'sector:', ['to-string', FIELD_STEP], ':', ONLINE],
        'icon-rotate': ['get', 'azimuth_deg'],
        'icon-rotation-alignment': 'map',
        'icon-pitch-alignment': 'map',
        'icon-size': ['interpolate', ['exponential', 2], ['zoom'], 15, sectorScale(15), 20, sectorScale(20)],
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
      },
      paint: {
        'icon-opacity': fade([
          [16.6, 0],
          [17.2, 0.55],
        ]),
      },
    }),
    ...at(
      'a-point',
      {
        id: 'camera-dot',
        type: 'circle',
        source: 'linkage',
        'source-layer': 'camera',
        minzoom: 14,
        maxzoom: 16.2,
        paint: {
          // Several that lie close together are one larger dot.
          'circle-radius': fade([
            [14, ['case', IS_CLUSTER, 6.5, 1.4]],
            [16.2, ['case', IS_CLUSTER, 8, 3.4]],
          ]),
          'circle-color': ['match', ['get', 'status'], 'offline', palette.cameraOff, palette.camera],
          'circle-stroke-color': ['case', SOME_OFF, palette.cameraOff, palette.halo],
          'circle-stroke-width': ['case', SOME_OFF, 1.8, 0.8],
        },
      },
      {
        id: 'camera-mark',
        type: 'symbol',
        source: 'linkage',
        'source-layer': 'camera',
        minzoom: 16.2,
        filter: ['!', IS_CLUSTER] as FilterSpecification,
        layout: {
          'icon-image': ['concat', 'camera:', ONLINE],
          'icon-size': fade([
            [16.2, 0.55],
            [18, 0.85],
          ]),
          'icon-allow-overlap': true,
          'icon-ignore-placement': true,
        },
      },
    ),
    ...at('a-count', {
      id: 'camera-cluster-count',
      type: 'symbol',
      source: 'linkage',
      'source-layer': 'camera',
      minzoom: 14,
      maxzoom: CLUSTERS_TO,
      filter: IS_CLUSTER as FilterSpecification,
      layout: {
        'text-field': ['to-string', ['get', 'point_count']],
        'text-font': BOLD,
        'text-size': 10,
        'text-allow-overlap': true,
        'text-ignore-placement': true,
      },
      paint: { 'text-color': palette.halo },
    }),
  ],
  hits: {
    layers: ['camera-mark', 'camera-dot'],
    tell: (properties) => ({
      title: text(properties['name']),
      detail: properties['cluster'] === true ? String(properties['point_count']) : text(properties['gb_id']),
    }),
  },
};

/** Cameras by unit, for the scales at which single ones are too many. */
export const cameraCounts: LayerRecord = {
  id: 'camera_counts',
  group: 'facilities',
  label: 'layer.camera_counts',
  shown: false,
  listed: true,
  minzoom: 8,
  legend: () => [{ label: 'layer.camera_counts', swatch: { kind: 'icon', icon: 'camera:on' } }],
  layers: ({ palette }) => [
    ...at('a-count', {
      id: 'camera-count',
      type: 'symbol',
      source: 'linkage',
      'source-layer': 'camera_count',
      minzoom: 8,
      maxzoom: 13,
      layout: {
        'icon-image': ['case', ['>', ['get', 'offline'], 0], 'camera:off', 'camera:on'],
        'icon-size': 0.5,
        'text-field': ['to-string', ['+', ['get', 'online'], ['get', 'offline'], ['get', 'unknown']]],
        'text-font': BOLD,
        'text-size': 10,
        'text-anchor': 'left',
        'text-offset': [0.8, 0],
      },
      paint: { 'text-color': palette.text, 'text-halo-color': palette.halo, 'text-halo-width': 1.2 },
    }),
  ],
};

/** There are many of these, and nobody looks for them by name. */
const MINOR: ExpressionSpecification = ['match', ['get', 'kind'], ['hydrant', 'public_toilet'], true, false];

export const keyPlaces: LayerRecord = {
  id: 'key_places',
  group: 'facilities',
  label: 'layer.key_places',
  shown: true,
  listed: true,
  minzoom: 14,
  legend: () => [
    { label: 'kind.school', swatch: { kind: 'icon', icon: 'place:school' } },
    { label: 'kind.hospital', swatch: { kind: 'icon', icon: 'place:hospital' } },
    { label: 'kind.market', swatch: { kind: 'icon', icon: 'place:market' } },
    { label: 'legend.key_place', swatch: { kind: 'icon', icon: 'place:other' } },
  ],
  layers: ({ palette }) => [
    ...at('a-point', {
      id: 'key-place-mark',
      type: 'symbol',
      source: 'linkage',
      'source-layer': 'key_place',
      minzoom: 14,
      filter: ['any', ['>=', ['zoom'], 16.5], ['!', MINOR]] as unknown as FilterSpecification,
      layout: {
        'icon-image': ['concat', 'place:', ['coalesce', ['get', 'kind'], 'other']],
        'icon-size': fade([
          [14, ['case', MINOR, 0.5, 0.75]],
          [17, ['case', MINOR, 0.62, 1]],
        ]),
        'icon-padding': 3,
        'text-field': [
          'step',
          ['zoom'],
          '',
          15.5,
          ['case', MINOR, '', ['coalesce', ['get', 'name'], '']],
          18.5,
          ['coalesce', ['get', 'name'], ''],
        ],
        'text-font': REGULAR,
        'text-size': fade([
          [15, 11],
          [18, 12.5],
        ]),
        'text-variable-anchor': ['left', 'right', 'bottom', 'top'],
        'text-radial-offset': 1,
        'text-justify': 'auto',
        'text-optional': true,
        'text-max-width': 9,
        'text-padding': 4,
      },
      paint: { 'text-color': palette.keyPlace, 'text-halo-color': palette.halo, 'text-halo-width': 1.4 },
    }),
  ],
  hits: {
    layers: ['key-place-mark'],
    tell: (properties) => ({ title: text(properties['name']), detail: text(properties['code']) }),
  },
};

export const stations: LayerRecord = {
  id: 'grid_stations',
  group: 'facilities',
  label: 'layer.grid_stations',
  shown: true,
  listed: true,
  minzoom: 15,
  legend: () => [{ label: 'layer.grid_stations', swatch: { kind: 'icon', icon: 'station' } }],
  layers: ({ palette }) => [
    ...at('a-point', {
      id: 'station-mark',
      type: 'symbol',
      source: 'linkage',
      'source-layer': 'grid_station',
      minzoom: 15,
      layout: {
        'icon-image': 'station',
        'icon-size': fade([
          [15, 0.7],
          [17, 0.95],
        ]),
        'text-field': ['step', ['zoom'], '', 16.5, ['coalesce', ['get', 'name'], '']],
        'text-font': BOLD,
        'text-size': 11,
        'text-variable-anchor': ['left', 'right', 'bottom', 'top'],
        'text-radial-offset': 1,
        'text-optional': true,
        'text-max-width': 9,
      },
      paint: { 'text-color': palette.station, 'text-halo-color': palette.halo, 'text-halo-width': 1.4 },
    }),
  ],
  hits: {
    layers: ['station-mark'],
    tell: (properties) => ({ title: text(properties['name']), detail: text(properties['code']) }),
  },
};

export const placeNames: LayerRecord = {
  id: 'place_names',
  group: 'ground',
  label: 'layer.place_names',
  shown: true,
  listed: true,
  minzoom: 13.5,
  legend: () => [],
  layers: ({ palette }) => [
    ...at('a-label', {
      id: 'place-name',
      type: 'symbol',
      source: 'base',
      'source-layer': 'place_label',
      minzoom: 13.5,
      // Towns and villages are named by their units, once.
      filter: ['match', ['get', 'kind'], ['town', 'village'], false, true] as unknown as FilterSpecification,
      layout: {
        'text-field': ['coalesce', ['get', 'name_break'], ['get', 'name']],
        'text-font': REGULAR,
        'text-size': fade([
          [13.5, 11],
          [17, 13],
        ]),
        'text-max-width': 9,
        'text-padding': 8,
        'symbol-sort-key': ['coalesce', ['get', 'rank'], 9],
      },
      paint: { 'text-color': palette.textQuiet, 'text-halo-color': palette.halo, 'text-halo-width': 1.4 },
    }),
  ],
};
