// What the map of a draft draws: borders, faces, handles and differences as GeoJSON.
import type { Conflict, DraftComment, EditFinding, GroundFeature, Move, Point } from '../api/drafts';
import { boundsOf, farthest, nearest, pointsOf } from './geometry';
import {
  type Arc,
  EMPTY,
  type Graph,
  type Handle,
  handles,
  isOutline,
  place,
  rankOf,
  sameHandle,
  unitOf,
} from './graph';
import { doubleArea, type Polygon, polygons } from './rings';

export type Features = GeoJSON.FeatureCollection;
type Properties = Record<string, string | number | boolean | null>;

const GRID = 'comprehensive_grid';
const HUES = 5;

export const NOTHING: Features = { type: 'FeatureCollection', features: [] };
export const collection = (features: GeoJSON.Feature[]): Features => ({ type: 'FeatureCollection', features });

export function line(points: readonly Point[], properties: Properties = {}): GeoJSON.Feature {
  return {
    type: 'Feature',
    properties,
    geometry: { type: 'LineString', coordinates: points.map(([x, y]) => [x, y]) },
  };
}

export function dot([x, y]: Point, properties: Properties = {}): GeoJSON.Feature {
  return { type: 'Feature', properties, geometry: { type: 'Point', coordinates: [x, y] } };
}

function area(parts: readonly Polygon[], properties: Properties): GeoJSON.Feature {
  const coordinates = parts.map((rings) => rings.map((ring) => ring.map(([x, y]) => [x, y])));
  return { type: 'Feature', properties, geometry: { type: 'MultiPolygon', coordinates } };
}

/** A hue for every grid, another than those of its neighbours; grids that were there keep theirs. */
export function hues(graph: Graph, before: ReadonlyMap<number, number>): Map<number, number> {
  const neighbours = new Map<number, Set<number>>();
  for (const arc of graph.arcs.values()) {
    const left = unitOf(graph, arc.left, GRID);
    const right = unitOf(graph, arc.right, GRID);
    for (const [a, b] of [
      [left, right],
      [right, left],
    ] as const) {
      if (a === null) continue;
      const near = neighbours.get(a) ?? new Set();
      if (b !== null && b !== a) near.add(b);
      neighbours.set(a, near);
    }
  }
  const chosen = new Map([...before].filter(([id]) => neighbours.has(id)));
  for (const [id, near] of [...neighbours].sort((a, b) => b[1].size - a[1].size)) {
    if (chosen.has(id)) continue;
    const taken = new Set([...near].map((other) => chosen.get(other)));
    chosen.set(id, [...Array(HUES).keys()].find((hue) => !taken.has(hue)) ?? Math.abs(id) % HUES);
  }
  return chosen;
}

export function faces(
  graph: Graph,
  shapes: ReadonlyMap<number, readonly Polygon[]>,
  hue: ReadonlyMap<number, number>,
  chosen: readonly number[],
): Features {
  return collection(
    [...shapes].map(([face, parts]) => {
      const grid = unitOf(graph, face, GRID);
      return area(parts, { hue: hue.get(grid ?? 0) ?? 0, chosen: grid !== null && chosen.includes(grid) });
    }),
  );
}

export function borders(graph: Graph): Features {
  return collection([...graph.arcs.values()].map((arc) => line(arc.points, { rank: rankOf(graph, arc) })));
}

/** A place on a line that is as good as on another: splitting a segment moves its middle by less than a lattice step. */
const SAME_M = 0.05;
const segmentKey = (a: Point, b: Point) => (String(a) < String(b) ? `${a} ${b}` : `${b} ${a}`);

function segments(graph: Graph): Map<string, readonly [Point, Point]> {
  const found = new Map<string, readonly [Point, Point]>();
  for (const { points } of graph.arcs.values())
    for (let i = 0; i + 1 < points.length; i++) {
      const [a, b] = [points[i] as Point, points[i + 1] as Point];
      found.set(segmentKey(a, b), [a, b]);
    }
  return found;
}

const between = ([a, b]: readonly [Point, Point], share: number): Point => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
];

