// The report that is being written: kept at every stroke, so that a reload, a call or a sign-in in between loses nothing.
import type { Draft, FindingBody } from './finding';
import { draftOf, emptyDraft, fixOf } from './finding';
import type { Fix } from './fix';

const KEPT = 'cim.near.draft';

interface Writing {
  by: string;
  draft: Draft;
  /** Where it was, when a report is being changed that waits or was refused. */
  place: Fix | null;
}

export const writing = $state<Writing>({ by: '', draft: emptyDraft(), place: null });

/** What this account was writing on this device. */
export function resume(by: string): void {
  if (writing.by === by) return;
  Object.assign(writing, { by, draft: emptyDraft(), place: null });
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? 'null') as Writing | null;
    if (kept?.by === by && typeof kept.draft?.no === 'string') Object.assign(writing, kept);
  } catch {
    localStorage.removeItem(KEPT);
  }
}

export function keepDraft(): void {
  localStorage.setItem(KEPT, JSON.stringify(writing));
}

export function clearDraft(): void {
  Object.assign(writing, { draft: emptyDraft(), place: null });
  localStorage.removeItem(KEPT);
}

/** Takes a report out of the queue's list into the form; it stays in the queue until the form is sent. */
export function change(body: FindingBody): void {
  Object.assign(writing, { draft: draftOf(body), place: fixOf(body) });
  keepDraft();
}
