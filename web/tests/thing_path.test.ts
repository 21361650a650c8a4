import { expect, it } from 'vitest';
import { pathOf, pathWith, thingOf } from '../src/stores/thing_path';

it.each(['case', 'camera', 'building', 'unit'] as const)('reads and writes the address of a %s', (kind) => {
  const thing = { kind, id: 'A/1 号', around: false };
  expect(thingOf(pathOf(thing))).toEqual(thing);
});

it('reads and writes what is around a case', () => {
  expect(thingOf('/around/case/HM1')).toEqual({ kind: 'case', id: 'HM1', around: true });
  expect(pathOf({ kind: 'case', id: 'HM1', around: true })).toBe('/around/case/HM1');
});

it.each(['/', '/set-up', '/case', '/case/', '/case/1/2', '/around/unit/1', '/other/1', '/case/%E0%A4%A'])(
  'finds no thing in %s',
  (path) => expect(thingOf(path)).toBeNull(),
);

it('leaves the pages of others alone and goes home from its own', () => {
  expect(pathWith(null, '/set-up')).toBe('/set-up');
  expect(pathWith(null, '/case/1')).toBe('/');
  expect(pathWith({ kind: 'unit', id: '1', around: false }, '/case/1')).toBe('/unit/1');
});
