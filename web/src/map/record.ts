// What a layer is: one record that the map, the layer list, the legend and the hit test all read.
import type { LayerSpecification } from '@maplibre/maplibre-gl-style-spec';
import type { Key } from '../i18n/zh-CN';
import type { Anchor } from './anchors';
import type { Palette } from './themes';

/** The groups of the layer list, in its order. */
export const GROUPS = ['grids', 'work', 'facilities', 'ground'] as const;
export type Group = (typeof GROUPS)[number];

/** A swatch of the legend: drawn with the colours of the theme that the map has. */
export type Swatch =
  | { readonly kind: 'icon'; readonly icon: string }
  | { readonly kind: 'line'; readonly color: string; readonly width: number; readonly dash?: boolean }
  | { readonly kind: 'fill'; readonly color: string; readonly edge: string };

export interface LegendRow {
  readonly label: Key;
  readonly swatch: Swatch;
}

export interface AnchoredLayer {
  readonly anchor: Anchor;
  readonly layer: LayerSpecification;
}

/** What the map's look depends on besides the theme. */
export interface Scene {
  readonly palette: Palette;
  /** Buildings stand up. */
  readonly relief: boolean;
}

/** A thing under the pointer, told in the words of its record. */
export interface Hit {
  readonly record: string;
  readonly label: Key;
  readonly title: string;
  readonly detail: string;
  /** The class of a case, by which departments are chosen. */
  readonly category?: string;
}

export interface LayerRecord {
  readonly id: string;
  readonly group: Group;
  readonly label: Key;
  /** Shown before anybody touches the layer list. */
  readonly shown: boolean;
  /** The map's part that cannot be switched off is not listed. */
  readonly listed: boolean;
  /** Below this zoom the record draws nothing; the list says so. */
  readonly minzoom: number;
  /** What the map shows of it at this zoom. */
  readonly legend: (palette: Palette, zoom: number) => readonly LegendRow[];
  readonly layers: (scene: Scene) => readonly AnchoredLayer[];
  /** Which of its layers answer a click, and how. */
  readonly hits?: {
    readonly layers: readonly string[];
    readonly tell: (properties: Readonly<Record<string, unknown>>) => Pick<Hit, 'title' | 'detail' | 'category'>;
  };
}

/** Layers of one anchor. */
export function at(anchor: Anchor, ...layers: LayerSpecification[]): AnchoredLayer[] {
  return layers.map((layer) => ({ anchor, layer }));
}
