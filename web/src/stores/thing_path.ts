// The thing that a page is about, as its path: `/case/ID` opens its drawer, `/around/case/ID` what is around it.

export const THING_KINDS = ['case', 'camera', 'building', 'unit'] as const;
export type ThingKind = (typeof THING_KINDS)[number];

export interface Thing {
  readonly kind: ThingKind;
  readonly id: string;
  /** The page tells what is around it. */
  readonly around: boolean;
}

/** Units have no surroundings: they are areas. */
export function hasAround(kind: ThingKind): boolean {
  return kind !== 'unit';
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

/** The thing of a path; none where the path is another page. */
export function thingOf(pathname: string): Thing | null {
  const parts = pathname.split('/').slice(1);
  const around = parts[0] === 'around';
  const [kind, written, ...more] = around ? parts.slice(1) : parts;
  const id = written === undefined ? null : decoded(written);
  const known = THING_KINDS.find((one) => one === kind);
  if (known === undefined || id === null || id === '' || more.length > 0) return null;
  return around && !hasAround(known) ? null : { kind: known, id, around };
}

export function pathOf({ kind, id, around }: Thing): string {
  return `${around ? '/around' : ''}/${kind}/${encodeURIComponent(id)}`;
}

/** The path that a page has with this thing, or without one; a path that is another page's stays. */
export function pathWith(thing: Thing | null, pathname: string): string {
  if (thing !== null) return pathOf(thing);
  return thingOf(pathname) === null ? pathname : '/';
}

export function isSame(one: Thing | null, other: Thing | null): boolean {
  return one?.kind === other?.kind && one?.id === other?.id && one?.around === other?.around;
}
