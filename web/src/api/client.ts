// What the map asks the server about the city.
import { get } from './ask';
import type { CityFigures, Nearby, Ready, Responsibility, TileJson } from './types';

export function fetchTileJson(tileset: string, language: string): Promise<TileJson> {
  return get(`/tiles/${tileset}`, language);
}

export function fetchCity(language: string): Promise<CityFigures> {
  return get('/v1/city', language, AbortSignal.timeout(8000));
}

/** A server that is up but not ready yet answers 503 with the same body. */
export function fetchReady(language: string): Promise<Ready> {
  return get('/health/ready', language, AbortSignal.timeout(8000), [503]);
}

export function fetchResponsibility(
  lng: number,
  lat: number,
  category: string | null,
  language: string,
  signal: AbortSignal,
): Promise<Responsibility> {
  const of = category === null ? '' : `&category=${encodeURIComponent(category)}`;
  return get(`/v1/responsibility?lon=${lng}&lat=${lat}${of}`, language, signal);
}

/** Kinds of things that the list around a place can show. */
export const NEARBY_KINDS = ['case', 'camera', 'key_place', 'grid_station'] as const;
export type NearbyKind = (typeof NEARBY_KINDS)[number];

/** How many things the list shows. */
export const LISTED_THINGS = 20;

/**
 * The nearest things; of cases only those that are still to be worked on. A filter by state also drops what has no
 * state at all, such as a school: cases are asked for by themselves.
 */
export async function fetchNearby(
  lng: number,
  lat: number,
  radiusM: number,
  kind: NearbyKind | null,
  language: string,
  signal: AbortSignal,
): Promise<Nearby> {
  const near = (kinds: readonly string[], more = '') => {
    const query = `lon=${lng}&lat=${lat}&radius_m=${radiusM}&kinds=${kinds.join(',')}&limit=${LISTED_THINGS}`;
    return get<Nearby>(`/v1/nearby?${query}${more}`, language, signal);
  };
  const others = NEARBY_KINDS.filter((one) => one !== 'case');
  if (kind === 'case') return near(['case'], '&state=open');
  if (kind !== null) return near([kind]);
  return nearest(await Promise.all([near(['case'], '&state=open'), near(others)]));
}

/** Several answers as one list, the nearest first. */
export function nearest(answers: readonly [Nearby, ...Nearby[]]): Nearby {
  const items = answers.flatMap((answer) => answer.items).sort((a, b) => a.distance_m - b.distance_m);
  return {
    items: items.slice(0, LISTED_THINGS),
    more: items.length > LISTED_THINGS || answers.some((answer) => answer.more),
    as_of: answers.map((answer) => answer.as_of).sort()[0] ?? answers[0].as_of,
  };
}
