// A thing, what is around it and hot spots as geometry with roles; layers/things.ts says how each role looks.
import type { Feature, FeatureCollection, Geometry, MultiPolygon, Polygon } from 'geojson';
import type { Around, CameraView, Hotspot, Sight } from '../api/things';
import { circle, type LngLat } from './geometry';

const feature = (geometry: Geometry, properties: Record<string, unknown>): Feature => ({
  type: 'Feature',
  geometry,
  properties,
});
const point = (lng: number, lat: number, properties: Record<string, unknown>) =>
  feature({ type: 'Point', coordinates: [lng, lat] }, properties);
const line = (from: LngLat, to: LngLat, properties: Record<string, unknown>) =>
  feature({ type: 'LineString', coordinates: [[...from], [...to]] }, properties);

export const collection = (features: readonly Feature[]): FeatureCollection => ({
  type: 'FeatureCollection',
  features: [...features],
});

export const pin = (lng: number, lat: number): Feature => point(lng, lat, { role: 'pin' });

export const outline = (area: Polygon | MultiPolygon): Feature => feature(area, { role: 'outline' });

/** What a camera sees, cut by the shadows of buildings. */
export function viewMarks(view: CameraView): Feature[] {
  return view.features.map(({ geometry, properties }) => feature(geometry, { role: 'view', sight: properties.sight }));
}

/** Ranks run from 1, as in the list. */
export function spotMarks(spots: readonly Hotspot[], active: number | null): Feature[] {
  return spots.flatMap((spot, index) => {
    const own = { active: index === active, label: String(index + 1) };
    return [
      feature(circle(spot.lon, spot.lat, spot.radius_m), { role: 'spot', ...own }),
      point(spot.lon, spot.lat, { role: 'spot-rank', ...own }),
    ];
  });
}

/** Something around a thing that has a number in the list and on the map. */
export interface Numbered {
  readonly kind: string;
  readonly id: string;
  readonly lon: number;
  readonly lat: number;
}

export const keyOf = ({ kind, id }: Pick<Numbered, 'kind' | 'id'>): string => `${kind} ${id}`;

/** One number a thing, in the order of the list, however many groups it stands in. */
export function number(items: readonly Numbered[]): Numbered[] {
  return [...new Map(items.map((item) => [keyOf(item), item] as const)).values()];
}

/** Sight lines, with a cross at each wall that is known. */
function sights(around: Around, walls: ReadonlyMap<string, LngLat>, active: string | null): Feature[] {
  const { lon, lat } = around.target;
  return around.cameras.items.flatMap((camera: Sight) => {
    const isActive = active === keyOf({ kind: 'camera', id: camera.id });
    const seen = line([camera.lon, camera.lat], [lon, lat], { role: 'sight', sight: camera.sight, active: isActive });
    const wall = camera.sight === 'blocked' ? walls.get(camera.id) : undefined;
    return wall === undefined ? [seen] : [seen, point(wall[0], wall[1], { role: 'cross' })];
  });
}

/** The thing, the ring that was asked about, sight lines, numbered plates and the spoke to the one that is looked at. */
export function aroundMarks(
  around: Around,
  numbered: readonly Numbered[],
  walls: ReadonlyMap<string, LngLat>,
  active: string | null,
  radiusM: number,
): Feature[] {
  const { lon, lat } = around.target;
  const target = numbered.find((item) => keyOf(item) === active);
  const isCamera = target?.kind === 'camera';
  const plates = numbered.map((item, index) =>
    point(item.lon, item.lat, {
      role: 'plate',
      number: index + 1,
      label: String(index + 1),
      active: keyOf(item) === active,
    }),
  );
  return [
    feature(circle(lon, lat, radiusM), { role: 'ring' }),
    ...(target === undefined || isCamera ? [] : [line([lon, lat], [target.lon, target.lat], { role: 'spoke' })]),
    ...sights(around, walls, active),
    pin(lon, lat),
    ...plates,
  ];
}
