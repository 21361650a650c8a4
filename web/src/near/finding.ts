// A finding as an officer writes it: the draft that a reload does not lose, and what is sent of it.
import type { Fix, FixCrs } from './fix';

/** What POST /v1/findings takes in. */
export interface FindingBody {
  readonly finding_no: string;
  readonly title: string;
  readonly category_code?: string;
  readonly content?: string;
  readonly reported_at: string;
  /** Older versions do not overwrite newer ones. */
  readonly source_updated_at: string;
  readonly lon: number;
  readonly lat: number;
  readonly crs: FixCrs;
  readonly accuracy_m?: number;
}

export interface Draft {
  /** Made once: a finding that is sent twice is taken in once. */
  no: string;
  title: string;
  category: string;
  content: string;
  /** When it was first written down, where it is being changed. */
  reportedAt: string | null;
}

const LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

/** A number of its own: the day for people, and chance enough that no two devices meet. */
export function findingNumber(now: Date, random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const chance = [...random(new Uint8Array(12))].map((byte) => LETTERS[byte % LETTERS.length]).join('');
  return `SB${day}-${chance}`;
}

export function emptyDraft(): Draft {
  const no = findingNumber(new Date(), (bytes) => crypto.getRandomValues(bytes));
  return { no, title: '', category: '', content: '', reportedAt: null };
}

export function bodyOf(draft: Draft, fix: Fix, now: Date): FindingBody {
  const category = draft.category.trim();
  const content = draft.content.trim();
  return {
    finding_no: draft.no,
    title: draft.title.trim(),
    ...(category === '' ? {} : { category_code: category }),
    ...(content === '' ? {} : { content }),
    reported_at: draft.reportedAt ?? now.toISOString(),
    source_updated_at: now.toISOString(),
    lon: fix.lng,
    lat: fix.lat,
    crs: fix.crs,
    ...(fix.accuracyM === null ? {} : { accuracy_m: Math.round(fix.accuracyM * 10) / 10 }),
  };
}

/** Back into the form, under the same number. */
export function draftOf(body: FindingBody): Draft {
  return {
    no: body.finding_no,
    title: body.title,
    category: body.category_code ?? '',
    content: body.content ?? '',
    reportedAt: body.reported_at,
  };
}

/** Where a finding that is being changed was. */
export function fixOf(body: FindingBody): Fix {
  const { lon, lat, crs, accuracy_m } = body;
  const at = Date.parse(body.reported_at);
  return { lng: lon, lat, accuracyM: accuracy_m ?? null, crs, at, source: 'typed', name: null };
}
