// How reports that wait are sent: in order, one at a time, and what each answer of the server means for them.
import { Problem } from '../api/ask';
import type { FindingBody } from './finding';

/** What the server said when it took a report in. */
export interface Receipt {
  /** When the answer came, RFC 3339. */
  readonly at: string;
  /** It was new; else the server had it already. */
  readonly created: boolean;
  /** The transaction that wrote it. */
  readonly xid: string | null;
  /** A snapshot of the city that shows it. */
  readonly snapshot: string | null;
  readonly grid: string | null;
}

export interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly findings: readonly { readonly rule: string; readonly message: string }[];
}

export interface Entry {
  readonly no: string;
  /** The account that wrote it: nobody sends what another one saw. */
  readonly by: string;
  /** Milliseconds since 1970: the order of sending. */
  readonly madeAt: number;
  readonly body: FindingBody;
  readonly state: 'waiting' | 'refused' | 'sent';
  readonly refusal: Refusal | null;
  readonly receipt: Receipt | null;
}

export type Verdict = 'refused' | 'sign_in' | 'later';

/** Whether a failure is about the report itself, about who sends it, or about the moment. */
export function verdictOf(error: unknown): Verdict {
  if (!(error instanceof Problem)) return 'later';
  if (error.status === 401) return 'sign_in';
  if (error.status === 408 || error.status === 425 || error.status === 429 || error.status >= 500) return 'later';
  return error.status >= 400 ? 'refused' : 'later';
}

export const inOrder = (entries: readonly Entry[]) =>
  [...entries].sort((a, b) => a.madeAt - b.madeAt || a.no.localeCompare(b.no));

export const waitingOf = (entries: readonly Entry[], by: string) =>
  inOrder(entries).filter((entry) => entry.state === 'waiting' && entry.by === by);

function refusalOf(error: Problem): Refusal {
  return { status: error.status, message: error.message, findings: error.findings };
}

/**
 * Sends all that waits. A refused report is kept and does not hold up the others; without a session, or without an
 * answer, everything from there on goes on waiting. `keep` is called after every answer, before the next is sent.
 */
export async function sendWaiting(
  entries: readonly Entry[],
  post: (body: FindingBody) => Promise<Receipt>,
  keep: (entry: Entry) => Promise<void>,
): Promise<'done' | 'sign_in' | 'later'> {
  for (const entry of inOrder(entries)) {
    try {
      const receipt = await post(entry.body);
      await keep({ ...entry, state: 'sent', refusal: null, receipt });
    } catch (error) {
      const verdict = verdictOf(error);
      if (verdict !== 'refused') return verdict;
      await keep({ ...entry, state: 'refused', refusal: refusalOf(error as Problem) });
    }
  }
  return 'done';
}
