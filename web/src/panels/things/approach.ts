// Bringing the map to what was opened, once, and only where the reader asked for it.

export interface Approach {
  readonly to: (lng: number, lat: number, zoom: number) => void;
  readonly fit: (bounds: readonly [number, number, number, number]) => void;
  /** The reader chose this very place. */
  readonly fly: (lng: number, lat: number, zoom: number) => void;
}
