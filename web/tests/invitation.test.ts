import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fetchWaysIn, type Me } from '../src/api/account';
import { addressOf, postSetUp } from '../src/api/invitation';
import { session, takeUp } from '../src/stores/session.svelte';
import { copyText } from '../src/ui/copy';
import { passwordFault } from '../src/ui/password';
import { reason } from '../src/ui/reason';
import { json, problem, stubServer } from './stub_server';

const me: Me = {
  name: 'new',
  display_name: 'New',
  role: 'viewer',
  areas: [],
  departments: [],
  clearance: 'open',
  actions: ['read_map'],
  must_enrol_second_factor: false,
  is_token: false,
  is_open: false,
};
const person = (name: string) => ({ name, display_name: name.toUpperCase() });
const people = { system_admin: person('a'), security_admin: person('b'), auditor: person('c') };
const invitation = { name: 'a', role: 'system_admin', link: '/invitation#K', expires_at: '2026-12-01T08:00:00Z' };

let server: ReturnType<typeof stubServer>;
beforeEach(() => (server = stubServer()));
afterEach(() => {
  vi.unstubAllGlobals();
  Object.assign(session, { state: 'unknown', me: null, ended: false, told: null });
});

it('lets in whoever takes up an invitation', async () => {
  server.answer(json(201, me));
  await takeUp('KEY', 'a long password');
  expect(session).toMatchObject({ state: 'in', me: { name: 'new' } });
  expect(server.asked).toEqual(['POST /v1/invitation']);
  expect(server.bodies).toEqual([{ key: 'KEY', password: 'a long password' }]);
});

it('lets nobody in by a link that is used, and says so', async () => {
  server.answer(problem(410, 'link-refused', { detail: 'the link was used' }));
  const refused = await takeUp('KEY', 'a long password').catch((error: unknown) => error);
  expect(refused).toMatchObject({ status: 410, kind: 'link-refused' });
  expect(reason(refused)).toBe('the link was used');
  expect(session.state).toBe('unknown');
});

it('names the three people of a new server and is given their links', async () => {
  server.answer(json(201, { invitations: [invitation] }));
  const [first] = await postSetUp('KEY', people, 'en');
  expect(server.bodies).toEqual([{ key: 'KEY', ...people }]);
  expect(first && addressOf(first, 'https://cim.example')).toBe('https://cim.example/invitation#K');
});

it('says every thing that is wrong with the three people', async () => {
  const findings = [
    { rule: 'system_admin.name', message: 'a name is needed' },
    { rule: 'auditor.name', message: 'is somebody already' },
    null,
  ];
  server.answer(problem(422, 'refused', { detail: '2 findings', findings }));
  const refused = await postSetUp('KEY', people, 'en').catch((error: unknown) => error);
  expect(reason(refused)).toBe('a name is needed\nis somebody already');
});

it('asks a stranger for nothing when it asks which ways in there are', async () => {
  server.answer(json(200, { oidc: { title: 'District sign-in' }, set_up: false }));
  expect(await fetchWaysIn('en')).toEqual({ oidc: { title: 'District sign-in' }, set_up: false });
  expect(server.asked).toEqual(['GET /v1/session']);
});

it('tells the server that does not answer from the one that refuses', async () => {
  const lost = await fetchWaysIn('en').catch((error: unknown) => error);
  expect(reason(lost)).toBe('服务器没有响应，请稍后再试。');
  server.answer(problem(503, 'unavailable', { detail: 'what only the log should say' }));
  const failed = await fetchWaysIn('en').catch((error: unknown) => error);
  expect(reason(failed)).toBe('unavailable: what only the log should say');
});

it('judges of a password only what the reader can see', () => {
  expect(passwordFault('123456789', '123456789')).toBe('invitation.too_short');
  expect(passwordFault('1234567890', '1234567891')).toBe('invitation.differ');
  expect(passwordFault('1234567890', '1234567890')).toBeNull();
  expect(passwordFault('𠮷𠮷𠮷𠮷𠮷', '𠮷𠮷𠮷𠮷𠮷'), 'five characters, ten units').toBe('invitation.too_short');
});

it('knows whether the browser let it copy', async () => {
  const written: string[] = [];
  vi.stubGlobal('navigator', { clipboard: { writeText: async (text: string) => void written.push(text) } });
  expect(await copyText('link')).toBe(true);
  expect(written).toEqual(['link']);
  // As on a page without TLS.
  vi.stubGlobal('navigator', {});
  expect(await copyText('link')).toBe(false);
});