/** Whether both sides were loaded at a place: where one was not, nothing can be said to differ. */
export type Known = (at: Point) => boolean;
const EVERYWHERE: Known = () => true;

/** The parts of `graph`'s arcs that do not run where the other has a border, arc by arc. */
export function differing(
  graph: Graph,
  other: Graph,
  isKnown: Known = EVERYWHERE,
): { readonly arc: number; readonly points: readonly Point[] }[] {
  const [own, others] = [segments(graph), segments(other)];
  const unmatched = [...others].filter(([name]) => !own.has(name)).map(([, pair]) => pair);
  const runsThere = (pair: readonly [Point, Point]) =>
    [0.1, 0.5, 0.9].every((share) => {
      const at = between(pair, share);
      return unmatched.some((line) => (nearest(line, at)?.metres ?? Infinity) < SAME_M);
    });
  const found: { arc: number; points: Point[] }[] = [];
  for (const [arc, { points }] of graph.arcs) {
    let run: Point[] | null = null;
    for (let i = 0; i + 1 < points.length; i++) {
      const pair = [points[i] as Point, points[i + 1] as Point] as const;
      if (others.has(segmentKey(...pair)) || !isKnown(between(pair, 0.5)) || runsThere(pair)) run = null;
      else if (run === null) found.push({ arc, points: (run = [...pair]) });
      else run.push(pair[1]);
    }
  }
  return found;
}

/** Published borders that the draft has elsewhere or not at all. */
export function ghost(published: Graph, graph: Graph, isKnown: Known = EVERYWHERE): Features {
  return collection(differing(published, graph, isKnown).map(({ points }) => line(points)));
}

/** Places that can be moved, on borders of the chosen grids where some are; the outline only where the draft opens it. */
export function movable(graph: Graph, opensOutline: boolean, chosen: readonly number[]): Handle[] {
  const isNear = (face: number | null) => {
    const grid = unitOf(graph, face, GRID);
    return grid !== null && chosen.includes(grid);
  };
  return handles(
    graph,
    (arc) => (opensOutline || !isOutline(arc)) && (chosen.length === 0 || isNear(arc.left) || isNear(arc.right)),
  );
}

export function handleDots(graph: Graph, offered: readonly Handle[], chosen: Handle | null): Features {
  return collection(
    offered.flatMap((handle) => {
      const at = place(graph, handle);
      return at === undefined ? [] : [dot(at, { node: handle.kind === 'node', chosen: sameHandle(handle, chosen) })];
    }),
  );
}

/** Names in the middle of what is seen of each grid: the centre of its largest face's box is inside often enough. */
export function names(graph: Graph, shapes: ReadonlyMap<number, readonly Polygon[]>): Features {
  const largest = new Map<number, { area: number; at: Point }>();
  for (const [face, parts] of shapes) {
    const grid = unitOf(graph, face, GRID);
    const ring = parts[0]?.[0];
    const box = ring === undefined ? null : boundsOf(ring);
    if (grid === null || ring === undefined || box === null) continue;
    const size = doubleArea(ring);
    if (size <= (largest.get(grid)?.area ?? 0)) continue;
    largest.set(grid, { area: size, at: [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2] });
  }
  return collection([...largest].map(([id, { at }]) => dot(at, { name: graph.units.get(id)?.name ?? '' })));
}

/** What a review shows: old borders, new ones with how far they moved, and the faces that are another unit's now. */
export interface Picture {
  readonly old: Features;
  readonly now: Features;
  readonly moved: Features;
  /** Metres at the farthest place of each border that moved. */
  readonly far: readonly { readonly at: Point; readonly metres: number }[];
}

const faceSides = (arc: Arc | undefined) => [arc?.left ?? null, arc?.right ?? null].filter((face) => face !== null);

