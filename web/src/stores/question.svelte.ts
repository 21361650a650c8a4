// The question about a place and its two answers: who is responsible, and what is near.
import { fetchNearby, fetchResponsibility, Problem } from '../api/client';
import type { Nearby, Responsibility } from '../api/types';
import { language } from '../i18n/index.svelte';
import type { Hit } from '../map/record';
import type { Place } from './url';

/** An answer on its way, there, or refused; the one before stays until the next is there. */
interface Answer<T> {
  value: T | null;
  loading: boolean;
  failed: string | null;
}

interface Question {
  at: Place | null;
  radiusM: number;
  hits: readonly Hit[];
  responsibility: Answer<Responsibility>;
  nearby: Answer<Nearby>;
  /** The numbered thing that is looked at, from 0. */
  active: number | null;
}

export const RADII_M = [300, 1000, 3000] as const;

const unasked = <T>(): Answer<T> => ({ value: null, loading: false, failed: null });

export const question = $state<Question>({
  at: null,
  radiusM: RADII_M[0],
  hits: [],
  responsibility: unasked(),
  nearby: unasked(),
  active: null,
});

let asking = new AbortController();

function reason(error: unknown): string {
  return error instanceof Problem || error instanceof Error ? error.message : String(error);
}

async function fetchInto<T>(answer: Answer<T>, promise: Promise<T>, signal: AbortSignal): Promise<void> {
  answer.loading = true;
  answer.failed = null;
  try {
    const value = await promise;
    if (!signal.aborted) answer.value = value;
  } catch (error) {
    if (signal.aborted) return;
    answer.value = null;
    answer.failed = reason(error);
  } finally {
    if (!signal.aborted) answer.loading = false;
  }
}

/** Asks about a place; `null` takes the question back. */
export function askAbout(at: Place | null, hits: readonly Hit[] = [], radiusM: number = RADII_M[0]): void {
  asking.abort();
  asking = new AbortController();
  question.at = at;
  question.hits = hits;
  question.radiusM = radiusM;
  question.active = null;
  if (at === null) {
    question.responsibility = unasked();
    question.nearby = unasked();
    return;
  }
  const { signal } = asking;
  void fetchInto(question.responsibility, fetchResponsibility(at.lng, at.lat, language(), signal), signal);
  void fetchInto(question.nearby, fetchNearby(at.lng, at.lat, radiusM, language(), signal), signal);
}

/** Asks again about the same place, farther away. */
export function widen(radiusM: number): void {
  if (question.at !== null) askAbout(question.at, question.hits, radiusM);
}
