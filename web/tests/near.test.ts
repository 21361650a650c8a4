import { expect, it } from 'vitest';
import { leftMs, type NearItem, signOf, timeLeft, workState } from '../src/near/card';
import { usualClasses } from '../src/near/classes';
import { type Filter, filterQuery, nextRadius, passes } from '../src/near/filter';
import { bodyOf, draftOf, findingNumber, fixOf } from '../src/near/finding';
import { coordinatesOf, crsOfBrowser, type Fix, isElsewhere, metresBetween, placeQuery } from '../src/near/fix';
import { tabOf } from '../src/near/tabs';

const NOW = Date.parse('2026-11-30T12:00:00Z');
const fix: Fix = { lng: 121.25, lat: 31.93, accuracyM: 38.04, crs: 'wgs84', at: NOW, source: 'device', name: null };
const item = (more: Partial<NearItem>): NearItem => ({
  kind: 'case',
  id: '1',
  name: 'a case',
  distance_m: 100,
  bearing_deg: 0,
  lon: 121.25,
  lat: 31.93,
  state: 'in_progress',
  ...more,
});

it('takes positions inside WeChat and DingTalk for shifted ones, and those of browsers not', () => {
  expect(crsOfBrowser('Mozilla/5.0 (Linux; Android 14) Chrome/126 MicroMessenger/8.0.50')).toBe('gcj02');
  expect(crsOfBrowser('Mozilla/5.0 (iPhone) AliApp(DingTalk/7.5)')).toBe('gcj02');
  expect(crsOfBrowser('Mozilla/5.0 (Linux; Android 14) Chrome/126 Mobile Safari/537.36')).toBe('wgs84');
});

it('names the system of a shifted position to the server', () => {
  expect(placeQuery(fix)).toBe('lon=121.25&lat=31.93');
  expect(placeQuery({ ...fix, crs: 'gcj02' })).toBe('lon=121.25&lat=31.93&crs=gcj02');
});

it('reads coordinates in either order and with either comma, and nothing else', () => {
  expect(coordinatesOf('121.2558, 31.9346')).toEqual({ lng: 121.2558, lat: 31.9346 });
  expect(coordinatesOf('31.9346，121.2558')).toEqual({ lng: 121.2558, lat: 31.9346 });
  expect(coordinatesOf('121.2558 31.9346')).toEqual({ lng: 121.2558, lat: 31.9346 });
  for (const text of ['状元街12号', '12', '121.2, 31.9, 5', '500, 31']) expect(coordinatesOf(text)).toBeNull();
});

it('asks again after a walk, and not for the trembling of a coarse position', () => {
  const moved = (metres: number, accuracyM = 10): Fix => ({ ...fix, lat: fix.lat + metres / 111_195, accuracyM });
  expect(metresBetween(fix, moved(30))).toBeCloseTo(30, 0);
  expect(isElsewhere(fix, moved(30))).toBe(false);
  expect(isElsewhere(fix, moved(60))).toBe(true);
  expect(isElsewhere(fix, moved(60, 100))).toBe(false);
  expect(isElsewhere(fix, { ...fix, crs: 'gcj02' })).toBe(true);
});

it('tells by five states how work stands, and none for what is no work', () => {
  const due = (hours: number) => new Date(NOW + hours * 3_600_000).toISOString();
  expect(workState(item({ due_at: due(-1) }), NOW)).toBe('overdue');
  expect(workState(item({ due_at: due(5) }), NOW)).toBe('due');
  expect(workState(item({ due_at: due(50) }), NOW)).toBe('doing');
  expect(workState(item({ due_at: due(-1), state: 'closed' }), NOW)).toBe('closed');
  expect(workState(item({ kind: 'finding', state: 'reported' }), NOW)).toBe('new');
  expect(workState(item({ kind: 'finding', state: 'self_handled' }), NOW)).toBe('closed');
  expect(workState(item({ kind: 'inspection', state: 'in_progress' }), NOW)).toBe('doing');
  expect(workState(item({ kind: 'camera', state: 'online' }), NOW)).toBeNull();
  expect(signOf(item({ kind: 'key_place', key_place_kind: 'school' }), NOW)).toBe('place:school');
  expect(leftMs(item({ due_at: due(-1), state: 'closed' }), NOW)).toBeNull();
});

