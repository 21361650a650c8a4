// The planner's hand: which tool it holds, what it has taken hold of, and what a click, a drag or a key makes of it.
import { fetchResponsibility } from '../api/client';
import type { Edit, Operation, Point, UnitFigures } from '../api/drafts';
import { language } from '../i18n/index.svelte';
import type { Desk } from './desk.svelte';
import { reasonOf } from './desk.svelte';
import { movable } from './drawing';
import { metres, nearest } from './geometry';
import { type Graph, type Handle, onLattice, place, sameHandle, unitOf } from './graph';
import type { Tool } from './keys';
import type { PlanMap, Pointed } from './PlanMap';
import { faceAt, polygons } from './rings';

const GRID = 'comprehensive_grid';
/** How near a pointer must be; a finger is wider than the tip of a mouse. */
const REACH_PX = matchMedia('(pointer: coarse)').matches ? 22 : 11;
/** Nudges that follow each other are one operation. */
const NUDGES_END_MS = 700;

/** What the server made of a split or a merge, until it is kept or taken back. */
export interface Proposal {
  readonly op: 'split' | 'merge';
  readonly parts: readonly UnitFigures[];
}

export class Hand {
  tool: Tool = $state('select');
  handle: Handle | null = $state.raw(null);
  /** Grids that are chosen: one to look at or to split, two to merge. */
  chosen: readonly number[] = $state.raw([]);
  sketch: readonly Point[] = $state.raw([]);
  pointer: Point | null = $state.raw(null);
  /** How far the handle has been moved, in metres. */
  movedM: number | null = $state(null);
  proposal: Proposal | null = $state.raw(null);
  told: 'pick_unit' | 'pick_handle' | 'nothing_here' | 'draw_line' | 'pick_two' | null = $state(null);
  readonly #desk: Desk;
  readonly #map: () => PlanMap | undefined;
  readonly #mayDraw: () => boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #held = false;

  constructor(desk: Desk, map: () => PlanMap | undefined, mayDraw: () => boolean) {
    this.#desk = desk;
    this.#map = map;
    this.#mayDraw = mayDraw;
  }

