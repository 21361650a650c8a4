// Expressions that recur in layers: widths that grow with the zoom, and what is shown as one.
import type { ExpressionSpecification } from '@maplibre/maplibre-gl-style-spec';

/** Stops of zoom and value. */
export type Stops = readonly (readonly [zoom: number, value: number | ExpressionSpecification])[];

/** Points that lie close together come as one below this zoom. */
export const CLUSTERS_TO = 16;
export const IS_CLUSTER: ExpressionSpecification = ['==', ['get', 'cluster'], true];

/** Interpolates between stops the way map scales grow. */
export function grow(stops: Stops, base = 1.5): ExpressionSpecification {
  return ['interpolate', ['exponential', base], ['zoom'], ...stops.flat()] as unknown as ExpressionSpecification;
}

/** Interpolates evenly between stops. */
export function fade(stops: Stops): ExpressionSpecification {
  return ['interpolate', ['linear'], ['zoom'], ...stops.flat()] as unknown as ExpressionSpecification;
}

/** Ground metres in one CSS pixel at this zoom, at the latitude of the middle Yangtze. */
export function metresPerPixel(zoom: number): number {
  const MIDDLE_LATITUDE_DEG = 32;
  return (40_075_016.7 / 512 / 2 ** zoom) * Math.cos((MIDDLE_LATITUDE_DEG * Math.PI) / 180);
}

/** A length on the ground as pixels, at least `least` pixels. */
export function groundLength(metres: ExpressionSpecification, zoom: number, least: number): ExpressionSpecification {
  return ['max', least, ['/', metres, metresPerPixel(zoom)]];
}
