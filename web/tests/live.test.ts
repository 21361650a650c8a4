import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Me } from '../src/api/account';
import { follow, live } from '../src/stores/live.svelte';
import { session } from '../src/stores/session.svelte';

const ready = { ready: true, stale: false, age_s: 0, snapshot: '1', counts: {} };
const city = { name: 'A', synthetic: true, bounds: null, revision: 1 };
let asked: string[] = [];
let cityAnswers: () => Response;

const listener = { tiles: () => {}, tilesets: () => {} };
const reader: Me = {
  name: 'reader',
  display_name: 'Reader',
  role: 'viewer',
  areas: null,
  departments: null,
  clearance: 'public',
  actions: ['read_map'],
  must_enrol_second_factor: false,
  is_token: false,
  is_open: false,
};
const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  Object.assign(session, { state: 'in', me: reader });
  vi.stubGlobal('fetch', async (path: string) => {
    asked.push(path);
    return path === '/v1/city' ? cityAnswers() : json(200, ready);
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('asks nothing of the city where the role does not include it', async () => {
  Object.assign(session, { me: { ...reader, actions: [] } });
  const stop = follow(listener);
  await vi.advanceTimersByTimeAsync(60_000);
  stop();
  expect(asked).not.toContain('/v1/city');
  expect(asked.length).toBeGreaterThan(10);
});

it('asks for the figures of the city once where the server refuses them all the same', async () => {
  cityAnswers = () => json(403, { title: 'no' });
  const stop = follow(listener);
  await vi.advanceTimersByTimeAsync(60_000);
  stop();
  expect(asked.filter((path) => path === '/v1/city')).toHaveLength(1);
  expect(asked.length).toBeGreaterThan(10);
  expect(live.lost, 'the server answers all the same').toBe(false);
});

it('keeps nothing of the city for the next reader, not even what comes late', async () => {
  cityAnswers = () => json(200, city);
  const stop = follow(listener);
  await vi.advanceTimersByTimeAsync(1);
  expect(live.city?.name).toBe('A');
  stop();
  expect(live.city).toBeNull();
  const late = follow(listener);
  late();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(live.city).toBeNull();
});
