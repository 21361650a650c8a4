// A position as a device or a person gave it: in which coordinate system it is goes with it, the server converts.

export type FixCrs = 'wgs84' | 'gcj02';

export interface Fix {
  readonly lng: number;
  readonly lat: number;
  readonly accuracyM: number | null;
  readonly crs: FixCrs;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly source: 'device' | 'typed';
  /** What was typed, where a place was. */
  readonly name: string | null;
}

/** Browsers inside these apps hand out positions that are shifted for China's maps. */
const SHIFTING = /MicroMessenger|wxwork|DingTalk|AliApp|Alipay|AMap|baidumap/i;

/** The system of a browser's positions where nobody chose one. */
export function crsOfBrowser(userAgent: string): FixCrs {
  return SHIFTING.test(userAgent) ? 'gcj02' : 'wgs84';
}

const NUMBERS = /^\s*(-?\d+(?:\.\d+)?)\s*(?:[,，;；、\s])\s*(-?\d+(?:\.\d+)?)\s*$/u;

/** Two numbers as people write them, longitude first or latitude first; in China the larger one is the longitude. */
export function coordinatesOf(text: string): { lng: number; lat: number } | null {
  const [, a, b] = NUMBERS.exec(text) ?? [];
  if (a === undefined || b === undefined) return null;
  const [first, second] = [Number(a), Number(b)];
  const [lng, lat] = Math.abs(second) > 90 ? [second, first] : [first, second];
  return Math.abs(lng) <= 180 && Math.abs(lat) <= 85 ? { lng, lat } : null;
}

const EARTH_M = 6_371_000;

/** Metres between two places that lie near each other. */
export function metresBetween(a: { lng: number; lat: number }, b: { lng: number; lat: number }): number {
  const radians = Math.PI / 180;
  const east = (b.lng - a.lng) * radians * Math.cos(((a.lat + b.lat) / 2) * radians);
  return EARTH_M * Math.hypot(east, (b.lat - a.lat) * radians);
}

/** Somebody walks: the list is asked for again when they are clearly somewhere else. */
const MOVED_M = 50;

export function isElsewhere(asked: Fix, now: Fix): boolean {
  if (asked.crs !== now.crs || asked.source !== now.source) return true;
  return metresBetween(asked, now) > Math.max(MOVED_M, Math.min(now.accuracyM ?? 0, 500));
}

/** Where it is as the server's questions name it. */
export function placeQuery(fix: Fix): string {
  return `lon=${fix.lng}&lat=${fix.lat}${fix.crs === 'gcj02' ? '&crs=gcj02' : ''}`;
}