it('tells spans in days, hours and minutes', () => {
  expect(timeLeft(-(2 * 86_400_000 + 3 * 3_600_000))).toEqual({ overdue: true, days: 2, hours: 3, minutes: 0 });
  expect(timeLeft(90_000)).toEqual({ overdue: false, days: 0, hours: 0, minutes: 1 });
});

it('filters work by its state and things without one not at all', () => {
  const filter: Filter = { radiusM: 1000, group: 'work', overdue: false };
  expect(filterQuery(filter)).toBe('kinds=case,finding,inspection&state=open&radius_m=1000&limit=40');
  expect(filterQuery({ ...filter, group: 'camera' })).toBe('kinds=camera&radius_m=1000&limit=40');
  expect(filterQuery({ ...filter, overdue: true })).toBe('kinds=case&state=overdue&radius_m=1000&limit=40');
  expect(filterQuery({ ...filter, radiusM: null, group: 'case' })).toBe('kinds=case&state=open&limit=40');
});

it('makes the same choice on a list that was kept', () => {
  const filter: Filter = { radiusM: 500, group: 'work', overdue: true };
  const over = item({ due_at: new Date(NOW - 1000).toISOString() });
  expect(passes(over, filter, NOW)).toBe(true);
  expect(passes({ ...over, distance_m: 501 }, filter, NOW)).toBe(false);
  expect(passes(item({}), filter, NOW)).toBe(false);
  expect(passes(item({ kind: 'camera' }), { ...filter, overdue: false }, NOW)).toBe(false);
  expect([nextRadius(500), nextRadius(3000), nextRadius(null)]).toEqual([1000, null, undefined]);
});

it('gives a report a number of the day that no other device makes', () => {
  const day = new Date(2026, 10, 30);
  const number = (byte: number) => findingNumber(day, (bytes) => bytes.fill(byte));
  expect(number(3)).toMatch(/^SB20261130-[2-9A-Z]{12}$/);
  expect(number(3)).not.toBe(number(4));
});

it('sends of a draft what was written, with the place and its system', () => {
  const draft = { no: 'SB1', title: ' 垃圾 ', category: '', content: 'x', reportedAt: null };
  const body = bodyOf(draft, { ...fix, crs: 'gcj02' }, new Date(NOW));
  expect(body).toEqual({
    finding_no: 'SB1',
    title: '垃圾',
    content: 'x',
    reported_at: '2026-11-30T12:00:00.000Z',
    source_updated_at: '2026-11-30T12:00:00.000Z',
    lon: 121.25,
    lat: 31.93,
    crs: 'gcj02',
    accuracy_m: 38,
  });
});

it('changes a report under its number, its place and its first time', () => {
  const body = bodyOf({ no: 'SB1', title: 'a', category: '0101', content: '', reportedAt: null }, fix, new Date(NOW));
  const again = bodyOf({ ...draftOf(body), title: 'b' }, fixOf(body), new Date(NOW + 60_000));
  expect(again).toEqual({ ...body, title: 'b', source_updated_at: '2026-11-30T12:01:00.000Z' });
});

it('offers the classes that findings around usually have', () => {
  const one = (category_code: string | null, name: string) => item({ kind: 'finding', category_code, name });
  const items = [one('01', 'a'), one('02', 'b'), one('02', 'c'), one('02', 'c'), one(null, 'd')];
  expect(usualClasses(items)).toEqual([
    { code: '02', example: 'c' },
    { code: '01', example: 'a' },
  ]);
});

it('opens the part of the page that the address names', () => {
  expect([tabOf(''), tabOf('#report'), tabOf('#queue'), tabOf('#else')]).toEqual(['near', 'report', 'queue', 'near']);
});
