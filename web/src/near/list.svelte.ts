// The list of what is near: asked for as the officer moves, and kept so that it can be read without a network.
import { Problem } from '../api/ask';
import { language } from '../i18n/index.svelte';
import { fetchGrids, fetchNear, type NearList } from './ask_near';
import { keyOf, type NearItem } from './card';
import { type Filter, passes } from './filter';
import { type Fix, isElsewhere } from './fix';
import { KEPT_LIST } from './last_person';
import { heard, missed } from './net.svelte';

/** One answer, as it is kept. */
interface Kept {
  readonly by: string;
  readonly at: number;
  readonly fix: Fix;
  readonly filter: Filter;
  readonly list: NearList;
  readonly grids: Readonly<Record<string, string>>;
}

interface Listed {
  filter: Filter;
  kept: Kept | null;
  loading: boolean;
  failed: string | null;
  /** Asking again would not help. */
  refused: boolean;
}

export const listed = $state<Listed>({
  filter: { radiusM: 1000, group: 'work', overdue: false },
  kept: null,
  loading: false,
  failed: null,
  refused: false,
});

const STALE_MS = 60_000;

export function recall(by: string): void {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT_LIST) ?? 'null') as Kept | null;
    if (kept?.by !== by) return;
    listed.kept = kept;
    listed.filter = kept.filter;
  } catch {
    localStorage.removeItem(KEPT_LIST);
  }
}

function remember(kept: Kept): void {
  listed.kept = kept;
  try {
    localStorage.setItem(KEPT_LIST, JSON.stringify(kept));
  } catch {
    // A device without space shows the list all the same.
  }
}

const same = (a: Filter, b: Filter) =>
  a.radiusM === b.radiusM && a.overdue === b.overdue && (a.overdue || a.group === b.group);

/** Whether what is shown is the answer to what is asked now. */
export const fits = () => listed.kept !== null && same(listed.kept.filter, listed.filter);

/** What is shown; of a list that was asked with another choice, what passes this one. */
export function shown(now: number): readonly NearItem[] {
  const { kept, filter } = listed;
  if (kept === null) return [];
  return fits() ? kept.list.items : kept.list.items.filter((item) => passes(item, filter, now));
}

let asking = new AbortController();

async function nameGrids(kept: Kept, signal: AbortSignal): Promise<void> {
  const { items } = kept.list;
  if (items.length === 0) return;
  // Without names of grids the list is still a list.
  const names = await fetchGrids(items, language()).catch(() => null);
  if (names === null || signal.aborted) return;
  const named = items.flatMap((item, i) => (names[i] == null ? [] : [[keyOf(item), names[i]] as const]));
  remember({ ...kept, grids: Object.fromEntries(named) });
}

/** Asks where it is worth it: for another place or choice, after a while, or because somebody wants it. */
export async function refreshList(fix: Fix, by: string, wanted: boolean, mayTie: boolean): Promise<void> {
  const { kept, filter } = listed;
  const fresh = kept !== null && Date.now() - kept.at < STALE_MS && same(kept.filter, filter);
  if (!wanted && fresh && !isElsewhere(kept.fix, fix)) return;
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  listed.loading = true;
  try {
    const list = await fetchNear(fix, filter, language(), signal);
    if (signal.aborted) return;
    heard();
    const next: Kept = { by, at: Date.now(), fix, filter: { ...filter }, list, grids: kept?.grids ?? {} };
    Object.assign(listed, { failed: null, refused: false });
    remember(next);
    if (mayTie) void nameGrids(next, signal);
  } catch (error) {
    if (signal.aborted) return;
    missed(error);
    listed.failed = error instanceof Problem ? error.message : null;
    listed.refused = error instanceof Problem && error.status === 403;
  } finally {
    if (!signal.aborted) listed.loading = false;
  }
}
