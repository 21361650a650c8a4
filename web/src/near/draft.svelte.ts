// The report that is being written: kept at every stroke, so that a reload, a call or a sign-in in between loses nothing.
import type { Draft, FindingBody } from './finding';
import { draftOf, emptyDraft, fixOf } from './finding';
import type { Fix } from './fix';

/** One for each account: a phone may be shared. */
const keyOf = (by: string) => `cim.near.draft.${by}`;

interface Writing {
  by: string;
  draft: Draft;
  /** Where it was, when a report is being changed that waits or was refused. */
  place: Fix | null;
  /** What was being written before a report was changed: it comes back afterwards. */
  parked: Draft | null;
}

export const writing = $state<Writing>({ by: '', draft: emptyDraft(), place: null, parked: null });

/** What this account was writing on this device. */
export function resume(by: string): void {
  if (writing.by === by) return;
  Object.assign(writing, { by, draft: emptyDraft(), place: null, parked: null });
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(by)) ?? 'null') as Writing | null;
    if (kept?.by === by && typeof kept.draft?.no === 'string') Object.assign(writing, kept);
  } catch {
    localStorage.removeItem(keyOf(by));
  }
}

export function keepDraft(): void {
  localStorage.setItem(keyOf(writing.by), JSON.stringify(writing));
}

const hasWords = ({ title, content }: Draft) => title.trim() !== '' || content.trim() !== '';

/** Done with this one: on with what was put aside for it. */
export function clearDraft(): void {
  const { parked } = writing;
  Object.assign(writing, { draft: parked ?? emptyDraft(), place: null, parked: null });
  if (parked === null) localStorage.removeItem(keyOf(writing.by));
  else keepDraft();
}

/** Takes a report out of the queue's list into the form; it stays in the queue until the form is sent. */
export function change(body: FindingBody): void {
  const isNew = writing.draft.reportedAt === null && hasWords(writing.draft);
  const parked = isNew ? $state.snapshot(writing.draft) : writing.parked;
  Object.assign(writing, { draft: draftOf(body), place: fixOf(body), parked });
  keepDraft();
}
