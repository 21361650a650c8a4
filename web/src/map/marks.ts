// The question as geometry: a pin, numbered plates and a spoke to the one that is looked at.
import type { Feature, FeatureCollection } from 'geojson';
import type { NearbyItem } from '../api/types';

const point = (lng: number, lat: number, properties: Record<string, unknown>): Feature => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates: [lng, lat] },
  properties,
});

/** Numbers run from 1, as in the list. */
export function marksOf(
  at: { readonly lng: number; readonly lat: number } | null,
  items: readonly NearbyItem[],
  active: number | null,
): FeatureCollection {
  if (at === null) return { type: 'FeatureCollection', features: [] };
  const plates = items.map((item, index) =>
    point(item.lon, item.lat, { role: 'plate', number: index + 1, label: String(index + 1), active: index === active }),
  );
  const target = active === null ? undefined : items[active];
  const spoke: Feature[] =
    target === undefined
      ? []
      : [
          {
            type: 'Feature',
            properties: { role: 'spoke' },
            geometry: {
              type: 'LineString',
              coordinates: [
                [at.lng, at.lat],
                [target.lon, target.lat],
              ],
            },
          },
        ];
  return { type: 'FeatureCollection', features: [...spoke, point(at.lng, at.lat, { role: 'pin' }), ...plates] };
}
