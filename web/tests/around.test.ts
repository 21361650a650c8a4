import { expect, it } from 'vitest';
import type { Around, Case, Sight } from '../src/api/things';
import type { NearbyItem } from '../src/api/types';
import { boundsAround, boundsOf, circle, wallOn } from '../src/map/geometry';
import { aroundMarks, keyOf, spotMarks } from '../src/map/thing_marks';
import { groupsOf, leadFirst, numberedOf } from '../src/stores/around_groups';
import { courseOf } from '../src/stores/course';
import { left } from '../src/stores/due';

const at = { lon: 121, lat: 31, distance_m: 10, bearing_deg: 0 };
const camera = (id: string, sight: Sight['sight'], distance_m = 10): Sight => ({
  ...at,
  id,
  name: id,
  sight,
  distance_m,
});
const item = (kind: string, id: string): NearbyItem => ({ ...at, kind, id, name: id, state: null });
const many = (kind: string, count: number) => Array.from({ length: count }, (_, i) => item(kind, `${kind}${i}`));
const listed = <T>(items: readonly T[], more = false) => ({ items, more });
const responsibility = {
  departments: [
    { role: 'assist', code: 'b', department: 'B', rule: '1' },
    { role: 'lead', code: 'a', department: 'A', rule: '1' },
  ],
} as unknown as Around['responsibility'];
const around = {
  target: { lon: 121, lat: 31, name: 'x', state: null, building_code: null, address: null },
  responsibility,
  cameras: listed([camera('far', 'clear', 90), camera('shut', 'blocked', 5), camera('near', 'clear', 20)]),
  history: listed([item('case', 'c1'), item('inspection', 'i1')]),
  cases: listed([item('case', 'c1'), item('case', 'c2')]),
  key_places: listed(many('key_place', 9), true),
  as_of: '2026-01-01T00:00:00Z',
} satisfies Around;

it('keeps the groups in one order, cameras that see first', () => {
  const groups = groupsOf(around, []);
  expect(groups.map(({ name }) => name)).toEqual(['cameras', 'history', 'cases', 'key_places']);
  expect(groups[0]?.rows.map(({ id }) => id)).toEqual(['near', 'far', 'shut']);
});

it('gives a thing in two groups one number, the same as on the map', () => {
  const groups = groupsOf(around, []);
  expect(groups[1]?.rows.map(({ number }) => number)).toEqual([4, 5]);
  expect(groups[2]?.rows.map(({ number }) => number)).toEqual([4, 6]);
  const plates = aroundMarks(around, numberedOf(groups), new Map(), null, 500).filter(
    ({ properties }) => properties?.['role'] === 'plate',
  );
  expect(plates.map(({ properties }) => properties?.['number'])).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

it('shows five rows of a group until it is opened', () => {
  expect(groupsOf(around, [])[3]).toMatchObject({ count: 9, more: true, rows: { length: 5 } });
  expect(groupsOf(around, ['key_places'])[3]?.rows).toHaveLength(9);
});

it('draws a sight line a camera, with a cross where the wall is known, and a spoke to what is no camera', () => {
  const numbered = numberedOf(groupsOf(around, []));
  const walls = new Map([['shut', [121.001, 31] as const]]);
  const roles = (active: string | null) =>
    aroundMarks(around, numbered, walls, active, 500).map(({ properties }) => properties?.['role'] as string);
  expect(roles(null).filter((role) => role === 'sight')).toHaveLength(3);
  expect(roles(null).filter((role) => role === 'cross')).toHaveLength(1);
  expect(roles(keyOf({ kind: 'case', id: 'c2' }))).toContain('spoke');
  expect(roles(keyOf({ kind: 'camera', id: 'near' }))).not.toContain('spoke');
});

it('puts the department that leads first', () => {
  expect(leadFirst(responsibility).departments.map(({ code }) => code)).toEqual(['a', 'b']);
});

const square = (west: number, east: number) => ({
  type: 'Feature' as const,
  geometry: {
    type: 'Polygon' as const,
    coordinates: [
      [
        [west, -1],
        [east, -1],
        [east, 1],
        [west, 1],
        [west, -1],
      ],
    ],
  },
  properties: { sight: 'blocked' },
});

it('finds the wall where the sight first enters a shadow', () => {
  expect(wallOn([0, 0], [10, 0], [square(6, 8), square(4, 5)])).toEqual([4, 0]);
});

it('finds no wall where nothing is in the way, or beyond the place', () => {
  expect(wallOn([0, 0], [10, 0], [])).toBeNull();
  expect(wallOn([0, 0], [3, 0], [square(4, 5)])).toBeNull();
  expect(wallOn([0, 0], [10, 0], [{ ...square(4, 5), properties: { sight: 'clear' } }])).toBeNull();
});

it('draws a circle of its radius', () => {
  const [west, south, east, north] = boundsOf(circle(121, 31, 1113.2));
  expect(north - south).toBeCloseTo(0.02, 5);
  expect((east - west) * Math.cos((31 * Math.PI) / 180)).toBeCloseTo(0.02, 5);
});

it('frames a thing and its cameras with some room', () => {
  const [west, south, east, north] = boundsAround(
    [
      [121, 31],
      [121.01, 31.02],
    ],
    111.32,
  );
  expect([south, north].map((lat) => lat.toFixed(3))).toEqual(['30.999', '31.021']);
  expect(west).toBeLessThan(121);
  expect(east).toBeGreaterThan(121.01);
});

it('ranks hot spots from one and marks the one that is looked at', () => {
  const spot = { lon: 121, lat: 31, radius_m: 50 } as Parameters<typeof spotMarks>[0][number];
  const marks = spotMarks([spot, spot], 1).filter(({ properties }) => properties?.['role'] === 'spot-rank');
  expect(marks.map(({ properties }) => [properties?.['label'], properties?.['active']])).toEqual([
    ['1', false],
    ['2', true],
  ]);
});

it('tells the course from events, and from times where there is no event', () => {
  const one = {
    received_at: '2026-01-01T00:00:00Z',
    accepted_at: '2026-01-02T00:00:00Z',
    events: [{ no: 1, event: 'accept', at: '2026-01-02T00:00:01Z', actor: 'a', department_code: null, note: null }],
  } as unknown as Case;
  expect(courseOf(one).map(({ event, actor }) => [event, actor])).toEqual([
    ['register', null],
    ['accept', 'a'],
  ]);
});

it('counts what is left and what is late', () => {
  const hour = 3_600_000;
  expect(left(27 * hour, 0)).toEqual({ late: false, days: 1, hours: 3, minutes: 0 });
  expect(left(0, 90 * 60_000)).toEqual({ late: true, days: 0, hours: 1, minutes: 30 });
});
