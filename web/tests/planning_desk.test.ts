import { afterEach, expect, it, vi } from 'vitest';
import type { Elements, Operation, Point } from '../src/api/drafts';
import { Desk } from '../src/planning/desk.svelte';
import { type Graph, handles, type Handle, isOutline, place } from '../src/planning/graph';
import { doubleArea, polygons } from '../src/planning/rings';
import { latticeCity, LatticeServer } from './lattice_city';

vi.stubGlobal('document', { documentElement: {} });

const DRAFT = { id: 1, title: 'T', state: 'draft', author: 'planner', ops: [], comments: [], units: [], events: [] };
const SIZE = 5;

/** Numbers that look like chance and are the same every time. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function serve(): { asked: string[]; server: LatticeServer; stale: { once: boolean } } {
  const city = latticeCity(SIZE);
  const server = new LatticeServer(city);
  const asked: string[] = [];
  const stale = { once: false };
  const reply = (status: number, body: unknown) =>
    new Response(JSON.stringify(body), { status, headers: { etag: `"v${server.version}"` } });
  const edit = (changed: Elements | null) =>
    changed === null
      ? reply(422, { type: '/api/problems/refused', title: 'no', findings: [{ rule: 'x', message: 'too far' }] })
      : reply(200, { changeset: DRAFT, changed, units: [], findings: [] });
  vi.stubGlobal('fetch', async (path: string, init: RequestInit = {}) => {
    asked.push(`${init.method ?? 'GET'} ${path}`);
    if (path.startsWith('/v1/topology')) return reply(200, { ...city, unit: 1, rev: 1, bounds: [0, 0, 1, 1] });
    if (init.method === 'POST') {
      const match = (init.headers as Record<string, string>)['if-match'];
      if (stale.once || match !== `"v${server.version}"`) {
        stale.once = false;
        return reply(412, { type: '/api/problems/stale', title: 'stale' });
      }
      return edit(path.endsWith('/undo') ? server.undo() : server.do(JSON.parse(String(init.body)) as Operation));
    }
    if (path.endsWith('/1')) return reply(200, DRAFT);
    return reply(200, { moves: [], items: [], findings: [], valid: true });
  });
  return { asked, server, stale };
}

async function opened(): Promise<Desk> {
  const desk = new Desk(1);
  await desk.open();
  await desk.load('G1');
  return desk;
}

/** Every segment of a ring is run once each way, but for the outline: no gap, no overlap. */
function expectWhole(graph: Graph): void {
  const shapes = polygons(graph);
  expect(shapes.size).toBe(SIZE * SIZE);
  const open = new Map<string, number>();
  for (const parts of shapes.values()) {
    for (const ring of parts.flat()) {
      expect(ring[0]).toEqual(ring.at(-1));
      expect(doubleArea(ring)).toBeGreaterThan(0);
      for (let i = 0; i + 1 < ring.length; i++) {
        const there = `${ring[i]} ${ring[i + 1]}`;
        const back = `${ring[i + 1]} ${ring[i]}`;
        if (open.has(back)) open.delete(back);
        else open.set(there, 1);
      }
    }
  }
  const outline = [...graph.arcs.values()].filter(isOutline);
  expect(open.size).toBe(outline.reduce((sum, arc) => sum + arc.points.length - 1, 0));
}

const operationOf = (handle: Handle, to: Point): Operation =>
  handle.kind === 'node' ? { op: 'move_node', node: handle.node, to } : { op: 'move_vertex', ...handleOf(handle), to };
const handleOf = ({ arc, index }: Extract<Handle, { kind: 'vertex' }>) => ({ arc, index });

afterEach(() => vi.useRealTimers());

it.each([1, 2, 3, 4])('keeps every ring closed and shared borders equal, whatever is moved (%i)', async (seed) => {
  const roll = dice(seed);
  serve();
  const desk = await opened();
  for (let step = 0; step < 60; step++) {
    const offered = handles(desk.graph, (arc) => !isOutline(arc));
    const handle = offered[Math.floor(roll() * offered.length)] as Handle;
    const [x, y] = place(desk.graph, handle) as Point;
    const far = roll() < 0.2 ? 0.0008 : 0.0001;
    const to: Point = [x + (roll() - 0.5) * far, y + (roll() - 0.5) * far];
    const before = desk.graph;
    desk.drag(handle, to);
    const previewed = desk.drawn;
    const edit = roll() < 0.15 ? await desk.undo() : await desk.draw(operationOf(handle, to));
    expect(desk.preview).toBeNull();
    if (edit === null) expect(desk.graph).toBe(before);
    if (far < 0.0002) expect(polygons(previewed).size).toBe(SIZE * SIZE);
    expectWhole(desk.graph);
  }
  desk.close();
});

it('draws what the server answers just where the preview was', async () => {
  serve();
  const desk = await opened();
  const handle: Handle = { kind: 'node', node: 2 + SIZE + 1 };
  const to: Point = [0.001123456789, 0.00091];
  desk.drag(handle, to);
  const { arcs } = desk.drawn;
  await desk.draw(operationOf(handle, to));
  expect([...desk.graph.arcs]).toEqual([...arcs]);
  desk.close();
});

it('goes back to what was before when the server refuses, and says why', async () => {
  serve();
  const desk = await opened();
  const before = desk.graph;
  const handle: Handle = { kind: 'node', node: 2 + SIZE + 1 };
  desk.drag(handle, [0.002, 0.002]);
  expect(await desk.draw(operationOf(handle, [0.002, 0.002]))).toBeNull();
  expect(desk.drawn).toBe(before);
  expect(desk.refusal?.findings[0]?.message).toBe('too far');
  desk.close();
});

it('reads everything again when somebody else changed the draft', async () => {
  const { asked, stale } = serve();
  const desk = await opened();
  stale.once = true;
  asked.length = 0;
  expect(await desk.undo()).toBeNull();
  expect(asked.filter((one) => one.includes('/v1/topology/1'))).toHaveLength(2);
  expect(desk.refusal?.reason).toBe('stale');
  desk.close();
});

it('asks for the consequences once, after the last of several steps', async () => {
  const { asked } = serve();
  const desk = await opened();
  vi.useFakeTimers();
  asked.length = 0;
  const handle: Handle = { kind: 'node', node: 2 + SIZE + 1 };
  await desk.draw(operationOf(handle, [0.00105, 0.001]));
  await desk.draw(operationOf(handle, [0.0011, 0.001]));
  await vi.advanceTimersByTimeAsync(500);
  expect(asked.filter((one) => one.includes('impact'))).toHaveLength(1);
  desk.close();
});
