import { expect, it } from 'vitest';
import { difference, ghost, hues, movable, names, pictureOf } from '../src/planning/drawing';
import { apply, EMPTY, move, unitOf } from '../src/planning/graph';
import { polygons } from '../src/planning/rings';
import { latticeCity } from './lattice_city';

const city = apply(EMPTY, latticeCity(4));
const node = { kind: 'node', node: 7 } as const;

it('shows as old and new only what runs elsewhere', () => {
  const { old, now, moved, far } = difference(city, move(city, node, [0.0012, 0.001]));
  expect(old.features).toHaveLength(2);
  expect(now.features).toHaveLength(2);
  expect(moved.features).toHaveLength(4);
  expect(far).toHaveLength(1);
  expect(far[0]?.metres).toBeCloseTo(22.2, 0);
});

it('shows no difference where a border only has one point more', () => {
  const arc = city.arcs.get(1);
  const [a, b] = arc?.points ?? [];
  if (arc === undefined || a === undefined || b === undefined) throw new Error('no arc');
  const points = [a, [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] as const, ...arc.points.slice(1)];
  const same = { ...city, arcs: new Map(city.arcs).set(1, { ...arc, points }) };
  const { old, now } = difference(city, same);
  expect([...old.features, ...now.features, ...ghost(city, same).features]).toEqual([]);
});

it('tints a face that is another grid now, though no border moved', () => {
  const unit = city.units.get(101);
  if (unit === undefined) throw new Error('no unit');
  const reassigned = { ...city, units: new Map(city.units).set(101, { ...unit, parent: 2 }) };
  expect(difference(city, reassigned).moved.features).toHaveLength(1);
});

it('gives neighbours other hues and keeps those that were given', () => {
  const first = hues(city, new Map());
  expect(first.get(1)).not.toBe(first.get(2));
  expect(hues(move(city, node, [0.0012, 0.001]), first)).toEqual(first);
});

it('offers only the borders of the grid that is chosen', () => {
  const all = movable(city, false, []);
  const some = movable(city, false, [1]);
  expect(some.length).toBeLessThan(all.length);
  for (const handle of some) {
    if (handle.kind !== 'vertex') continue;
    const arc = city.arcs.get(handle.arc);
    expect([
      unitOf(city, arc?.left ?? null, 'comprehensive_grid'),
      unitOf(city, arc?.right ?? null, 'comprehensive_grid'),
    ]).toContain(1);
  }
});

it('names every grid once', () => {
  expect(
    names(city, polygons(city))
      .features.map(({ properties }) => properties?.['name'])
      .sort(),
  ).toEqual(['G1', 'G2']);
});

it('says nothing of places that only one side was loaded for', () => {
  const arcs = new Map([...city.arcs].filter(([, arc]) => (arc.points[1]?.[0] ?? 0) < 0.002));
  const { old, now, moved } = difference({ ...city, arcs }, move(city, node, [0.0012, 0.001]), ([x]) => x < 0.0019);
  expect([old.features.length, now.features.length, moved.features.length]).toEqual([2, 2, 4]);
});

it('draws what a revision changed from the ground before and after', () => {
  const square = (east: number) => [
    [[0, 0] as const, [east, 0] as const, [east, 1] as const, [0, 1] as const, [0, 0] as const],
  ];
  const feature = (side: string, east: number) => ({
    properties: { level: 'micro_grid', side },
    geometry: { coordinates: [square(east)] },
  });
  const { old, now, moved } = pictureOf([feature('before', 1), feature('after', 0.9)]);
  expect(old.features.length).toBeGreaterThan(0);
  expect(now.features.length).toBeGreaterThan(0);
  expect(moved.features).toHaveLength(1);
});
