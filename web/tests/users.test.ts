import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { User } from '../src/api/users';
import { codesOf, dayOf, draftOf, faultOf, membershipOf, standingOf } from '../src/stores/membership';
import { addUser, change, entrust, invite, loadUsers, takeSecondFactor, users } from '../src/stores/users.svelte';
import { json, problem, stubServer } from './stub_server';

const user = (name: string, more: Partial<User> = {}): User => ({
  name,
  display_name: name.toUpperCase(),
  role: 'viewer',
  areas: [],
  departments: null,
  clearance: 'open',
  state: 'active',
  valid_from: null,
  valid_until: null,
  has_second_factor: true,
  is_federated: false,
  ...more,
});
const invitation = { name: 'b', role: 'viewer', link: '/invitation#K', expires_at: '2026-12-01T08:00:00Z' };

let server: ReturnType<typeof stubServer>;
beforeEach(() => (server = stubServer()));
afterEach(() => {
  vi.unstubAllGlobals();
  Object.assign(users, { list: [], state: 'loading', told: null });
});

async function loaded(...list: User[]): Promise<void> {
  server.answer(json(200, list));
  await loadUsers();
  server.asked.length = 0;
}

const names = () => users.list.map((one) => one.name);

it('lists the accounts', async () => {
  await loaded(user('a'), user('b'));
  expect(users).toMatchObject({ state: 'there', told: null });
  expect(names()).toEqual(['a', 'b']);
});

it('says why there is no list, and shows none of before', async () => {
  await loaded(user('a'));
  server.answer(problem(403, 'not-allowed', { detail: 'read_users' }));
  await loadUsers();
  expect(users).toMatchObject({ state: 'failed', told: 'read_users', list: [] });
});

it('puts a new account where it belongs and hands out its invitation', async () => {
  await loaded(user('a'), user('c'));
  server.answer(json(201, { user: user('b', { state: 'invited' }), invitation }));
  expect(await addUser({ name: 'b', display_name: 'B' })).toEqual(invitation);
  expect(names()).toEqual(['a', 'b', 'c']);
  expect(server.bodies).toEqual([{ name: 'b', display_name: 'B' }]);
});

it('leaves the list alone when an account is refused', async () => {
  await loaded(user('a'));
  server.answer(problem(409, 'conflict', { detail: 'there is an `a`' }));
  await expect(addUser({ name: 'a', display_name: 'A' })).rejects.toMatchObject({ status: 409 });
  expect(names()).toEqual(['a']);
});

it('suspends, allows and renames by changing only that', async () => {
  await loaded(user('a'), user('b'));
  server.answer(json(200, user('b', { state: 'suspended' })));
  await change('b', { state: 'suspended' });
  expect(users.list[1]?.state).toBe('suspended');
  server.answer(json(200, user('b', { display_name: 'Bee' })));
  await change('b', { display_name: 'Bee' });
  expect(users.list.map((one) => one.display_name)).toEqual(['A', 'Bee']);
  expect(server.bodies).toEqual([{ state: 'suspended' }, { display_name: 'Bee' }]);
  expect(server.asked).toEqual(['PATCH /v1/users/b', 'PATCH /v1/users/b']);
});

it('writes a name into an address so that it stays one part of it', async () => {
  await loaded(user('a/b'));
  server.answer(json(201, invitation));
  await invite('a/b');
  expect(server.asked).toEqual(['POST /v1/users/a%2Fb/invitation']);
  expect(server.bodies).toEqual([{}]);
});

it('gives a role with its whole reach', async () => {
  await loaded(user('b'));
  const membership = membershipOf({ ...draftOf(user('b')), role: 'officer', towns: '320614103，320614104' });
  server.answer(json(200, user('b', membership)));
  await entrust('b', membership);
  expect(users.list[0]).toMatchObject({ role: 'officer', areas: ['320614103', '320614104'] });
  expect(server.asked).toEqual(['PUT /v1/users/b/membership']);
  expect(server.bodies).toEqual([
    {
      role: 'officer',
      areas: ['320614103', '320614104'],
      departments: null,
      clearance: 'open',
      valid_from: null,
      valid_until: null,
    },
  ]);
});

it('takes a second factor away, and only says so when the server did', async () => {
  await loaded(user('b'));
  server.answer(problem(422, 'refused', { detail: 'not your own' }));
  await expect(takeSecondFactor('b')).rejects.toMatchObject({ detail: 'not your own' });
  expect(users.list[0]?.has_second_factor).toBe(true);
  server.answer(new Response(null, { status: 204 }));
  await takeSecondFactor('b');
  expect(users.list[0]?.has_second_factor).toBe(false);
  expect(server.asked.at(-1)).toBe('DELETE /v1/users/b/second-factor');
});

it('reads codes as they are typed in either language', () => {
  expect(codesOf(' 320614103, 320614104，320614105、320614103\n')).toEqual(['320614103', '320614104', '320614105']);
  expect(codesOf(' , ')).toEqual([]);
});

it.each([
  { areas: null, departments: [], clearance: 'secret', valid_from: '2026-01-01', valid_until: null },
  { areas: ['320614103'], departments: ['CG', 'GA'], clearance: 'open', valid_from: null, valid_until: '2027-01-01' },
] as const)('shows a membership in a form and reads the same back', (reach) => {
  expect(membershipOf(draftOf(user('a', reach)))).toEqual({ role: 'viewer', ...reach });
});

it('never takes an empty field for everything', () => {
  const draft = { ...draftOf(user('a')), allTowns: false, towns: '', allDepartments: false, departments: ' ' };
  expect(membershipOf(draft)).toMatchObject({ areas: [], departments: [] });
});

it('refuses days that leave none between them', () => {
  const days = (from: string, until: string) => faultOf({ ...draftOf(user('a')), from, until });
  expect(days('2026-11-24', '2026-11-24')).toBe('membership.no_day');
  expect(days('2026-11-24', '2026-11-25')).toBeNull();
  expect([days('', '2026-11-24'), days('2026-11-24', ''), days('', '')]).toEqual([null, null, null]);
});

it('knows from the days whether an account holds today', () => {
  const on = (today: string, more: Partial<User> = {}) =>
    standingOf(user('a', { valid_from: '2026-03-01', valid_until: '2027-03-01', ...more }), today);
  expect(['2026-02-28', '2026-03-01', '2027-02-28', '2027-03-01'].map((day) => on(day))).toEqual([
    'not_yet',
    'active',
    'active',
    'expired',
  ]);
  expect(on('2030-01-01', { state: 'suspended' })).toBe('suspended');
  expect(on('2030-01-01', { state: 'invited' })).toBe('invited');
});

it('takes the day from the calendar of the reader', () => {
  expect(dayOf(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05');
});
