// Which things the list asks for, and the same choice made on a list that was kept.
import { CLOSED_WORDS } from '../api/case_state';
import { leftMs, type NearItem } from './card';

export const GROUPS = ['work', 'case', 'finding', 'inspection', 'camera', 'key_place', 'grid_station'] as const;
export type Group = (typeof GROUPS)[number];

/** Metres; null looks however far. */
export const RADII_M = [500, 1000, 3000, null] as const;
export type Radius = (typeof RADII_M)[number];

export interface Filter {
  readonly radiusM: Radius;
  readonly group: Group;
  /** Only cases whose time is up; they have the say over the group. */
  readonly overdue: boolean;
}

export const LISTED = 40;
const WORK: readonly string[] = ['case', 'finding', 'inspection'];

export function kindsOf({ group, overdue }: Filter): readonly string[] {
  if (overdue) return ['case'];
  return group === 'work' ? WORK : [group];
}

/** What is asked besides the place. A filter by state drops what has none, so that only work is filtered. */
export function filterQuery(filter: Filter): string {
  const kinds = kindsOf(filter);
  const state = filter.overdue ? '&state=overdue' : WORK.includes(kinds[0] ?? '') ? '&state=open' : '';
  const radius = filter.radiusM === null ? '' : `&radius_m=${filter.radiusM}`;
  return `kinds=${kinds.join(',')}${state}${radius}&limit=${LISTED}`;
}

/** The same choice among things that are already here. */
export function passes(item: NearItem, filter: Filter, now: number): boolean {
  if (!kindsOf(filter).includes(item.kind)) return false;
  if (filter.radiusM !== null && item.distance_m > filter.radiusM) return false;
  if (!filter.overdue) return true;
  return !CLOSED_WORDS.includes(item.state ?? '') && (leftMs(item, now) ?? 0) < 0;
}

export function nextRadius(radius: Radius): Radius | undefined {
  return RADII_M[RADII_M.indexOf(radius) + 1];
}
