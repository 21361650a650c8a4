// The order of the map from the ground up: invisible layers that every other layer is put below.

/** Anchors from the bottom to the top; a layer belongs to exactly one and is drawn below the next. */
export const ANCHORS = [
  'a-base',
  'a-area',
  'a-line',
  'a-road',
  'a-border',
  'a-cone',
  'a-3d',
  'a-ground-label',
  'a-point',
  'a-label',
  'a-count',
  'a-name',
  'a-select',
  'a-top',
] as const;
export type Anchor = (typeof ANCHORS)[number];
