// Asks everything that a query may mean at once, and puts what is found into groups.
import { Problem } from '../api/ask';
import { type Candidate, fetchAround, fetchCamera, fetchCandidates, fetchCase, fetchUnit } from '../api/things';
import type { Query, System } from './query';
import type { ThingKind } from './thing_path';

export const ANSWER_GROUPS = ['case', 'camera', 'unit', 'building', 'point', 'place'] as const;
export type AnswerGroup = (typeof ANSWER_GROUPS)[number];

/** Where an answer leads: to a thing, or to a place in some coordinate system. */
export type Goal =
  | { readonly to: 'thing'; readonly kind: ThingKind; readonly id: string }
  | { readonly to: 'place'; readonly lon: number; readonly lat: number; readonly system: System };

export interface Answer {
  readonly group: AnswerGroup;
  readonly title: string;
  /** A code, or a word of the family that the group has. */
  readonly detail: string;
  readonly accuracyM: number | null;
  readonly goal: Goal;
}

const thing = (kind: ThingKind, id: string, title: string): Answer => ({
  group: kind,
  title,
  detail: id,
  accuracyM: null,
  goal: { to: 'thing', kind, id },
});

/** Levels that are an area with a page of its own; a `unit` is a stairwell of a building. */
const AREA_LEVELS = ['village', 'town', 'district'];
const BUILDING_LEVELS = ['unit', 'building', 'number'];

/** A written place leads to its building or its unit where it names one, else to the spot. */
export function answerOf(found: Candidate): Answer {
  const { lon, lat, name, match_level: detail, accuracy_m: accuracyM } = found;
  const told = { group: 'place', title: name, detail, accuracyM } as const;
  if (AREA_LEVELS.includes(detail) && found.unit_code !== null)
    return { ...told, goal: { to: 'thing', kind: 'unit', id: found.unit_code } };
  if (BUILDING_LEVELS.includes(detail) && found.building_code !== null)
    return { ...told, goal: { to: 'thing', kind: 'building', id: found.building_code } };
  return { ...told, goal: { to: 'place', lon, lat, system: 'wgs84' } };
}

async function byNumber(
  kind: Query['kinds'][number],
  id: string,
  language: string,
  signal: AbortSignal,
): Promise<Answer[]> {
  switch (kind) {
    case 'case': {
      const one = await fetchCase(id, language, signal);
      return [thing('case', one.case_no, one.title ?? one.case_no)];
    }
    case 'camera':
      return [thing('camera', id, (await fetchCamera(id, language, signal)).name ?? id)];
    case 'unit': {
      const unit = await fetchUnit(id, language, signal);
      return [thing('unit', unit.code, unit.name)];
    }
    case 'building':
      return [thing('building', id, (await fetchAround('building', id, 1, language, signal)).target.name || id)];
  }
}

/** What is not there, or not the reader's to see, is no answer; anything else is a failure that the reader is told. */
const isNothing = (error: unknown) => error instanceof Problem && [400, 403, 404, 422].includes(error.status);

/** As it is written; most numbers are in capitals, which people do not type. */
async function byNumberAsWritten(
  kind: Query['kinds'][number],
  text: string,
  language: string,
  signal: AbortSignal,
): Promise<Answer[]> {
  try {
    return await byNumber(kind, text, language, signal);
  } catch (error) {
    const capitals = text.toUpperCase();
    if (capitals === text || !isNothing(error)) throw error;
    return byNumber(kind, capitals, language, signal);
  }
}

export async function answersTo(query: Query, language: string, signal: AbortSignal): Promise<Answer[]> {
  const { point, text } = query;
  if (point !== null)
    return query.systems.map((system) => ({
      group: 'point',
      title: `${point.lon}, ${point.lat}`,
      detail: system,
      accuracyM: null,
      goal: { to: 'place', ...point, system },
    }));
  const asked = query.kinds.map((kind) => byNumberAsWritten(kind, text, language, signal));
  if (query.place) asked.push(fetchCandidates(text, language, signal).then((found) => found.map(answerOf)));
  const settled = await Promise.allSettled(asked);
  const found = settled.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  const failure = settled.find((one) => one.status === 'rejected' && !isNothing(one.reason));
  if (found.length === 0 && failure?.status === 'rejected') throw failure.reason;
  return found.sort((a, b) => ANSWER_GROUPS.indexOf(a.group) - ANSWER_GROUPS.indexOf(b.group));
}
