import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type EventListener, type EventStream, listen, readTiles } from '../src/api/events';

class FakeStream implements EventStream {
  readyState = 0;
  onopen: ((event: Event) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  readonly #listeners = new Map<string, (event: MessageEvent<string>) => void>();

  constructor(readonly address: string) {}

  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void {
    this.#listeners.set(type, listener);
  }

  close(): void {
    this.readyState = 2;
  }

  opens(): void {
    this.readyState = 1;
    this.onopen?.(new Event('open'));
  }

  breaks(state: 0 | 2): void {
    this.readyState = state;
    this.onerror?.(new Event('error'));
  }

  says(type: string, data: string): void {
    this.#listeners.get(type)?.({ data } as MessageEvent<string>);
  }
}

let streams: FakeStream[] = [];
let heard: unknown[] = [];
const listener: EventListener = {
  tiles: (tileset, tiles) => heard.push([tileset, tiles]),
  reset: () => heard.push('reset'),
  told: (isTold) => heard.push(isTold),
  refused: () => heard.push('refused'),
};
const open = (address: string) => {
  const stream = new FakeStream(address);
  streams.push(stream);
  return stream;
};
const current = () => streams.at(-1) as FakeStream;

beforeEach(() => {
  streams = [];
  heard = [];
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

it('hears which tiles of which tileset changed', () => {
  const stop = listen(listener, open);
  expect(current().address).toBe('/v1/events?topics=tiles');
  current().opens();
  current().says('tiles', '{"collection":"building","tileset":"building","snapshot":"1:1:","tiles":[[14,1,2]]}');
  current().says('tiles', '{"collections":["case"],"tiles":[[13,3,4],[13,3,5]]}');
  expect(heard.slice(2)).toEqual([
    ['building', [[14, 1, 2]]],
    [
      null,
      [
        [13, 3, 4],
        [13, 3, 5],
      ],
    ],
  ]);
  stop();
  expect(current().readyState).toBe(2);
});

it('counts what came before a new stream as missed, not what a resumed one makes up for', () => {
  const stop = listen(listener, open);
  current().opens();
  expect(heard).toEqual([true, 'reset']);
  current().breaks(0);
  current().opens();
  expect(heard).toEqual([true, 'reset', false, true]);
  stop();
});

it('begins anew where the browser gives up', () => {
  const stop = listen(listener, open);
  current().opens();
  current().breaks(2);
  expect(streams).toHaveLength(1);
  vi.advanceTimersByTime(5000);
  expect(streams).toHaveLength(2);
  current().opens();
  expect(heard).toEqual([true, 'reset', false, 'refused', true, 'reset']);
  current().breaks(2);
  stop();
  vi.advanceTimersByTime(60_000);
  expect(streams).toHaveLength(2);
});

it('asks for everything when it is told to, or does not understand', () => {
  const stop = listen(listener, open);
  current().opens();
  current().says('reset', '{"snapshot":"1:1:"}');
  current().says('tiles', '{"tiles":"all"}');
  expect(heard.slice(2)).toEqual(['reset', 'reset']);
  stop();
});

it.each(['', '{}', '[]', 'null', '{"tiles":[[1,2]]}', '{"tiles":[[1,2,"3"]]}', '{"tiles":[[1,2,0.5]]}'])(
  'does not believe %s',
  (text) => {
    expect(readTiles(text)).toBeNull();
  },
);
