// What a card of the list tells about a thing: its sign, its state and how much time is left.
import { CLOSED_WORDS, stateOf } from '../api/case_state';
import type { NearbyItem } from '../api/types';
import type { CaseState } from '../map/themes';

export interface NearItem extends NearbyItem {
  readonly category_code?: string | null;
  readonly unit_code?: string | null;
  readonly theme?: string | null;
}

const SOON_MS = 24 * 3_600_000;
const DONE: readonly string[] = [...CLOSED_WORDS, 'self_handled', 'transferred', 'invalid', 'expired'];

/** Names of grids are asked for by this. */
export const keyOf = (item: NearItem) => `${item.kind}/${item.id}`;

/** Milliseconds until it is due, negative where it is overdue; null where nothing is due any more. */
export function leftMs(item: NearItem, now: number): number | null {
  if (item.kind !== 'case' || typeof item.due_at !== 'string' || CLOSED_WORDS.includes(item.state ?? '')) return null;
  const due = Date.parse(item.due_at);
  return Number.isNaN(due) ? null : due - now;
}

/** The five states that shapes and colours tell; null for what has no work in it. */
export function workState(item: NearItem, now: number): CaseState | null {
  const state = item.state ?? '';
  switch (item.kind) {
    case 'case': {
      const left = leftMs(item, now) ?? Number.POSITIVE_INFINITY;
      return stateOf(state, left < 0, left <= SOON_MS);
    }
    case 'finding':
      return DONE.includes(state) ? 'closed' : 'new';
    case 'inspection':
      if (DONE.includes(state)) return 'closed';
      return state === 'planned' || state === 'assigned' ? 'new' : 'doing';
    default:
      return null;
  }
}

/** The sign that the map draws for it too. */
export function signOf(item: NearItem, now: number): string {
  const state = workState(item, now);
  if (state !== null) return `case:${state}`;
  if (item.kind === 'camera') return `camera:${item.state === 'offline' ? 'off' : 'on'}`;
  if (item.kind === 'grid_station') return 'station';
  return `place:${item.key_place_kind ?? 'other'}`;
}

export interface TimeLeft {
  readonly overdue: boolean;
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
}

/** A span in the two largest units that say something. */
export function timeLeft(ms: number): TimeLeft {
  const minutes = Math.floor(Math.abs(ms) / 60_000);
  return {
    overdue: ms < 0,
    days: Math.floor(minutes / 1440),
    hours: Math.floor(minutes / 60) % 24,
    minutes: minutes % 60,
  };
}

/** Where a navigation app is to lead; the marker's name follows the form that Android's apps read. */
export function geoLink(item: NearItem): string {
  const place = `${item.lat.toFixed(6)},${item.lon.toFixed(6)}`;
  return `geo:${place}?q=${place}(${encodeURIComponent(item.name || item.id)})`;
}

export const mapLink = (item: NearItem) => `/?at=${item.lon.toFixed(6)},${item.lat.toFixed(6)}`;