/** What differs is told by where it runs, not by its number: a rebase numbers anew what a split made. */
export function difference(published: Graph, graph: Graph, isKnown: Known = EVERYWHERE): Picture {
  const old = differing(published, graph, isKnown);
  const now = differing(graph, published, isKnown);
  const shapes = polygons(graph);
  const touched = new Set<number>();
  for (const { arc } of now) for (const face of faceSides(graph.arcs.get(arc))) touched.add(face);
  const grid = (which: Graph, face: number) => unitOf(which, face, GRID);
  for (const [face, parts] of shapes) {
    const corner = parts[0]?.[0]?.[0];
    const was = published.faces.has(face) ? grid(published, face) : null;
    if (was !== grid(graph, face) && corner !== undefined && isKnown(corner)) touched.add(face);
  }
  const far = new Map<string, { at: Point; metres: number }>();
  for (const { arc, points } of now) {
    const was = published.arcs.get(arc)?.points;
    const most = was === undefined ? null : farthest(points, was);
    if (most?.at != null && most.metres >= SAME_M) far.set(String(most.at), { at: most.at, metres: most.metres });
  }
  const tinted = [...touched].flatMap((face) => {
    const parts = shapes.get(face);
    return parts === undefined ? [] : [area(parts, {})];
  });
  return {
    old: collection(old.map(({ points }) => line(points))),
    now: collection(now.map(({ points }) => line(points))),
    moved: collection(tinted),
    far: [...far.values()],
  };
}

/** The same picture of a draft that was published: from the ground of its units before and after. */
export function pictureOf(features: readonly GroundFeature[]): Picture {
  const grids = features.filter(({ properties }) => ['micro_grid', GRID].includes(properties.level));
  const side = (name: string) => grids.filter(({ properties }) => properties.side === name);
  const rings = (list: readonly GroundFeature[]): Graph => {
    const all = list.flatMap(({ geometry }) => geometry.coordinates.flat());
    const arcs = all.map((points, i) => [i, { points, start: null, end: null, left: null, right: null }] as const);
    return { ...EMPTY, arcs: new Map(arcs) };
  };
  const [before, after] = [rings(side('before')), rings(side('after'))];
  const moved = side('after').filter(({ properties }) => properties.level === 'micro_grid');
  return {
    old: collection(differing(before, after).map(({ points }) => line(points))),
    now: collection(differing(after, before).map(({ points }) => line(points))),
    moved: collection(moved.map(({ geometry }) => area(geometry.coordinates, {}))),
    far: [],
  };
}

export function pins(comments: readonly DraftComment[], here: Point | null): Features {
  const said = comments.flatMap(({ position }, i) => (position === null ? [] : [dot(position, { text: `${i + 1}` })]));
  return collection(here === null ? said : [...said, dot(here, { text: '+' })]);
}

/** Where findings lie, as far as the server says. */
export function findingShapes(findings: readonly EditFinding[]): Features {
  return collection(
    findings.flatMap(({ geometry, severity }) =>
      geometry === undefined
        ? []
        : [{ type: 'Feature', properties: { severity }, geometry: geometry as unknown as GeoJSON.Geometry }],
    ),
  );
}

/** Elements that both changed: mine and theirs. */
export function conflictShapes(conflicts: readonly Conflict[]): { mine: Features; theirs: Features } {
  const of = (side: 'mine' | 'theirs') =>
    collection(
      conflicts.flatMap(({ elements }) =>
        elements.flatMap((element) => {
          const geometry = element[side]?.geometry;
          return geometry === undefined
            ? []
            : [{ type: 'Feature' as const, properties: {}, geometry: geometry as unknown as GeoJSON.Geometry }];
        }),
      ),
    );
  return { mine: of('mine'), theirs: of('theirs') };
}

/** The box of everything that is drawn in these. */
export function boundsOfFeatures(...all: readonly Features[]): [number, number, number, number] | null {
  return boundsOf(
    all.flatMap(({ features }) =>
      features.flatMap(({ geometry }) => ('coordinates' in geometry ? pointsOf(geometry.coordinates) : [])),
    ),
  );
}

/** Whether anything at all goes with a row of moves. */
export const isEmptyMove = (move: Move): boolean =>
  move.cases + move.cameras + move.key_places + move.buildings + move.households + move.population === 0;
