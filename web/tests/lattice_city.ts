// A small city of square grids and a server for it that moves, refuses and tells what changed, as the real one does.
import type { ArcState, Elements, NodeState, Operation, Point } from '../src/api/drafts';

const STEP = 0.001;

/** `size` × `size` faces in two grids; every arc between two nodes has one vertex in its middle. */
export function latticeCity(size: number): Elements {
  const node = (x: number, y: number) => 1 + x + y * (size + 1);
  const face = (x: number, y: number) => (x < 0 || y < 0 || x >= size || y >= size ? null : 1 + x + y * size);
  const at = (x: number, y: number): Point => [x * STEP, y * STEP];
  const nodes: NodeState[] = [];
  const arcs: ArcState[] = [];
  for (let y = 0; y <= size; y++)
    for (let x = 0; x <= size; x++) {
      nodes.push({ id: node(x, y), at: at(x, y) });
      const add = (dx: number, dy: number, left: number | null, right: number | null) =>
        arcs.push({
          id: arcs.length + 1,
          points: [at(x, y), at(x + dx / 2, y + dy / 2), at(x + dx, y + dy)],
          start: node(x, y),
          end: node(x + dx, y + dy),
          left,
          right,
        });
      if (x < size) add(1, 0, face(x, y), face(x, y - 1));
      if (y < size) add(0, 1, face(x - 1, y), face(x, y));
    }
  const faces = Array.from({ length: size * size }, (_, i) => ({ id: i + 1, base: 100 + i, overlay: null }));
  const grid = (id: number) => ({ id, is_gone: false, level: 'comprehensive_grid', code: `G${id}`, name: `G${id}` });
  const units = [
    grid(1),
    grid(2),
    ...faces.map(({ base }, i) => ({
      id: base,
      is_gone: false,
      level: 'micro_grid',
      code: `M${base}`,
      name: `M${base}`,
      parent: i % size < size / 2 ? 1 : 2,
    })),
  ];
  return { nodes, arcs, faces, units };
}

const round = ([x, y]: Point): Point => [Math.round(x * 1e8) / 1e8, Math.round(y * 1e8) / 1e8];

/** Does operations on its own copy; whatever goes farther than a step is refused. */
export class LatticeServer {
  readonly #arcs = new Map<number, ArcState>();
  readonly #nodes = new Map<number, Point>();
  readonly #undo: Elements[] = [];
  version = 1;

  constructor(city: Elements) {
    for (const arc of city.arcs) this.#arcs.set(arc.id, arc);
    for (const { id, at } of city.nodes) if (at) this.#nodes.set(id, at);
  }

  do(operation: Operation): Elements | null {
    const before = this.#touched(operation);
    const changed = this.#after(operation);
    if (changed === null) return null;
    this.#undo.push(before);
    this.#keep(changed);
    return changed;
  }

  undo(): Elements | null {
    const before = this.#undo.pop();
    if (before === undefined) return null;
    this.#keep(before);
    return before;
  }

  #keep({ arcs, nodes }: Elements): void {
    this.version += 1;
    for (const arc of arcs) this.#arcs.set(arc.id, arc);
    for (const { id, at } of nodes) if (at) this.#nodes.set(id, at);
  }

  #touched(operation: Operation): Elements {
    const none = { faces: [], units: [] };
    if (operation.op === 'move_node') {
      const arcs = [...this.#arcs.values()].filter(
        ({ start, end }) => start === operation.node || end === operation.node,
      );
      return { ...none, arcs, nodes: [{ id: operation.node, at: this.#nodes.get(operation.node) ?? null }] };
    }
    const arc = 'arc' in operation ? this.#arcs.get(operation.arc) : undefined;
    return { ...none, nodes: [], arcs: arc === undefined ? [] : [arc] };
  }

  #after(operation: Operation): Elements | null {
    const before = this.#touched(operation);
    if (operation.op === 'move_vertex') {
      const [arc] = before.arcs;
      const points = [...(arc?.points ?? [])];
      if (arc === undefined || tooFar(points[operation.index], operation.to)) return null;
      points[operation.index] = round(operation.to);
      return { ...before, arcs: [{ ...arc, points }] };
    }
    if (operation.op !== 'move_node' || tooFar(this.#nodes.get(operation.node), operation.to)) return null;
    const to = round(operation.to);
    const arcs = before.arcs.map((arc) => {
      const points = [...(arc.points ?? [])];
      if (arc.start === operation.node) points[0] = to;
      if (arc.end === operation.node) points[points.length - 1] = to;
      return { ...arc, points };
    });
    return { ...before, arcs, nodes: [{ id: operation.node, at: to }] };
  }
}

function tooFar(from: Point | undefined, to: Point): boolean {
  return from === undefined || Math.hypot(to[0] - from[0], to[1] - from[1]) > STEP / 3;
}
