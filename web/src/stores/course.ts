// The course of a case: its events, or what its times say where its source told no events.
import type { Case } from '../api/things';

export interface Step {
  readonly at: string;
  /** The name of an event. */
  readonly event: string;
  readonly actor: string | null;
  readonly department: string | null;
  readonly note: string | null;
}

/** Times of a mirrored case and the events that they stand for. */
const TIMES = [
  ['received_at', 'register'],
  ['accepted_at', 'accept'],
  ['resolved_at', 'resolve'],
  ['closed_at', 'close'],
] as const;

/** Oldest first. A time is left out where an event says the same. */
export function courseOf(one: Case): Step[] {
  const told = one.events.map(({ at, event, actor, department_code, note }) => ({
    at,
    event,
    actor,
    department: department_code,
    note,
  }));
  const times = TIMES.flatMap(([field, event]): Step[] => {
    const at = one[field];
    if (at === undefined || told.some((step) => step.event === event)) return [];
    return [{ at, event, actor: null, department: null, note: null }];
  });
  return [...told, ...times].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
