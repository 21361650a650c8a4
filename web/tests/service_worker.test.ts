import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';

const source = readFileSync(join(import.meta.dirname, '../public/sw.js'), 'utf8');
const ORIGIN = 'https://cim.example';
const page = (entry: string) => `<script type="module" crossorigin src="/assets/${entry}"></script>`;
const path = (request: string | Request) =>
  new URL(typeof request === 'string' ? request : request.url, ORIGIN).pathname;

/** One cache, by paths. */
const kept = new Map<string, string>();
const cache = {
  match: async (request: string | Request) => {
    const text = kept.get(path(request));
    return text === undefined ? undefined : new Response(text);
  },
  add: async (request: string) => void kept.set(request, await (await online(request)).text()),
  put: async (request: string, response: Response) => void kept.set(path(request), await response.text()),
  delete: async (request: Request) => kept.delete(path(request)),
  keys: async () => [...kept.keys()].map((key) => new Request(ORIGIN + key)),
};
let online: (request: string | Request) => Promise<Response>;
const away = async () => Promise.reject(new TypeError('Failed to fetch'));

type Handler = (event: Record<string, unknown>) => void;
const handlers: Record<string, Handler> = {};
const worker = {
  location: { origin: ORIGIN },
  addEventListener: (name: string, handler: Handler) => (handlers[name] = handler),
};
new Function('self', 'caches', 'fetch', source)(worker, { open: async () => cache }, (request: string | Request) =>
  online(request),
);

/** What the worker answers; undefined where it leaves the request to the browser. */
async function ask(where: string, mode = 'cors', method = 'GET'): Promise<string | undefined> {
  let answer: Promise<Response> | undefined;
  const request = { url: ORIGIN + where, mode, method };
  handlers['fetch']?.({ request, respondWith: (given: Promise<Response>) => (answer = given) });
  return answer === undefined ? undefined : (await answer).text();
}

async function keep(...paths: string[]): Promise<unknown[]> {
  const told: unknown[] = [];
  let done: Promise<unknown> | undefined;
  const event = {
    data: { keep: paths },
    source: { postMessage: (message: unknown) => told.push(message) },
    waitUntil: (work: Promise<unknown>) => (done = work),
  };
  handlers['message']?.(event);
  await done;
  return told;
}

const serving = (entry: string) => async (request: string | Request) =>
  new Response(path(request).startsWith('/assets/') ? `file ${path(request)}` : page(entry));

beforeEach(() => {
  kept.clear();
  online = serving('index-1.js');
});

it('leaves answers of the server, tiles and everything that is written to the network', async () => {
  for (const where of ['/v1/nearby', '/tiles/work/1/2/3', '/sw.js', '/app.webmanifest'])
    expect(await ask(where), where).toBeUndefined();
  expect(await ask('/v1/session/oidc', 'navigate')).toBeUndefined();
  expect(await ask('/assets/index-1.js', 'cors', 'POST')).toBeUndefined();
});

it('opens without a network what a page has named', async () => {
  expect(await keep('/assets/index-1.js', '/assets/Near-1.js')).toEqual([{ kept: true }]);
  online = away;
  expect(await ask('/near', 'navigate')).toBe(page('index-1.js'));
  expect(await ask('/assets/Near-1.js')).toBe('file /assets/Near-1.js');
});

it('prefers the page of the server, and waits for it only so long', async () => {
  await keep('/assets/index-1.js');
  online = serving('index-2.js');
  expect(await ask('/near', 'navigate')).toBe(page('index-2.js'));
  vi.useFakeTimers();
  online = () => new Promise(() => {});
  const late = ask('/near', 'navigate');
  await vi.advanceTimersByTimeAsync(3000);
  expect(await late).toBe(page('index-1.js'));
  vi.useRealTimers();
});

it('keeps no start page whose files it has not, and says that there is a newer one', async () => {
  await keep('/assets/index-1.js');
  online = serving('index-2.js');
  expect(await keep('/assets/index-1.js')).toEqual([{ newer: true }]);
  expect(kept.get('/')).toBe(page('index-1.js'));
});

it('drops the files of an old version when the new one is complete', async () => {
  await keep('/assets/index-1.js', '/assets/Near-1.js');
  online = serving('index-2.js');
  expect(await keep('/assets/index-2.js', '/assets/Near-2.js')).toEqual([{ kept: true }]);
  expect([...kept.keys()].sort()).toEqual(['/', '/assets/Near-2.js', '/assets/index-2.js']);
});

it('keeps the start page where the server answers with a failure of its own', async () => {
  await keep('/assets/index-1.js');
  online = async () => new Response('', { status: 503 });
  expect(await ask('/near', 'navigate')).toBe(page('index-1.js'));
});

it('offers to install only with icons that are there', () => {
  const folder = join(import.meta.dirname, '../public');
  const manifest = JSON.parse(readFileSync(join(folder, 'app.webmanifest'), 'utf8')) as { icons: { src: string }[] };
  for (const { src } of manifest.icons) expect(existsSync(folder + src), src).toBe(true);
});