  take(tool: Tool): void {
    if (tool !== 'select' && !this.#mayDraw()) return;
    void this.commit();
    this.tool = tool;
    this.sketch = [];
    this.told = tool === 'split' && this.chosen.length !== 1 ? 'pick_unit' : null;
    if (tool === 'merge') this.chosen = [];
    if (tool !== 'move' && tool !== 'drop' && tool !== 'add') this.handle = null;
  }

  /** Handles that the tool can take hold of. */
  get offered(): readonly Handle[] {
    if (!this.#mayDraw() || !['move', 'drop', 'add'].includes(this.tool)) return [];
    return movable(this.#desk.drawn, this.#desk.detail?.opens_outline ?? false, this.chosen);
  }

  #near({ x, y }: Pointed, only: (handle: Handle) => boolean = () => true): Handle | null {
    const map = this.#map();
    let best: { handle: Handle; far: number } | null = null;
    for (const handle of map === undefined ? [] : this.offered) {
      const at = place(this.#desk.drawn, handle);
      if (at === undefined || map === undefined || !only(handle)) continue;
      const screen = map.project(at);
      const far = Math.hypot(screen.x - x, screen.y - y);
      if (far <= REACH_PX && (best === null || far < best.far)) best = { handle, far };
    }
    return best?.handle ?? null;
  }

  grab(where: Pointed): boolean {
    if (this.tool !== 'move' || this.#desk.busy) return false;
    const found = this.#near(where);
    if (found === null) return false;
    if (!sameHandle(found, this.handle)) void this.commit();
    this.handle = found;
    this.#held = true;
    return true;
  }

  drag({ at }: Pointed): void {
    if (this.handle !== null && this.#held) this.#show(at);
  }

  drop(): void {
    this.#held = false;
    void this.commit();
  }

  #show(to: Point): void {
    if (this.handle === null) return;
    const from = place(this.#desk.graph, this.handle);
    this.#desk.drag(this.handle, to);
    this.movedM = from === undefined ? null : metres(from, to);
  }

  /** Moves what is held by pixels; without anything held the map moves. */
  nudge(x: number, y: number): void {
    const map = this.#map();
    if (this.handle === null || this.tool !== 'move') {
      map?.panBy(x * 60, y * 60);
      return;
    }
    const at = place(this.#desk.drawn, this.handle);
    if (map === undefined || at === undefined || this.#desk.busy) return;
    const screen = map.project(at);
    this.#show(map.unproject(screen.x + x, screen.y + y));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.commit(), NUDGES_END_MS);
  }

  /** Tells the server of a move that is only shown yet. */
  async commit(): Promise<void> {
    clearTimeout(this.#timer);
    const handle = this.handle;
    const preview = this.#desk.preview;
    if (handle === null || preview === null || this.#desk.busy) return;
    const to = place(preview, handle);
    if (to === undefined) return;
    const operation: Operation =
      handle.kind === 'node'
        ? { op: 'move_node', node: handle.node, to }
        : { op: 'move_vertex', arc: handle.arc, index: handle.index, to };
    this.proposal = null;
    await this.#desk.draw(operation);
    if (!this.#held) this.movedM = null;
  }

  clicked(where: Pointed): void {
    this.told = null;
    if (this.tool === 'move' || this.tool === 'add') this.handle = this.#near(where);
    else if (this.tool === 'drop') void this.#drop(this.#near(where, ({ kind }) => kind === 'vertex'));
    else if (this.tool === 'split' && this.chosen.length === 1) this.#point(where.at);
    else void this.#choose(where.at);
  }

  clickedTwice(where: Pointed): void {
    if (this.tool === 'add') void this.#add(where);
    else if (this.tool === 'split') void this.#split();
  }

  /** Space: what a click in the middle of the map would do. */
  here(): void {
    const map = this.#map();
    if (map !== undefined) this.clicked(map.centre());
  }

  #point(at: Point): void {
    const last = this.sketch.at(-1);
    // The second click of a double click lies on the first.
    if (last !== undefined && metres(last, at) < 0.5) return;
    this.sketch = [...this.sketch, onLattice(at)];
  }

  async #choose(at: Point): Promise<void> {
    const grid = gridAt(this.#desk.drawn, at) ?? (await this.#ask(at));
    if (grid === null) return;
    if (this.tool !== 'merge') this.chosen = [grid];
    else if (this.chosen.includes(grid)) this.chosen = this.chosen.filter((one) => one !== grid);
    else this.chosen = [...this.chosen, grid].slice(-2);
  }

  /** A place that is not loaded: whose ground it is, and the borders around. */
  async #ask([lng, lat]: Point): Promise<number | null> {
    try {
      const answer = await fetchResponsibility(lng, lat, null, language(), AbortSignal.timeout(8000));
      const code = answer.comprehensive_grid?.code;
      if (code === undefined) {
        this.told = 'nothing_here';
        return null;
      }
      return await this.#desk.load(`${GRID}:${code}`);
    } catch (error) {
      this.#desk.refusal = { reason: reasonOf(error), findings: [] };
      return null;
    }
  }

  choose(unit: number): void {
    this.chosen = [unit];
  }

  async #add(where: Pointed): Promise<void> {
    const map = this.#map();
    if (map === undefined) return;
    const { graph, detail } = this.#desk;
    let best: { arc: number; index: number; at: Point; metres: number } | null = null;
    for (const [arc, { points, left, right }] of graph.arcs) {
      if ((left === null || right === null) && detail?.opens_outline !== true) continue;
      const found = nearest(points, where.at);
      if (found !== null && (best === null || found.metres < best.metres)) best = { arc, ...found };
    }
    if (best === null) return;
    const screen = map.project(best.at);
    if (Math.hypot(screen.x - where.x, screen.y - where.y) > REACH_PX) return;
    await this.#insert(best.arc, best.index, best.at);
  }

  async #insert(arc: number, index: number, at: Point): Promise<void> {
    this.proposal = null;
    if ((await this.#desk.draw({ op: 'insert_vertex', arc, index, at: onLattice(at) })) !== null)
      this.handle = { kind: 'vertex', arc, index };
  }

  async #drop(handle: Handle | null): Promise<void> {
    if (handle?.kind !== 'vertex') {
      this.told = 'pick_handle';
      return;
    }
    this.handle = null;
    this.proposal = null;
    await this.#desk.draw({ op: 'delete_vertex', arc: handle.arc, index: handle.index });
  }

  /** Steps through the handles, from the one that is nearest to the middle on. */
  walk(step: 1 | -1): void {
    const { offered } = this;
    const map = this.#map();
    if (map === undefined || offered.length === 0) return;
    const now = offered.findIndex((one) => sameHandle(one, this.handle));
    const middle = map.centre().at;
    const far = (handle: Handle) => metres(place(this.#desk.drawn, handle) ?? [0, 0], middle);
    const start = offered.reduce((best, one, i) => (far(one) < far(offered[best] ?? one) ? i : best), 0);
    const next = now < 0 ? start : (now + step + offered.length) % offered.length;
    void this.commit();
    this.handle = offered[next] ?? null;
    const at = this.handle === null ? undefined : place(this.#desk.drawn, this.handle);
    if (at !== undefined) map.fly(at, 0);
  }

  async enter(): Promise<void> {
    if (this.proposal !== null) this.proposal = null;
    else if (this.tool === 'split') await this.#split();
    else if (this.tool === 'merge') await this.#merge();
    else if (this.tool === 'drop') await this.#drop(this.handle);
    else if (this.tool === 'add') await this.#addBeside();
    else if (this.tool === 'move') await this.commit();
    else this.here();
  }

  /** Without a mouse: a vertex in the middle of the segment that ends at the handle. */
  async #addBeside(): Promise<void> {
    const { handle } = this;
    const entry =
      handle?.kind === 'vertex'
        ? ([handle.arc, this.#desk.graph.arcs.get(handle.arc)] as const)
        : [...this.#desk.graph.arcs].find(
            ([, arc]) => arc.start === handle?.node && arc.left !== null && arc.right !== null,
          );
    const index = handle?.kind === 'vertex' ? handle.index : 1;
    const [a, b] = [entry?.[1]?.points[index - 1], entry?.[1]?.points[index]];
    if (entry === undefined || a === undefined || b === undefined) this.told = 'pick_handle';
    else await this.#insert(entry[0], index, [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]);
  }

  async #split(): Promise<void> {
    const [unit] = this.chosen;
    if (unit === undefined) this.told = 'pick_unit';
    else if (this.sketch.length < 2) this.told = 'draw_line';
    else await this.#propose({ op: 'split', unit, line: this.sketch });
  }

  async #merge(): Promise<void> {
    const [into, from] = this.chosen;
    if (into === undefined || from === undefined) this.told = 'pick_two';
    else await this.#propose({ op: 'merge', into, from: [from] });
  }

  async #propose(operation: Extract<Operation, { op: 'split' | 'merge' }>): Promise<void> {
    const edit = await this.#desk.draw(operation);
    if (edit === null) return;
    this.sketch = [];
    const parts = partsOf(operation, edit);
    this.proposal = { op: operation.op, parts };
    this.chosen = parts.map(({ id }) => id);
  }

  async takeBack(): Promise<void> {
    this.proposal = null;
    await this.undo();
  }

  async undo(): Promise<void> {
    await this.commit();
    this.#letGo();
    await this.#desk.undo();
    this.#forgetGone();
  }

  async redo(): Promise<void> {
    this.#letGo();
    await this.#desk.redo();
    this.#forgetGone();
  }

  #letGo(): void {
    this.handle = null;
    this.proposal = null;
    this.movedM = null;
  }

  #forgetGone(): void {
    this.chosen = this.chosen.filter((id) => this.#desk.graph.units.has(id));
  }

  /** One step back: what is only shown, then what is held, then the tool. */
  escape(): void {
    clearTimeout(this.#timer);
    if (this.proposal !== null) void this.takeBack();
    else if (this.#desk.preview !== null && !this.#desk.busy) {
      this.#desk.preview = null;
      this.movedM = null;
      this.#held = false;
    } else if (this.sketch.length > 0) this.sketch = this.sketch.slice(0, -1);
    else if (this.handle !== null) this.handle = null;
    else if (this.tool !== 'select') this.take('select');
    else this.chosen = [];
  }
}

function partsOf(operation: Extract<Operation, { op: 'split' | 'merge' }>, { changed, units }: Edit): UnitFigures[] {
  const kept = operation.op === 'split' ? operation.unit : operation.into;
  const made = new Set(changed.units.filter(({ is_gone }) => !is_gone).map(({ id }) => id));
  const level = units.find(({ id }) => id === kept)?.level;
  return units.filter(
    (unit) => unit.id === kept || (operation.op === 'split' && unit.level === level && made.has(unit.id)),
  );
}

function gridAt(graph: Graph, at: Point): number | null {
  return unitOf(graph, faceAt(polygons(graph), at), GRID);
}
