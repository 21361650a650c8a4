// The view as an address: what a link must say so that another person sees the same picture.

/** Where the map looks from. */
export interface Camera {
  readonly lng: number;
  readonly lat: number;
  readonly zoom: number;
  readonly bearing: number;
  readonly pitch: number;
}

export interface Place {
  readonly lng: number;
  readonly lat: number;
}

/** Everything the address holds; what is null is left to the browser or to the default. */
export interface ViewAddress {
  readonly camera: Camera | null;
  readonly layers: readonly string[] | null;
  readonly theme: 'light' | 'dark' | null;
  readonly language: 'zh-CN' | 'en' | null;
  readonly at: Place | null;
}

function numbers(text: string | null, count: number): number[] | null {
  if (text === null) return null;
  const values = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  return values.length === count && values.every(Number.isFinite) ? values : null;
}

const onEarth = (lng: number, lat: number) => Math.abs(lng) <= 180 && Math.abs(lat) <= 85;

function place(text: string | null): Place | null {
  const [lng, lat] = numbers(text, 2) ?? [];
  return lng !== undefined && lat !== undefined && onEarth(lng, lat) ? { lng, lat } : null;
}

/** `c=lng,lat,z,bearing,pitch`; the last two may be left out. */
function camera(text: string | null): Camera | null {
  const parts = text?.split(',').length ?? 0;
  const [lng, lat, zoom, bearing = 0, pitch = 0] = numbers(text, Math.min(5, Math.max(3, parts))) ?? [];
  if (lng === undefined || lat === undefined || zoom === undefined || !onEarth(lng, lat)) return null;
  return { lng, lat, zoom: Math.min(22, Math.max(0, zoom)), bearing, pitch: Math.min(60, Math.max(0, pitch)) };
}

/** Reads an address; whatever is malformed is as if it were not there. */
export function parseView(search: string): ViewAddress {
  const query = new URLSearchParams(search);
  const theme = query.get('theme');
  const language = query.get('lang');
  const layers = query.get('l');
  return {
    camera: camera(query.get('c')),
    layers: layers === null ? null : layers.split(',').filter((id) => id !== ''),
    theme: theme === 'light' || theme === 'dark' ? theme : null,
    language: language === 'zh-CN' || language === 'en' ? language : null,
    at: place(query.get('at')),
  };
}

/** `pmtiles=ADDRESS`, as often as wanted: tilesets that are to come from archives. */
export function archivesOf(search: string): string[] {
  return [...new Set(new URLSearchParams(search).getAll('pmtiles'))].filter((address) => address !== '');
}

const round = (value: number, digits: number) => Number(value.toFixed(digits));

/** Writes an address; commas stay readable, parameters that are not ours are kept. */
export function formatView(view: ViewAddress, search = ''): string {
  const query = new URLSearchParams(search);
  for (const ours of ['c', 'l', 'theme', 'lang', 'at']) query.delete(ours);
  const parts = query.size > 0 ? [query.toString()] : [];
  if (view.camera !== null) {
    const { lng, lat, zoom, bearing, pitch } = view.camera;
    const tilt = round(bearing, 1) === 0 && round(pitch, 1) === 0 ? [] : [round(bearing, 1), round(pitch, 1)];
    parts.push(`c=${[round(lng, 6), round(lat, 6), round(zoom, 2), ...tilt].join(',')}`);
  }
  if (view.layers !== null) parts.push(`l=${view.layers.map(encodeURIComponent).join(',')}`);
  if (view.at !== null) parts.push(`at=${round(view.at.lng, 6)},${round(view.at.lat, 6)}`);
  if (view.theme !== null) parts.push(`theme=${view.theme}`);
  if (view.language !== null) parts.push(`lang=${view.language}`);
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}
