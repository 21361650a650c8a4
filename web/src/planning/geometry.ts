// Lengths on the ground and places along lines, as exact as a picture needs.
import type { Point } from '../api/drafts';

const METRES_PER_DEGREE = 111_195;

export function metres(a: Point, b: Point): number {
  const shrink = Math.cos((((a[1] + b[1]) / 2) * Math.PI) / 180);
  return Math.hypot((b[0] - a[0]) * shrink, b[1] - a[1]) * METRES_PER_DEGREE;
}

/** The nearest place on a line, with the index that a vertex there would have. */
export function nearest(line: readonly Point[], [x, y]: Point): { at: Point; index: number; metres: number } | null {
  const shrink = Math.cos((y * Math.PI) / 180);
  let best: { at: Point; index: number; metres: number } | null = null;
  for (let i = 0; i + 1 < line.length; i++) {
    const [ax, ay] = line[i] as Point;
    const [bx, by] = line[i + 1] as Point;
    const dx = (bx - ax) * shrink;
    const dy = by - ay;
    const along = ((x - ax) * shrink * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1);
    const share = Math.min(1, Math.max(0, along));
    const at: Point = [ax + (bx - ax) * share, ay + (by - ay) * share];
    const far = metres(at, [x, y]);
    if (best === null || far < best.metres) best = { at, index: i + 1, metres: far };
  }
  return best;
}

/** How far the points of a line lie from another at most. */
export function farthest(line: readonly Point[], other: readonly Point[]): { metres: number; at: Point | null } {
  let most: { metres: number; at: Point | null } = { metres: 0, at: null };
  for (const at of line) {
    const found = nearest(other, at);
    if (found !== null && found.metres > most.metres) most = { metres: found.metres, at };
  }
  return most;
}

/** Every coordinate pair of a GeoJSON geometry. */
export function pointsOf(coordinates: unknown): Point[] {
  if (!Array.isArray(coordinates)) return [];
  if (typeof coordinates[0] === 'number') return [[coordinates[0], Number(coordinates[1])]];
  return coordinates.flatMap(pointsOf);
}

/** West, south, east, north. */
export function boundsOf(points: readonly Point[]): [number, number, number, number] | null {
  if (points.length === 0) return null;
  const lngs = points.map(([lng]) => lng);
  const lats = points.map(([, lat]) => lat);
  return [Math.min(...lngs), Math.min(...lats), Math.max(...lngs), Math.max(...lats)];
}
