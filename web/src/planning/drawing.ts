// What the map of a draft draws: borders, faces, handles and differences as GeoJSON.
import type { Conflict, DraftComment, EditFinding, Move, Point } from '../api/drafts';
import { boundsOf, farthest, pointsOf } from './geometry';
import { type Arc, type Graph, type Handle, handles, isOutline, place, rankOf, sameHandle, unitOf } from './graph';
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

const key = (points: readonly Point[]) => points.join(' ');

/** Published borders of grids and above that the draft has elsewhere or not at all. */
export function ghost(published: Graph, graph: Graph): Features {
  const now = new Set([...graph.arcs.values()].map((arc) => key(arc.points)));
  return collection(
    [...published.arcs.values()].filter((arc) => !now.has(key(arc.points))).map((arc) => line(arc.points)),
  );
}

/** Places that can be moved; the outline only where the draft opens it. */
export function movable(graph: Graph, opensOutline: boolean): Handle[] {
  return handles(graph, (arc) => opensOutline || !isOutline(arc));
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

const sameLine = (a: Arc | undefined, b: Arc | undefined) =>
  a !== undefined && b !== undefined && key(a.points) === key(b.points);
const faceSides = (arc: Arc) => [arc.left, arc.right].filter((face) => face !== null);

/** What differs is told by the line, not by its number: a rebase numbers anew what a split made. */
export function difference(published: Graph, graph: Graph): Picture {
  const before = new Map([...published.arcs.values()].map((arc) => [key(arc.points), arc]));
  const after = new Map([...graph.arcs.values()].map((arc) => [key(arc.points), arc]));
  const old = [...published.arcs].filter(([, arc]) => !after.has(key(arc.points)));
  const now = [...graph.arcs].filter(([, arc]) => !before.has(key(arc.points)));
  const touched = new Set<number>();
  for (const [, arc] of now) for (const face of faceSides(arc)) touched.add(face);
  const grid = (which: Graph, face: number) => unitOf(which, face, GRID);
  for (const face of graph.faces.keys()) {
    const was = published.faces.has(face) ? grid(published, face) : null;
    if (was !== grid(graph, face)) touched.add(face);
  }
  const shapes = polygons(graph);
  const far = now.flatMap(([id, arc]) => {
    const was = published.arcs.get(id);
    if (was === undefined || sameLine(was, arc)) return [];
    const [there, back] = [farthest(arc.points, was.points), farthest(was.points, arc.points)];
    const most = there.metres >= back.metres ? there : back;
    return most.at === null || most.metres < 0.05 ? [] : [{ at: most.at, metres: most.metres }];
  });
  const tinted = [...touched].flatMap((face) => {
    const parts = shapes.get(face);
    return parts === undefined ? [] : [area(parts, {})];
  });
  return {
    old: collection(old.map(([, arc]) => line(arc.points))),
    now: collection(now.map(([, arc]) => line(arc.points))),
    moved: collection(tinted),
    far,
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
