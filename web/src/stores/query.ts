// What somebody may have meant by what they wrote into the search field.

/** Coordinate systems that a pair of numbers in China may be in. */
export const SYSTEMS = ['wgs84', 'gcj02', 'bd09'] as const;
export type System = (typeof SYSTEMS)[number];

export interface Point {
  readonly lon: number;
  readonly lat: number;
}

/** Which questions are worth asking. */
export interface Query {
  readonly text: string;
  /** A pair of numbers; nothing else is then asked. */
  readonly point: Point | null;
  /** Systems that the pair may be in: maps of China for the public are shifted. */
  readonly systems: readonly System[];
  /** Kinds of things whose number it may be. */
  readonly kinds: readonly ('case' | 'camera' | 'unit' | 'building')[];
  /** A place in words. */
  readonly place: boolean;
}

/** Where coordinates of phones and public maps are shifted by some hundred metres. */
const inChina = ({ lon, lat }: Point) => lon > 72 && lon < 138 && lat > 3 && lat < 54;
const onEarth = ({ lon, lat }: Point) => Math.abs(lon) <= 180 && Math.abs(lat) <= 85;

/** Full-width digits, commas and letters as the keyboard of another language writes them. */
function halfWidth(text: string): string {
  return text
    .replace(/[！-～]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
    .replace(/[\u3000\s]+/g, ' ')
    .replace(/[，、]/g, ',')
    .trim();
}

/** `lon, lat`; the other way round where only that can be meant. */
export function pointOf(written: string): Point | null {
  const match = /^(-?\d{1,3}(?:\.\d+)?)°?\s*([EeNn])?\s*[, ]\s*(-?\d{1,3}(?:\.\d+)?)°?\s*([EeNn])?$/.exec(
    halfWidth(written),
  );
  if (match === null) return null;
  const [first, second] = [Number(match[1]), Number(match[3])];
  // Two bare whole numbers are rather a house number.
  if (Number.isInteger(first) && Number.isInteger(second)) return null;
  const given = { lon: first, lat: second };
  const turned = { lon: second, lat: first };
  if (/n/i.test(match[2] ?? '') || /e/i.test(match[4] ?? '')) return onEarth(turned) ? turned : null;
  if (!inChina(given) && inChina(turned)) return turned;
  return onEarth(given) ? given : null;
}

function kindsOf(text: string): Query['kinds'] {
  if (!/^[0-9A-Za-z_-]{6,40}$/.test(text) || !/\d{3}/.test(text)) return [];
  if (/^\d{20}$/.test(text)) return ['camera', 'case'];
  if (/^\d{6,15}B\d+$/i.test(text)) return ['building'];
  const isUnit = /^\d{6}([0-9A-Z]{0,18})$/i.test(text);
  return isUnit ? ['unit', ...(text.length > 9 ? (['case'] as const) : [])] : ['case'];
}

export function readQuery(written: string): Query {
  const text = halfWidth(written);
  const point = pointOf(written);
  const kinds = point === null ? kindsOf(text) : [];
  return {
    text,
    point,
    systems: point === null ? [] : inChina(point) ? SYSTEMS : ['wgs84'],
    kinds,
    // A number alone is no place; two characters are the shortest name.
    place: point === null && text.length >= 2 && /\D/.test(text) && !(kinds.length > 0 && /^[\x20-\x7e]+$/.test(text)),
  };
}
