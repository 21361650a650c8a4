// Roads: casings below all surfaces, classes from the lane up, names along the line.
import type {
  ExpressionSpecification,
  FilterSpecification,
  LayerSpecification,
} from '@maplibre/maplibre-gl-style-spec';
import { REGULAR } from '../fonts';
import { at, type LayerRecord } from '../record';
import type { Palette } from '../themes';
import { fade, grow, type Stops } from './zooms';

interface RoadClass {
  readonly name: 'motorway' | 'trunk' | 'main' | 'street' | 'lane';
  readonly minzoom: number;
  readonly width: Stops;
  /** From this zoom on a surface is drawn inside the casing. */
  readonly cased: number;
}

/** From the least to the greatest: later ones are drawn above. */
const CLASSES: readonly RoadClass[] = [
  {
    name: 'lane',
    minzoom: 13,
    cased: 14.5,
    width: [
      [13, 0.5],
      [14, 0.9],
      [15, 2.2],
      [16, 4.2],
      [18, 12],
      [20, 36],
    ],
  },
  {
    name: 'street',
    minzoom: 12,
    cased: 13.5,
    width: [
      [12, 0.5],
      [13, 1.1],
      [14, 2.6],
      [16, 8],
      [18, 20],
      [20, 60],
    ],
  },
  {
    name: 'main',
    minzoom: 10,
    cased: 11.5,
    width: [
      [10, 0.7],
      [12, 1.8],
      [13, 2.8],
      [14, 4.4],
      [16, 11],
      [18, 26],
      [20, 80],
    ],
  },
  {
    name: 'trunk',
    minzoom: 8,
    cased: 10.5,
    width: [
      [8, 0.7],
      [10, 1.6],
      [12, 2.8],
      [14, 6],
      [16, 14],
      [18, 32],
      [20, 100],
    ],
  },
  {
    name: 'motorway',
    minzoom: 7,
    cased: 9.5,
    width: [
      [7, 0.8],
      [10, 2],
      [12, 3.4],
      [14, 7],
      [16, 16],
      [18, 36],
      [20, 110],
    ],
  },
];

const EDGE_PX = 1.5;

/** The widths of the casing: the surface and an edge on both sides. */
function cased(width: Stops): Stops {
  return width.map(([zoom, value]) => [zoom, (value as number) + (zoom < 13 ? 0.9 : EDGE_PX)] as const);
}

const isClass = (name: string): FilterSpecification => ['==', ['get', 'class'], name];
const PATHS: FilterSpecification = [
  'match',
  ['get', 'class'],
  ['track', 'path'],
  true,
  false,
] as unknown as FilterSpecification;
const SHAPE = { 'line-cap': 'round', 'line-join': 'round' } as const;

function casing(road: RoadClass, palette: Palette): LayerSpecification {
  return {
    id: `road-${road.name}-casing`,
    type: 'line',
    source: 'base',
    'source-layer': 'road',
    minzoom: road.minzoom,
    filter: isClass(road.name),
    layout: SHAPE,
    paint: {
      'line-color': palette.dark
        ? ['step', ['zoom'], palette[road.name].fill, road.cased, palette[road.name].casing]
        : palette[road.name].casing,
      'line-width': [
        'interpolate',
        ['exponential', 1.5],
        ['zoom'],
        ...cased(road.width).flatMap(([zoom, value], i) => [
          zoom,
          zoom < road.cased ? (road.width[i]?.[1] ?? value) : value,
        ]),
      ] as unknown as ExpressionSpecification,
    },
  };
}

function surface(road: RoadClass, palette: Palette): LayerSpecification {
  return {
    id: `road-${road.name}`,
    type: 'line',
    source: 'base',
    'source-layer': 'road',
    minzoom: road.cased,
    filter: isClass(road.name),
    layout: SHAPE,
    paint: { 'line-color': palette[road.name].fill, 'line-width': grow(road.width) },
  };
}

/** A bridge cuts through the casing below it with a darker edge of its own. */
function bridges(palette: Palette): LayerSpecification {
  return {
    id: 'road-bridge',
    type: 'line',
    source: 'base',
    'source-layer': 'road',
    minzoom: 14.5,
    filter: ['==', ['get', 'bridge'], true],
    layout: { 'line-cap': 'butt', 'line-join': 'round' },
    paint: {
      'line-color': palette.dark ? '#4b5b6e' : '#a89f8f',
      'line-width': 1,
      'line-gap-width': [
        'interpolate',
        ['exponential', 1.5],
        ['zoom'],
        14,
        ['match', ['get', 'class'], 'motorway', 8, 'trunk', 7, 'main', 5.4, 'street', 3.6, 2],
        16,
        ['match', ['get', 'class'], 'motorway', 17, 'trunk', 15, 'main', 12, 'street', 9, 5],
        18,
        ['match', ['get', 'class'], 'motorway', 37, 'trunk', 33, 'main', 27, 'street', 21, 13],
        20,
        ['match', ['get', 'class'], 'motorway', 111, 'trunk', 101, 'main', 81, 'street', 61, 37],
      ],
    },
  };
}

function names(
  id: string,
  classes: readonly string[],
  minzoom: number,
  size: Stops,
  palette: Palette,
): LayerSpecification {
  return {
    id,
    type: 'symbol',
    source: 'base',
    'source-layer': 'road',
    minzoom,
    filter: [
      'all',
      ['has', 'name'],
      ['match', ['get', 'class'], classes, true, false],
    ] as unknown as FilterSpecification,
    layout: {
      'symbol-placement': 'line',
      'symbol-spacing': 360,
      'text-field': ['get', 'name'],
      'text-font': REGULAR,
      'text-size': fade(size),
      'text-padding': 10,
      'text-max-angle': 28,
      'text-letter-spacing': 0.06,
    },
    paint: { 'text-color': palette.roadText, 'text-halo-color': palette.halo, 'text-halo-width': 1.5 },
  };
}

export const roads: LayerRecord = {
  id: 'roads',
  group: 'ground',
  label: 'layer.roads',
  shown: true,
  listed: true,
  minzoom: 7,
  legend: (palette) => [
    { label: 'legend.trunk', swatch: { kind: 'line', color: palette.trunk.fill, width: 4 } },
    { label: 'legend.street', swatch: { kind: 'line', color: palette.street.fill, width: 3 } },
  ],
  layers: ({ palette }) => [
    ...at(
      'a-road',
      {
        id: 'road-path',
        type: 'line',
        source: 'base',
        'source-layer': 'road',
        minzoom: 15,
        filter: PATHS,
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': palette.path,
          'line-width': grow([
            [15, 0.7],
            [18, 2.4],
          ]),
          'line-dasharray': [3, 1.6],
        },
      },
      ...CLASSES.map((road) => casing(road, palette)),
      ...CLASSES.map((road) => surface(road, palette)),
      bridges(palette),
    ),
    ...at(
      'a-ground-label',
      names(
        'road-name-main',
        ['motorway', 'trunk', 'main'],
        12.5,
        [
          [12, 10.5],
          [16, 13],
          [19, 15],
        ],
        palette,
      ),
      names(
        'road-name-street',
        ['street'],
        15,
        [
          [15, 10.5],
          [19, 14],
        ],
        palette,
      ),
      names(
        'road-name-lane',
        ['lane', 'track'],
        16.2,
        [
          [16, 10.5],
          [19, 13],
        ],
        palette,
      ),
    ),
  ],
};
