// The question about a place and its two answers: who is responsible, and what is near.
import { Problem } from '../api/ask';
import { fetchNearby, fetchResponsibility, type NearbyKind } from '../api/client';
import type { Nearby, Responsibility } from '../api/types';
import { language } from '../i18n/index.svelte';
import type { Hit } from '../map/record';
import type { Place } from './url';

/** An answer on its way, there, or refused; the one before stays until the next is there. */
interface Answer<T> {
  value: T | null;
  loading: boolean;
  failed: string | null;
  /** Asking again would not help: the reader may not know. */
  refused: boolean;
}

interface Question {
  at: Place | null;
  hits: readonly Hit[];
  radiusM: number;
  /** Only things of this kind. */
  kind: NearbyKind | null;
  responsibility: Answer<Responsibility>;
  nearby: Answer<Nearby>;
  /** The numbered thing that is looked at, from 0. */
  active: number | null;
}

export const RADII_M = [300, 1000, 3000] as const;

const unasked = <T>(): Answer<T> => ({ value: null, loading: false, failed: null, refused: false });

export const question = $state<Question>({
  at: null,
  hits: [],
  radiusM: RADII_M[0],
  kind: null,
  responsibility: unasked(),
  nearby: unasked(),
  active: null,
});

/** The class of the case that was clicked: only then departments can be told. */
export function category(): string | null {
  return question.hits.find((hit) => hit.category !== undefined)?.category ?? null;
}

async function fetchInto<T>(answer: Answer<T>, promise: Promise<T>, signal: AbortSignal): Promise<void> {
  answer.loading = true;
  answer.failed = null;
  answer.refused = false;
  try {
    const value = await promise;
    if (!signal.aborted) answer.value = value;
  } catch (error) {
    if (signal.aborted) return;
    answer.value = null;
    answer.failed = error instanceof Error ? error.message : String(error);
    answer.refused = error instanceof Problem && error.status === 403;
  } finally {
    if (!signal.aborted) answer.loading = false;
  }
}

let askingWho = new AbortController();
let askingWhat = new AbortController();

function askWhatIsNear(at: Place): void {
  askingWhat.abort();
  askingWhat = new AbortController();
  question.active = null;
  const { signal } = askingWhat;
  const { radiusM, kind, nearby } = question;
  void fetchInto(nearby, fetchNearby(at.lng, at.lat, radiusM, kind, language(), signal), signal);
}

/** Asks about a place; `null` takes the question back. */
export function askAbout(at: Place | null, hits: readonly Hit[] = []): void {
  askingWho.abort();
  askingWho = new AbortController();
  question.at = at;
  question.hits = hits;
  question.radiusM = RADII_M[0];
  if (at === null) {
    askingWhat.abort();
    question.responsibility = unasked();
    question.nearby = unasked();
    question.active = null;
    return;
  }
  const { signal } = askingWho;
  const who = fetchResponsibility(at.lng, at.lat, category(), language(), signal);
  void fetchInto(question.responsibility, who, signal);
  askWhatIsNear(at);
}

/** Looks farther around the same place. */
export function widen(radiusM: number): void {
  question.radiusM = radiusM;
  if (question.at !== null) askWhatIsNear(question.at);
}

/** Lists only one kind of things, or all. */
export function only(kind: NearbyKind | null): void {
  question.kind = kind;
  if (question.at !== null) askWhatIsNear(question.at);
}
