// One request to the server, and its problem replies as something that a reader can be told.
import { report } from './door';

/** What an RFC 9457 reply says. */
interface Told {
  readonly type?: unknown;
  readonly title?: unknown;
  readonly detail?: unknown;
  readonly findings?: unknown;
}

/** One thing that is wrong with what was sent. */
export interface Finding {
  /** The field or the rule that it is about. */
  readonly rule: string;
  readonly message: string;
}

/** A refusal or a failure, with the title and the detail that the server gave it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  constructor(
    readonly status: number,
    message: string,
    /** The last part of its `type`, such as `locked-out`. */
    readonly kind: string | null = null,
    readonly detail: string | null = null,
    readonly retryAfterS: number | null = null,
    readonly findings: readonly Finding[] = [],
    /** The whole reply, for what only some problems tell. */
    readonly told: unknown = null,
  ) {
    super(message);
  }
}

function findingsOf(told: unknown): Finding[] {
  if (!Array.isArray(told)) return [];
  return told.filter((one): one is Finding => typeof (one as Finding | null)?.message === 'string');
}

/** The title of an RFC 9457 reply, or the status where there is none. */
async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  const told = body as Told | null;
  const detail = typeof told?.detail === 'string' ? told.detail : null;
  const parts = [told?.title, detail].filter((part) => typeof part === 'string');
  const message = parts.length > 0 ? parts.join(': ') : `HTTP ${response.status}`;
  const kind = typeof told?.type === 'string' ? (told.type.split('/').at(-1) ?? null) : null;
  const retryAfterS = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
  const wait = Number.isFinite(retryAfterS) ? retryAfterS : null;
  return new Problem(response.status, message, kind, detail, wait, findingsOf(told?.findings), body);
}

async function ask(path: string, init: RequestInit, accept: readonly number[] = []): Promise<Response> {
  const answered = report();
  const response = await fetch(path, init);
  answered(response.status);
  if (!response.ok && !accept.includes(response.status)) throw await problemOf(response);
  return response;
}

export async function get<T>(
  path: string,
  language: string,
  signal?: AbortSignal,
  accept: readonly number[] = [],
  read?: (headers: Headers) => void,
): Promise<T> {
  const headers = { accept: 'application/json', 'accept-language': language };
  const response = await ask(path, { headers, ...(signal ? { signal } : {}) }, accept);
  read?.(response.headers);
  return (await response.json()) as T;
}

type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Sends what is to be done; the answer is the caller's to read. */
export function send(
  method: Method,
  path: string,
  language: string,
  body?: unknown,
  signal?: AbortSignal,
  more: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const headers = {
    ...more,
    accept: 'application/json',
    'accept-language': language,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  return ask(path, { method, headers, ...content, ...(signal ? { signal } : {}) });
}
