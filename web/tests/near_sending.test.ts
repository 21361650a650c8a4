import { expect, it } from 'vitest';
import { Problem } from '../src/api/ask';
import { bodyOf } from '../src/near/finding';
import { type Entry, type Receipt, sendWaiting, verdictOf, waitingOf } from '../src/near/sending';

const receipt: Receipt = { at: '2026-11-30T12:00:00Z', created: true, xid: '7', snapshot: '8:8:', grid: null };
const fix = { lng: 121, lat: 31, accuracyM: null, crs: 'wgs84', at: 0, source: 'device', name: null } as const;
const entry = (no: string, madeAt: number, more: Partial<Entry> = {}): Entry => ({
  no,
  by: 'officer',
  madeAt,
  body: bodyOf({ no, title: no, category: '', content: '', reportedAt: null }, fix, new Date(madeAt)),
  state: 'waiting',
  refusal: null,
  receipt: null,
  ...more,
});

/** Answers by number; what has no answer is taken in. */
function server(failures: Readonly<Record<string, unknown>>) {
  const sent: string[] = [];
  const kept: Entry[] = [];
  const post = async ({ finding_no }: { finding_no: string }) => {
    sent.push(finding_no);
    if (finding_no in failures) throw failures[finding_no];
    return receipt;
  };
  return { sent, kept, post, keep: async (one: Entry) => void kept.push(one) };
}

it('sends in the order of writing and keeps each receipt before the next is sent', async () => {
  const { sent, kept, post, keep } = server({});
  expect(await sendWaiting([entry('b', 2), entry('a', 1)], post, keep)).toBe('done');
  expect(sent).toEqual(['a', 'b']);
  expect(kept.map(({ no, state }) => [no, state])).toEqual([
    ['a', 'sent'],
    ['b', 'sent'],
  ]);
});

it('stops where nobody is signed in, and everything from there on waits', async () => {
  const { sent, kept, post, keep } = server({ b: new Problem(401, 'sign in') });
  expect(await sendWaiting([entry('a', 1), entry('b', 2), entry('c', 3)], post, keep)).toBe('sign_in');
  expect(sent).toEqual(['a', 'b']);
  expect(kept.map(({ no }) => no)).toEqual(['a']);
});

it('stops without a network and tries again later', async () => {
  const { sent, kept, post, keep } = server({ a: new TypeError('Failed to fetch') });
  expect(await sendWaiting([entry('a', 1), entry('b', 2)], post, keep)).toBe('later');
  expect([sent, kept]).toEqual([['a'], []]);
});

it('keeps what a rule refuses with the reasons, and goes on with the next', async () => {
  const findings = [{ rule: 'title', message: 'title must be given' }];
  const { sent, kept, post, keep } = server({ a: new Problem(422, 'refused', 'refused', null, null, findings) });
  expect(await sendWaiting([entry('a', 1), entry('b', 2)], post, keep)).toBe('done');
  expect(sent).toEqual(['a', 'b']);
  expect(kept[0]).toMatchObject({ no: 'a', state: 'refused', refusal: { status: 422, findings } });
  expect(kept[1]).toMatchObject({ no: 'b', state: 'sent', receipt });
});

it('takes a busy server for a matter of time, and a missing right for one of the report', () => {
  for (const status of [408, 429, 500, 503]) expect(verdictOf(new Problem(status, '')), `${status}`).toBe('later');
  for (const status of [400, 403, 404, 409, 413, 422])
    expect(verdictOf(new Problem(status, '')), `${status}`).toBe('refused');
  expect(verdictOf(new DOMException('late', 'TimeoutError'))).toBe('later');
});

it('sends nothing of another account, and nothing twice', () => {
  const entries = [entry('a', 2), entry('b', 1), entry('c', 0, { by: 'else' }), entry('d', 0, { state: 'sent' })];
  expect(waitingOf(entries, 'officer').map(({ no }) => no)).toEqual(['b', 'a']);
});
