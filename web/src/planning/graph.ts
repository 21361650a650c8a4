// Borders as the server gave them: arcs that two faces share, nodes that arcs share; nothing is held twice, so nothing
// can tear.
import type { Elements, Point } from '../api/drafts';

export interface Arc {
  readonly points: readonly Point[];
  readonly start: number | null;
  readonly end: number | null;
  readonly left: number | null;
  readonly right: number | null;
}
export interface Face {
  readonly base: number;
  readonly overlay: number | null;
}
export interface GraphUnit {
  readonly level: string;
  readonly code: string;
  readonly name: string;
  readonly parent: number | null;
}

/** Never changed in place: every move gives another one, and the one before is still there to go back to. */
export interface Graph {
  readonly nodes: ReadonlyMap<number, Point>;
  readonly arcs: ReadonlyMap<number, Arc>;
  readonly faces: ReadonlyMap<number, Face>;
  readonly units: ReadonlyMap<number, GraphUnit>;
}

export const EMPTY: Graph = { nodes: new Map(), arcs: new Map(), faces: new Map(), units: new Map() };

/** A place that can be moved. */
export type Handle =
  | { readonly kind: 'node'; readonly node: number }
  | { readonly kind: 'vertex'; readonly arc: number; readonly index: number };

export const sameHandle = (a: Handle | null, b: Handle | null): boolean =>
  a !== null &&
  b !== null &&
  (a.kind === 'node'
    ? b.kind === 'node' && a.node === b.node
    : b.kind === 'vertex' && a.arc === b.arc && a.index === b.index);

/** Coordinates are kept on a lattice of 1e-8 degree. */
export const onLattice = ([lng, lat]: Point): Point => [Math.round(lng * 1e8) / 1e8, Math.round(lat * 1e8) / 1e8];

function changedMap<T>(before: ReadonlyMap<number, T>, entries: readonly (readonly [number, T | null])[]) {
  if (entries.length === 0) return before;
  const after = new Map(before);
  for (const [id, value] of entries) {
    if (value === null) after.delete(id);
    else after.set(id, value);
  }
  return after;
}

/** The graph with what the server says of these elements: an answer to an operation, or another part of the city. */
export function apply(graph: Graph, { nodes, arcs, faces, units }: Elements): Graph {
  return {
    nodes: changedMap(
      graph.nodes,
      nodes.map(({ id, at }) => [id, at ?? null]),
    ),
    arcs: changedMap(
      graph.arcs,
      arcs.map(({ id, points, start = null, end = null, left = null, right = null }) => [
        id,
        points == null ? null : { points, start, end, left, right },
      ]),
    ),
    faces: changedMap(
      graph.faces,
      faces.map(({ id, base, overlay = null }) => [id, base == null ? null : { base, overlay }]),
    ),
    units: changedMap(
      graph.units,
      units.map(({ id, is_gone, level, code, name, parent = null }) => [
        id,
        is_gone ? null : { level: level ?? '', code: code ?? '', name: name ?? '', parent },
      ]),
    ),
  };
}

export function place(graph: Graph, handle: Handle): Point | undefined {
  return handle.kind === 'node' ? graph.nodes.get(handle.node) : graph.arcs.get(handle.arc)?.points[handle.index];
}

/** Arcs that follow when a handle moves. */
export function arcsOf(graph: Graph, handle: Handle): number[] {
  if (handle.kind === 'vertex') return graph.arcs.has(handle.arc) ? [handle.arc] : [];
  return [...graph.arcs].filter(([, arc]) => arc.start === handle.node || arc.end === handle.node).map(([id]) => id);
}

/** The graph with a node or a vertex elsewhere: every arc of a node goes with it, and so every face. */
export function move(graph: Graph, handle: Handle, target: Point): Graph {
  const to = onLattice(target);
  const arcs = new Map(graph.arcs);
  for (const id of arcsOf(graph, handle)) {
    const arc = graph.arcs.get(id);
    if (arc === undefined) continue;
    const points = [...arc.points];
    if (handle.kind === 'vertex') points[handle.index] = to;
    else {
      if (arc.start === handle.node) points[0] = to;
      if (arc.end === handle.node) points[points.length - 1] = to;
    }
    arcs.set(id, { ...arc, points });
  }
  if (handle.kind === 'vertex') return { ...graph, arcs };
  return { ...graph, arcs, nodes: new Map(graph.nodes).set(handle.node, to) };
}

/** The outline of the city moves only in a draft that opens it. */
export function isOutline(arc: Arc): boolean {
  return arc.left === null || arc.right === null;
}

/** All places that can be moved, along the arcs that `wanted` takes. */
export function handles(graph: Graph, wanted: (arc: Arc) => boolean): Handle[] {
  const found: Handle[] = [];
  const locked = new Set<number>();
  for (const arc of graph.arcs.values()) {
    if (wanted(arc)) continue;
    if (isOutline(arc)) for (const end of [arc.start, arc.end]) if (end !== null) locked.add(end);
  }
  const told = new Set(locked);
  for (const [id, arc] of graph.arcs) {
    if (!wanted(arc)) continue;
    const from = arc.start;
    if (from !== null && !told.has(from)) found.push({ kind: 'node', node: from });
    if (from !== null) told.add(from);
    for (let index = 1; index < arc.points.length - 1; index++) found.push({ kind: 'vertex', arc: id, index });
    const to = arc.end;
    if (to !== null && !told.has(to)) found.push({ kind: 'node', node: to });
    if (to !== null) told.add(to);
  }
  return found;
}

/** The unit of a level to which a face belongs. */
export function unitOf(graph: Graph, face: number | null, level: string): number | null {
  let id: number | null | undefined = face === null ? null : graph.faces.get(face)?.base;
  while (id != null) {
    const unit = graph.units.get(id);
    if (unit?.level === level) return id;
    id = unit?.parent;
  }
  return null;
}

/** Levels from the ground up. */
export const LEVELS = ['micro_grid', 'comprehensive_grid', 'village', 'town', 'district'] as const;

/** The highest level that an arc separates: 0 for micro grids, 4 for the outline. */
export function rankOf(graph: Graph, arc: Arc): number {
  if (isOutline(arc)) return LEVELS.length - 1;
  for (let rank = LEVELS.length - 1; rank > 0; rank--) {
    const level = LEVELS[rank] ?? '';
    if (unitOf(graph, arc.left, level) !== unitOf(graph, arc.right, level)) return rank;
  }
  return 0;
}

/** A unit by its code: grids before what shares their code at another level. */
export function unitByCode(graph: Graph, code: string): number | null {
  for (const [id, unit] of graph.units) if (unit.code === code) return id;
  return null;
}
