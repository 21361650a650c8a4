// Faces put together from their arcs: rings that close, because neighbours share every arc.
import type { Point } from '../api/drafts';
import type { Graph } from './graph';

export type Ring = readonly Point[];

interface Side {
  readonly points: Ring;
  readonly from: number | null;
  readonly to: number | null;
}

/** Each face's arcs in the direction in which the face lies on their left. */
function sidesByFace(graph: Graph): Map<number, Side[]> {
  const sides = new Map<number, Side[]>();
  const add = (face: number | null, side: Side) => {
    if (face === null) return;
    const own = sides.get(face);
    if (own === undefined) sides.set(face, [side]);
    else own.push(side);
  };
  for (const { points, start, end, left, right } of graph.arcs.values()) {
    add(left, { points, from: start, to: end });
    add(right, { points: [...points].reverse(), from: end, to: start });
  }
  return sides;
}

const angle = (from: Point | undefined, to: Point | undefined) =>
  from === undefined || to === undefined ? 0 : Math.atan2(to[1] - from[1], to[0] - from[0]);

/** Of several ways on from a node the one that stays at the same face: the sharpest turn to the left. */
function nextSide(came: Side, choices: readonly Side[]): Side | undefined {
  if (choices.length < 2) return choices[0];
  const back = angle(came.points.at(-1), came.points.at(-2));
  const turn = (side: Side) => {
    const clockwise = back - angle(side.points[0], side.points[1]);
    return clockwise <= 1e-12 ? clockwise + 2 * Math.PI : clockwise;
  };
  return choices.reduce((best, side) => (turn(side) < turn(best) ? side : best));
}

function ringsOfSides(sides: readonly Side[]): Ring[] | null {
  const left = new Set(sides);
  const rings: Ring[] = [];
  for (const first of sides) {
    if (!left.delete(first)) continue;
    const ring: Point[] = [...first.points];
    let side = first;
    while (side.to !== first.from) {
      const next = nextSide(
        side,
        [...left].filter((one) => one.from === side.to),
      );
      // A face at the rim of what was loaded has arcs that are not here.
      if (next === undefined) return null;
      left.delete(next);
      ring.push(...next.points.slice(1));
      side = next;
    }
    rings.push(ring);
  }
  return rings;
}

/** Twice the area within a ring, above zero when it runs against the clock. */
export function doubleArea(ring: Ring): number {
  const [ox, oy] = ring[0] ?? [0, 0];
  let sum = 0;
  for (let i = 0; i + 1 < ring.length; i++) {
    const [x0, y0] = ring[i] as Point;
    const [x1, y1] = ring[i + 1] as Point;
    sum += (x0 - ox) * (y1 - oy) - (x1 - ox) * (y0 - oy);
  }
  return sum;
}

export function contains(ring: Ring, [x, y]: Point): boolean {
  let inside = false;
  for (let i = 0; i + 1 < ring.length; i++) {
    const [x0, y0] = ring[i] as Point;
    const [x1, y1] = ring[i + 1] as Point;
    if (y0 > y !== y1 > y && x < ((x1 - x0) * (y - y0)) / (y1 - y0) + x0) inside = !inside;
  }
  return inside;
}

/** An outer ring and its holes. */
export type Polygon = readonly Ring[];

/** The polygons of every face that is here as a whole. */
export function polygons(graph: Graph): Map<number, Polygon[]> {
  const found = new Map<number, Polygon[]>();
  for (const [face, sides] of sidesByFace(graph)) {
    const rings = ringsOfSides(sides);
    if (rings === null || !graph.faces.has(face)) continue;
    const outer = rings.filter((ring) => doubleArea(ring) > 0);
    const holes = rings.filter((ring) => doubleArea(ring) <= 0);
    const within = (ring: Ring, hole: Ring) => hole[0] !== undefined && contains(ring, hole[0]);
    found.set(
      face,
      outer.map((ring) => [ring, ...(outer.length === 1 ? holes : holes.filter((hole) => within(ring, hole)))]),
    );
  }
  return found;
}

/** The face under a point. */
export function faceAt(shapes: ReadonlyMap<number, readonly Polygon[]>, point: Point): number | null {
  for (const [face, parts] of shapes)
    for (const [outer, ...holes] of parts)
      if (outer !== undefined && contains(outer, point) && !holes.some((hole) => contains(hole, point))) return face;
  return null;
}
