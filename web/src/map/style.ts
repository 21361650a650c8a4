// The style: theme, layers and selection in, MapLibre style out; a pure function, so that a change is a difference.
import type { LayerSpecification, SourceSpecification, StyleSpecification } from '@maplibre/maplibre-gl-style-spec';
import { ANCHORS, type Anchor } from './anchors';
import { fontFaces } from './fonts';
import { MARKS, NOTHING_SELECTED, selectionLayers, type Selection } from './layers/selection';
import type { AnchoredLayer, LayerRecord, Scene } from './record';
import { REGISTRY } from './registry';
import { THEMES, type ThemeName } from './themes';

/** The tilesets of the server that the style draws. */
export const TILESETS = ['base', 'boundary', 'building', 'linkage'] as const;
export type Tileset = (typeof TILESETS)[number];

export interface Look {
  readonly theme: ThemeName;
  readonly relief: boolean;
  /** Ids of the records that are switched on. */
  readonly shown: readonly string[];
  readonly selection: Selection;
}

/** Sources by their TileJSON address: how the style is published. */
export function publishedSources(): Record<string, SourceSpecification> {
  return Object.fromEntries(TILESETS.map((name) => [name, { type: 'vector', url: `/tiles/${name}` }]));
}

/** Anchors in which the earlier record lies on top: a town's border covers those of its grids, its name wins. */
const TURNED: ReadonlySet<Anchor> = new Set(['a-border', 'a-ground-label', 'a-label']);

/**
 * Puts each layer below the anchor it belongs to. Within an anchor the order is the registry's, or
 * turned round where the earlier record is the more important one.
 */
function stack(layers: readonly AnchoredLayer[]): LayerSpecification[] {
  return ANCHORS.flatMap((anchor) => {
    const own = layers.filter((entry) => entry.anchor === anchor).map((entry) => entry.layer);
    if (TURNED.has(anchor)) own.reverse();
    return [...own, { id: anchor, type: 'background', layout: { visibility: 'none' } } satisfies LayerSpecification];
  });
}

function isOn(record: LayerRecord, shown: readonly string[]): boolean {
  return record.listed ? shown.includes(record.id) : true;
}

export function buildStyle(look: Look, sources: Record<string, SourceSpecification>): StyleSpecification {
  const scene: Scene = { palette: THEMES[look.theme], relief: look.relief };
  const layers = [
    ...REGISTRY.filter((record) => isOn(record, look.shown)).flatMap((record) => record.layers(scene)),
    ...selectionLayers(scene, look.selection),
  ];
  return {
    version: 8,
    name: `cim-${look.theme}`,
    metadata: { 'cim:theme': look.theme },
    'font-faces': fontFaces(),
    light: {
      anchor: 'viewport',
      color: '#ffffff',
      intensity: look.theme === 'dark' ? 0.25 : 0.22,
      position: [1.2, 200, 35],
    },
    sources: { ...sources, [MARKS]: { type: 'geojson', data: look.selection.marks } },
    layers: stack(layers),
  };
}

/** The style as it is published under `styles/`: everything on, nothing selected, addresses instead of tiles. */
export function publishedStyle(theme: ThemeName): StyleSpecification {
  const look: Look = { theme, relief: true, shown: REGISTRY.map((record) => record.id), selection: NOTHING_SELECTED };
  const style = buildStyle(look, publishedSources());
  const ours = new Set(['pin', 'plate', 'spoke', ...ANCHORS]);
  delete style.sources[MARKS];
  return { ...style, layers: style.layers.filter((layer) => !ours.has(layer.id)) };
}
