import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Me } from '../src/api/account';
import { Problem } from '../src/api/ask';
import { fetchCity } from '../src/api/client';
import { report } from '../src/api/door';
import { check, enrol, expired, findOut, may, session, signIn, signOut } from '../src/stores/session.svelte';

const me: Me = {
  name: 'viewer',
  display_name: 'Viewer',
  role: 'viewer',
  areas: null,
  departments: null,
  clearance: 'open',
  actions: ['read_map', 'own_account'],
  must_enrol_second_factor: false,
  is_token: false,
  is_open: false,
};

type Reply = Response | (() => Response | Promise<Response>);
const asked: string[] = [];
const bodies: unknown[] = [];
let replies: Reply[] = [];

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });
const problem = (status: number, kind: string, more = {}, headers = {}) =>
  json(status, { type: `/api/problems/${kind}`, title: kind, ...more }, headers);

/** Answers in this order; one question more than answers is a failure of the network. */
function server(...next: Reply[]): void {
  replies = next;
}

async function signedIn(): Promise<void> {
  server(json(200, me));
  await findOut();
  asked.length = 0;
}

beforeEach(() => {
  vi.useFakeTimers();
  asked.length = 0;
  bodies.length = 0;
  vi.stubGlobal('fetch', async (path: string, init: RequestInit = {}) => {
    asked.push(`${init.method ?? 'GET'} ${path}`);
    if (typeof init.body === 'string') bodies.push(JSON.parse(init.body));
    const next = replies.shift();
    if (next === undefined) throw new TypeError('Failed to fetch');
    return typeof next === 'function' ? next() : next;
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  Object.assign(session, { state: 'unknown', me: null, ended: false, told: null });
});

it('lets in whom the server knows', async () => {
  await signedIn();
  expect(session).toMatchObject({ state: 'in', me: { name: 'viewer' }, ended: false });
  expect([may('read_map'), may('read_cameras')]).toEqual([true, false]);
});

it('shows the sign-in page to a stranger, and says nothing of an ended session', async () => {
  server(problem(401, 'not-signed-in'));
  await findOut();
  expect(session).toMatchObject({ state: 'out', me: null, ended: false, told: null });
});

it('says why an account is not let in', async () => {
  server(problem(403, 'not-allowed', { detail: 'suspended' }));
  await findOut();
  expect(session).toMatchObject({ state: 'out', told: 'not-allowed: suspended' });
});

it('asks a server that does not answer until it does', async () => {
  server(problem(503, 'unavailable'));
  await findOut();
  expect(session).toMatchObject({ state: 'unknown', told: 'unavailable' });
  await vi.advanceTimersByTimeAsync(3000);
  expect(session.state).toBe('unknown');
  server(json(200, me));
  await vi.advanceTimersByTimeAsync(3000);
  expect(session.state).toBe('in');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(3);
});

it('signs in with the code only where there is one', async () => {
  server(problem(401, 'second-factor-needed'), json(201, me));
  await expect(signIn({ name: 'a', password: 'b' })).rejects.toMatchObject({ kind: 'second-factor-needed' });
  expect(session.state).not.toBe('in');
  await signIn({ name: 'a', password: 'b', code: '123456' });
  expect(session.state).toBe('in');
  expect(bodies).toEqual([
    { name: 'a', password: 'b' },
    { name: 'a', password: 'b', code: '123456' },
  ]);
});

it('is told how long a name is locked', async () => {
  server(problem(429, 'locked-out', {}, { 'retry-after': '900' }));
  const refused = signIn({ name: 'a', password: 'b' });
  await expect(refused).rejects.toBeInstanceOf(Problem);
  await expect(refused).rejects.toMatchObject({ kind: 'locked-out', retryAfterS: 900 });
});

it('notices the end of a session at any request, once', async () => {
  await signedIn();
  server(problem(401, 'not-signed-in'), problem(401, 'not-signed-in'));
  const both = await Promise.allSettled([fetchCity('en'), fetchCity('en')]);
  expect(both.map((one) => one.status)).toEqual(['rejected', 'rejected']);
  expect(session).toMatchObject({ state: 'out', me: null, ended: true });
  session.ended = false;
  expired();
  expect(session.ended).toBe(false);
});

it('keeps the session when a right is missing or the server fails', async () => {
  await signedIn();
  server(problem(403, 'not-allowed', { detail: 'no' }), problem(503, 'unavailable'));
  await expect(fetchCity('en')).rejects.toMatchObject({ status: 403, message: 'not-allowed: no' });
  await expect(fetchCity('en')).rejects.toMatchObject({ status: 503 });
  expect(session.state).toBe('in');
});

it('does not end a session for an answer to the one before', async () => {
  await signedIn();
  const late = report();
  expired();
  server(json(201, me));
  await signIn({ name: 'a', password: 'b' });
  late(401);
  expect(session.state).toBe('in');
  report()(401);
  expect(session.state).toBe('out');
});

it('signs out, and stays in when the server did not hear it', async () => {
  await signedIn();
  await expect(signOut()).rejects.toThrow();
  expect(session.state).toBe('in');
  server(new Response(null, { status: 204 }));
  await signOut();
  expect(session).toMatchObject({ state: 'out', me: null, ended: false });
  expect(asked).toEqual(['DELETE /v1/session', 'DELETE /v1/session']);
});

it('learns of rights that were taken, and of a session that ended elsewhere', async () => {
  await signedIn();
  server(json(200, { ...me, actions: [] }));
  await check();
  expect(may('read_map')).toBe(false);
  await check();
  expect(session.state, 'a lost connection is no end').toBe('in');
  server(problem(401, 'not-signed-in'));
  await check();
  expect(session).toMatchObject({ state: 'out', ended: true });
});

it('does not come back in by a question that was asked before signing out', async () => {
  await signedIn();
  server(
    () => new Promise((answer) => setTimeout(() => answer(json(200, me)), 1000)),
    new Response(null, { status: 204 }),
  );
  const slow = check();
  await signOut();
  await vi.advanceTimersByTimeAsync(1000);
  await slow;
  expect(session.state).toBe('out');
});

it('lets in after the second factor is kept, and says what is wrong with a code', async () => {
  server(json(200, { ...me, must_enrol_second_factor: true }));
  await findOut();
  const proposed = { secret: 'ABCD', uri: 'otpauth://totp/cim:a' };
  server(problem(422, 'refused', { detail: 'the code does not fit' }));
  await expect(enrol(proposed, '1')).rejects.toMatchObject({ detail: 'the code does not fit' });
  expect(session.me?.must_enrol_second_factor).toBe(true);
  server(new Response(null, { status: 204 }), json(200, me));
  await enrol(proposed, '123456');
  expect(session.me?.must_enrol_second_factor).toBe(false);
  expect(bodies.at(-1)).toEqual({ secret: 'ABCD', code: '123456' });
});
