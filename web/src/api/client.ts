// Asks the server and turns its problem replies into something a reader can be told.
import type { CityFigures, Nearby, Ready, Responsibility, TileJson } from './types';

/** A refusal or a failure, with the title that the server gave it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The title of an RFC 9457 reply, or the status where there is none. */
async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  const told = body as { title?: unknown; detail?: unknown } | null;
  const parts = [told?.title, told?.detail].filter((part) => typeof part === 'string');
  return new Problem(response.status, parts.length > 0 ? parts.join(': ') : `HTTP ${response.status}`);
}

async function get<T>(
  path: string,
  language: string,
  signal?: AbortSignal,
  accept: readonly number[] = [],
): Promise<T> {
  const response = await fetch(path, {
    headers: { accept: 'application/json', 'accept-language': language },
    ...(signal ? { signal } : {}),
  });
  if (!response.ok && !accept.includes(response.status)) throw await problemOf(response);
  return (await response.json()) as T;
}

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
  language: string,
  signal: AbortSignal,
): Promise<Responsibility> {
  return get(`/v1/responsibility?lon=${lng}&lat=${lat}`, language, signal);
}

/** Open work and the facilities around a place. */
export const NEARBY_KINDS = 'case,camera,key_place,grid_station';

export function fetchNearby(
  lng: number,
  lat: number,
  radiusM: number,
  language: string,
  signal: AbortSignal,
): Promise<Nearby> {
  const query = `lon=${lng}&lat=${lat}&radius_m=${radiusM}&kinds=${NEARBY_KINDS}&state=open&limit=20`;
  return get(`/v1/nearby?${query}`, language, signal);
}
