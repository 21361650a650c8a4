import { describe, expect, it } from 'vitest';
import type { Point } from '../src/api/drafts';
import { apply, arcsOf, EMPTY, handles, isOutline, move, place, rankOf, unitOf } from '../src/planning/graph';
import { doubleArea, faceAt, polygons } from '../src/planning/rings';
import { latticeCity } from './lattice_city';

const city = apply(EMPTY, latticeCity(4));
const inner = (arc: { left: number | null; right: number | null }) => arc.left !== null && arc.right !== null;

describe('the borders of a draft', () => {
  it('close into rings that run against the clock', () => {
    const shapes = polygons(city);
    expect(shapes.size).toBe(16);
    for (const parts of shapes.values()) {
      expect(parts).toHaveLength(1);
      const ring = parts[0]?.[0] ?? [];
      expect(ring.at(0)).toEqual(ring.at(-1));
      expect(ring).toHaveLength(9);
      expect(doubleArea(ring)).toBeCloseTo(2e-6, 12);
    }
  });

  it('move at a node with all four arcs', () => {
    const node = { kind: 'node', node: 7 } as const;
    expect(arcsOf(city, node)).toHaveLength(4);
    const moved = move(city, node, [0.0012, 0.0011]);
    for (const id of arcsOf(city, node)) {
      const arc = moved.arcs.get(id);
      const end = arc?.start === 7 ? arc.points[0] : arc?.points.at(-1);
      expect(end).toEqual([0.0012, 0.0011]);
    }
    expect(place(city, node)).toEqual([0.001, 0.001]);
  });

  it('offer no handle on the outline, not even where a border ends on it', () => {
    const offered = handles(city, (arc) => !isOutline(arc));
    for (const handle of offered) {
      const [x, y] = place(city, handle) as Point;
      expect(x > 0 && x < 0.004 && y > 0 && y < 0.004).toBe(true);
    }
    expect(offered.filter(({ kind }) => kind === 'node')).toHaveLength(9);
    expect(offered.filter(({ kind }) => kind === 'vertex')).toHaveLength([...city.arcs.values()].filter(inner).length);
  });

  it('know the unit under a point and what an arc separates', () => {
    const shapes = polygons(city);
    const face = faceAt(shapes, [0.0035, 0.0005]);
    expect(face).toBe(4);
    expect(unitOf(city, face, 'comprehensive_grid')).toBe(2);
    expect(faceAt(shapes, [0.005, 0.0005])).toBeNull();
    const ranks = [...city.arcs.values()].map((arc) => rankOf(city, arc));
    expect(ranks.filter((rank) => rank === 1)).toHaveLength(4);
    expect(ranks.filter((rank) => rank === 4)).toHaveLength(16);
  });

  it('forget what the server says is gone', () => {
    const gone = apply(city, {
      nodes: [{ id: 7, at: null }],
      arcs: [{ id: 1, points: null }],
      faces: [{ id: 1, base: null }],
      units: [{ id: 100, is_gone: true }],
    });
    expect([gone.nodes.has(7), gone.arcs.has(1), gone.faces.has(1), gone.units.has(100)]).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(polygons(gone).has(1)).toBe(false);
  });

  it('leave out a face of which not every arc is here', () => {
    const arcs = new Map(city.arcs);
    arcs.delete(arcsOf(city, { kind: 'node', node: 7 })[0] ?? 0);
    expect(polygons({ ...city, arcs }).size).toBe(14);
  });

  it('put a hole into the face that has an island', () => {
    const square = (from: number, to: number): Point[] => [
      [from, from],
      [to, from],
      [to, to],
      [from, to],
      [from, from],
    ];
    const graph = apply(EMPTY, {
      nodes: [],
      arcs: [
        { id: 1, points: square(0, 10), start: 1, end: 1, left: 1, right: null },
        { id: 2, points: square(4, 6), start: 2, end: 2, left: 2, right: 1 },
      ],
      faces: [
        { id: 1, base: 1 },
        { id: 2, base: 2 },
      ],
      units: [],
    });
    const shapes = polygons(graph);
    expect(shapes.get(1)?.[0]).toHaveLength(2);
    expect(faceAt(shapes, [5, 5])).toBe(2);
    expect(faceAt(shapes, [2, 2])).toBe(1);
  });
});
