import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Answer } from '../src/stores/answers';
import { Search } from '../src/stores/search.svelte';
import { json, problem, stubServer } from './stub_server';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const place = (name: string, more = {}) => ({
  lon: 121,
  lat: 31,
  name,
  match_level: 'road',
  accuracy_m: 20,
  building_code: null,
  unit_code: null,
  ...more,
});
function begin() {
  const taken: Answer[] = [];
  return {
    search: new Search(
      () => 'en',
      (answer) => taken.push(answer),
    ),
    taken,
  };
}
const settle = () => vi.advanceTimersByTimeAsync(500);

it('asks once after a pause, not at every letter', async () => {
  const server = stubServer();
  server.answer(json(200, { candidates: [place('常乐路')] }));
  const { search } = begin();
  for (const text of ['常乐', '常乐路']) search.write(text);
  await settle();
  expect(server.asked).toEqual([`GET /v1/locate?text=${encodeURIComponent('常乐路')}`]);
  expect(search.answers.map(({ title }) => title)).toEqual(['常乐路']);
});

it('never shows the answer to what was written before', async () => {
  let late: (response: Response) => void = () => {};
  vi.stubGlobal('fetch', (path: string) =>
    path.includes(encodeURIComponent('常乐路'))
      ? Promise.resolve(json(200, { candidates: [place('常乐路')] }))
      : new Promise<Response>((resolve) => (late = resolve)),
  );
  const { search } = begin();
  search.write('常乐');
  await settle();
  search.write('常乐路');
  await settle();
  late(json(200, { candidates: [place('常乐镇')] }));
  await settle();
  expect(search.answers.map(({ title }) => title)).toEqual(['常乐路']);
});

it('takes the first answer when Enter came before it', async () => {
  const server = stubServer();
  server.answer(json(200, { case_no: 'HM20251221103014152', title: '房屋渗漏' }));
  const { search, taken } = begin();
  search.write('hm20251221103014152');
  search.take();
  expect(taken).toEqual([]);
  await settle();
  expect(taken.map(({ goal }) => goal)).toEqual([{ to: 'thing', kind: 'case', id: 'HM20251221103014152' }]);
});

it('goes round through its answers', async () => {
  const server = stubServer();
  server.answer(json(200, { candidates: [place('一'), place('二')] }));
  const { search, taken } = begin();
  search.write('一二');
  await settle();
  search.step(-1);
  search.take();
  expect(taken[0]?.title).toBe('二');
  search.step(1);
  expect(search.chosen).toBe(0);
});

it('leads to the building or the unit that a place names', async () => {
  const server = stubServer();
  const building = place('15号楼', { match_level: 'building', building_code: 'B1' });
  const stairs = place('15幢1单元', { match_level: 'unit', building_code: 'B1', unit_code: 'U1' });
  const village = place('颐生村', { match_level: 'village', unit_code: 'U1' });
  server.answer(json(200, { candidates: [building, stairs, village] }));
  const { search } = begin();
  search.write('颐生村');
  await settle();
  expect(search.answers.map(({ goal }) => goal)).toEqual([
    { to: 'thing', kind: 'building', id: 'B1' },
    { to: 'thing', kind: 'building', id: 'B1' },
    { to: 'thing', kind: 'unit', id: 'U1' },
  ]);
});

it('takes a number that nobody has for nothing, and a failure for a failure', async () => {
  const server = stubServer();
  server.answer(problem(404, 'not-found'));
  const { search } = begin();
  search.write('HM00000000');
  await settle();
  expect([search.answers, search.failed]).toEqual([[], null]);
  search.write('HM00000001');
  await settle();
  expect(search.failed).toBe('Failed to fetch');
});
