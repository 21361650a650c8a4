// The groups of the around view, always in the same order, and the numbers that list and map share.
import type { Around, Sight } from '../api/things';
import type { NearbyItem, Responsibility } from '../api/types';
import { keyOf, number, type Numbered } from '../map/thing_marks';

export const GROUP_NAMES = ['cameras', 'history', 'cases', 'key_places'] as const;
export type GroupName = (typeof GROUP_NAMES)[number];

export interface Row extends Numbered {
  readonly name: string;
  readonly distance_m: number;
  readonly bearing_deg: number;
  /** From 1; a thing that stands in two groups has one number. */
  readonly number: number;
  readonly camera: Sight | null;
  readonly item: NearbyItem | null;
}

export interface Group {
  readonly name: GroupName;
  readonly rows: readonly Row[];
  /** How many there are, shown or not. */
  readonly count: number;
  /** The server knows of more. */
  readonly more: boolean;
}

/** How many rows of a group are shown before it is opened. */
export const SHOWN_AT_FIRST = 5;

const SIGHT_ORDER = ['clear', 'assumed', 'blocked'];

/** Those that see it first, the nearest first among them. */
function bySight(a: Sight, b: Sight): number {
  return SIGHT_ORDER.indexOf(a.sight) - SIGHT_ORDER.indexOf(b.sight) || a.distance_m - b.distance_m;
}

type Unnumbered = Omit<Row, 'number'>;

function rowsOf(around: Around, name: GroupName): Unnumbered[] {
  if (name === 'cameras') {
    return [...around.cameras.items].sort(bySight).map((camera) => ({ ...camera, kind: 'camera', camera, item: null }));
  }
  return around[name].items.map((item) => ({ ...item, camera: null, item }));
}

/** The groups with their rows; `opened` names those that are shown whole. */
export function groupsOf(around: Around, opened: readonly GroupName[]): Group[] {
  const groups = GROUP_NAMES.map((name) => {
    const all = rowsOf(around, name);
    const shown = opened.includes(name) ? all : all.slice(0, SHOWN_AT_FIRST);
    return { name, shown, count: all.length, more: around[name].more };
  });
  const numbers = new Map(number(groups.flatMap(({ shown }) => shown)).map((item, i) => [keyOf(item), i + 1]));
  return groups.map(({ name, shown, count, more }) => ({
    name,
    count,
    more,
    rows: shown.map((row) => ({ ...row, number: numbers.get(keyOf(row)) ?? 0 })),
  }));
}

/** Each thing once, in the order of its numbers. */
export function numberedOf(groups: readonly Group[]): Row[] {
  return number(groups.flatMap(({ rows }) => rows)) as Row[];
}

/** The same answer with the department that leads before those that assist. */
export function leadFirst(answer: Responsibility): Responsibility {
  const lead = answer.departments.filter(({ role }) => role === 'lead');
  return { ...answer, departments: [...lead, ...answer.departments.filter(({ role }) => role !== 'lead')] };
}
