// What the phone page asks the server, and how it sends a report.
import { get, send } from '../api/ask';
import type { Responsibility } from '../api/types';
import type { NearItem } from './card';
import { type Filter, filterQuery } from './filter';
import { type Fix, placeQuery } from './fix';
import type { FindingBody } from './finding';
import type { Receipt } from './sending';

export interface NearList {
  readonly items: readonly NearItem[];
  readonly more: boolean;
  readonly as_of: string;
}

export interface Candidate {
  readonly lon: number;
  readonly lat: number;
  readonly name: string;
  readonly match_level: string;
  readonly accuracy_m: number;
}

interface Tied {
  readonly ties: { readonly comprehensive_grid_code?: string | null } | null;
}

/** A network that lets nothing through does not say so. */
const PATIENCE_MS = 15_000;
const SENDING_MS = 30_000;
export const DUPLICATE_M = 50;

/** Given up after a while, or when the caller does. */
function patient(signal?: AbortSignal): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), PATIENCE_MS);
  signal?.addEventListener('abort', () => controller.abort(), { once: true });
  return controller.signal;
}

export function fetchNear(fix: Fix, filter: Filter, language: string, signal: AbortSignal): Promise<NearList> {
  return get(`/v1/nearby?${placeQuery(fix)}&${filterQuery(filter)}`, language, patient(signal));
}

/** What is open within 50 m and may be the same thing. */
export function fetchDuplicates(fix: Fix, language: string): Promise<NearList> {
  const query = `${placeQuery(fix)}&radius_m=${DUPLICATE_M}&kinds=case,finding&state=open&limit=20`;
  return get(`/v1/nearby?${query}`, language, patient());
}

/** Work around a place, from which the usual classes are read. */
export function fetchWorkAround(fix: Fix, language: string): Promise<NearList> {
  const query = `${placeQuery(fix)}&radius_m=3000&kinds=finding&limit=300`;
  return get(`/v1/nearby?${query}`, language, patient());
}

/** The names of the comprehensive grids in which things lie, in their order. */
export async function fetchGrids(items: readonly NearItem[], language: string): Promise<(string | null)[]> {
  const points = items.map(({ lon, lat }) => ({ lon, lat }));
  const response = await send('POST', '/v1/responsibility/batch', language, { points }, patient());
  const { rows } = (await response.json()) as {
    rows: readonly { chain?: readonly { level: string; name: string }[] }[];
  };
  return rows.map((row) => row.chain?.find((unit) => unit.level === 'comprehensive_grid')?.name ?? null);
}

export function fetchWhereAmI(fix: Fix, category: string, language: string): Promise<Responsibility> {
  const of = category === '' ? '' : `&category=${encodeURIComponent(category)}`;
  return get(`/v1/responsibility?${placeQuery(fix)}${of}`, language, patient());
}

export async function fetchPlaces(text: string, language: string): Promise<readonly Candidate[]> {
  const path = `/v1/locate?text=${encodeURIComponent(text)}`;
  return (await get<{ candidates: readonly Candidate[] }>(path, language, patient())).candidates;
}

/** Sends a report, then reads it back: the receipt names a state of the city in which others see it. */
export async function postFinding(body: FindingBody, language: string): Promise<Receipt> {
  const response = await send('POST', '/v1/findings', language, body, AbortSignal.timeout(SENDING_MS));
  const xid = response.headers.get('x-cim-xid');
  const { ties } = (await response.json()) as Tied;
  const grid = ties?.comprehensive_grid_code ?? null;
  const snapshot = response.headers.get('x-cim-snapshot') ?? (await snapshotWith(body.finding_no, xid, language));
  return { at: new Date().toISOString(), created: response.status === 201, xid, snapshot, grid };
}

/** It was taken in already: that nobody can show it at this moment takes nothing from the receipt. */
async function snapshotWith(no: string, xid: string | null, language: string): Promise<string | null> {
  const path = `/v1/findings/${encodeURIComponent(no)}${xid === null ? '' : `?min_xid=${xid}`}`;
  try {
    const headers = { accept: 'application/json', 'accept-language': language };
    const response = await fetch(path, { headers, signal: patient() });
    return response.ok ? response.headers.get('x-cim-snapshot') : null;
  } catch {
    return null;
  }
}
