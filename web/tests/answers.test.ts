import { expect, it } from 'vitest';
import { LISTED_THINGS, nearest } from '../src/api/client';
import { stateOf } from '../src/api/case_state';
import { changedTilesets, type Drawn } from '../src/api/changes';
import type { NearbyItem } from '../src/api/types';
import { marksOf } from '../src/map/marks';
import { COMMANDS, KEY_MAP, KEY_SHEET } from '../src/ui/keys';

it('tells five states from sixteen words', () => {
  expect(stateOf('registered', false)).toBe('new');
  expect(stateOf('in_progress', false)).toBe('doing');
  expect(stateOf('in_progress', true)).toBe('overdue');
  expect(stateOf('in_progress', false, true)).toBe('due');
  expect(stateOf('closed', true)).toBe('closed');
});

const item = (lon: number): NearbyItem => ({
  kind: 'camera',
  id: String(lon),
  name: '',
  distance_m: 1,
  bearing_deg: 0,
  lon,
  lat: 31,
  state: null,
});

it('numbers the marks as the list does and draws a spoke to the active one', () => {
  const marks = marksOf({ lng: 121, lat: 31 }, [item(121.1), item(121.2)], 1);
  expect(marks.features.map((feature) => feature.properties?.['role'])).toEqual(['spoke', 'pin', 'plate', 'plate']);
  expect(marks.features[3]?.properties).toMatchObject({ number: 2, active: true });
  expect(marksOf(null, [item(1)], null).features).toEqual([]);
});

const drawn = (counts: Record<string, number>, snapshot = '1', revision = 1): Drawn => ({
  ready: { ready: true, stale: false, age_s: 0, snapshot, counts },
  city: { name: null, synthetic: true, bounds: null, revision },
});

it('asks again for exactly the tilesets that a change touches', () => {
  const before = drawn({ building: 1, case: 1 });
  expect(changedTilesets(before, drawn({ building: 1, case: 1 }))).toEqual([]);
  expect(changedTilesets(before, drawn({ building: 2, case: 1 }))).toEqual(['building']);
  expect(changedTilesets(before, drawn({ building: 1, case: 1 }, '2'))).toEqual(['linkage']);
  expect(changedTilesets(before, drawn({ building: 1, case: 1 }, '1', 2))).toEqual(['boundary']);
});

it('has a line in the sheet for every command and no key that does two things', () => {
  const bound = new Set(Object.values(KEY_MAP));
  for (const command of COMMANDS) expect(bound, command).toContain(command);
  const shown = KEY_SHEET.flatMap((row) => row.keys).filter((key) => /^[A-Z?]$/.test(key));
  expect(new Set(shown).size).toBe(shown.length);
  for (const key of shown) expect(KEY_MAP).toHaveProperty([key.toLowerCase()]);
});

it('merges answers by distance and keeps the older time', () => {
  const far = { ...item(1), distance_m: 9 };
  const many = Array.from({ length: LISTED_THINGS }, (_, i) => ({ ...item(i), distance_m: i }));
  const merged = nearest([
    { items: [far], more: false, as_of: '2026-01-02T00:00:00Z' },
    { items: many, more: false, as_of: '2026-01-01T00:00:00Z' },
  ]);
  expect(merged.items).toHaveLength(LISTED_THINGS);
  expect(merged.items.findIndex((one) => one === far)).toBe(9);
  expect(merged).toMatchObject({ more: true, as_of: '2026-01-01T00:00:00Z' });
});
