// Plane geometry at the size of a district: circles in metres, and where a line of sight meets a wall.
import type { Feature, MultiPolygon, Polygon, Position } from 'geojson';

const METRES_PER_DEGREE = 111_320;

export type LngLat = readonly [number, number];

/** A circle as a polygon. */
export function circle(lng: number, lat: number, radiusM: number, corners = 48): Polygon {
  const north = radiusM / METRES_PER_DEGREE;
  const east = north / Math.cos((lat * Math.PI) / 180);
  const ring = Array.from({ length: corners + 1 }, (_, i): Position => {
    const turn = ((i % corners) / corners) * 2 * Math.PI;
    return [lng + east * Math.sin(turn), lat + north * Math.cos(turn)];
  });
  return { type: 'Polygon', coordinates: [ring] };
}

function ringsOf(area: Polygon | MultiPolygon): Position[][] {
  return area.type === 'Polygon' ? area.coordinates : area.coordinates.flat();
}

/** How far along `from`–`to` an edge crosses it, 0 to 1; none where it does not. */
function crossing(from: LngLat, to: LngLat, a: Position, b: Position): number | null {
  const [ax = 0, ay = 0] = a;
  const [bx = 0, by = 0] = b;
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const [ex, ey] = [bx - ax, by - ay];
  const across = dx * ey - dy * ex;
  if (across === 0) return null;
  const t = ((ax - from[0]) * ey - (ay - from[1]) * ex) / across;
  const u = ((ax - from[0]) * dy - (ay - from[1]) * dx) / across;
  return t >= 0 && t <= 1 && u >= 0 && u <= 1 ? t : null;
}

/**
 * Where a line of sight first leaves what the camera sees: the wall. Shadows begin at walls, so it is the first edge of a
 * blocked part that the line crosses, away from the camera itself.
 */
export function wallOn(
  from: LngLat,
  to: LngLat,
  view: readonly Feature<Polygon | MultiPolygon, { sight: string }>[],
): LngLat | null {
  const AT_THE_LENS = 0.005;
  let nearest: number | null = null;
  for (const part of view.filter((one) => one.properties.sight === 'blocked')) {
    for (const ring of ringsOf(part.geometry)) {
      for (let i = 1; i < ring.length; i++) {
        const [a, b] = [ring[i - 1], ring[i]];
        const t = a === undefined || b === undefined ? null : crossing(from, to, a, b);
        if (t !== null && t > AT_THE_LENS && (nearest === null || t < nearest)) nearest = t;
      }
    }
  }
  if (nearest === null) return null;
  return [from[0] + nearest * (to[0] - from[0]), from[1] + nearest * (to[1] - from[1])];
}

/** West, south, east, north of points, with some room around them. */
export function boundsAround(points: readonly LngLat[], marginM: number): [number, number, number, number] {
  const boxes = points.map(([lng, lat]) => boundsOf(circle(lng, lat, marginM, 4)));
  return [
    Math.min(...boxes.map(([west]) => west)),
    Math.min(...boxes.map(([, south]) => south)),
    Math.max(...boxes.map(([, , east]) => east)),
    Math.max(...boxes.map(([, , , north]) => north)),
  ];
}

/** West, south, east, north. */
export function boundsOf(area: Polygon | MultiPolygon): [number, number, number, number] {
  const all = ringsOf(area).flat();
  const lngs = all.map(([lng = 0]) => lng);
  const lats = all.map(([, lat = 0]) => lat);
  return [Math.min(...lngs), Math.min(...lats), Math.max(...lngs), Math.max(...lats)];
}
