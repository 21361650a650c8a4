// The service worker of the phone page: keeps the start page and the files that the page named, so that it opens without a
// network. It keeps no answers of the server and no tiles, and never prefers an old start page to the server's.

const CACHE = 'cim-app';
const START = '/';
/** How long the network may take before the kept start page opens; the files it names are kept with it. */
const PATIENCE_MS = 3000;
const KEPT = /^\/(assets|fonts)\//;
/** Addresses that are data, and never a page of the app. */
const DATA = /^\/(api|fonts|health|metrics|ogc|gcj02|styles|tiles|v1)(\/|$)/;

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate') {
    if (!DATA.test(pathname)) event.respondWith(startPage(request));
  } else if (KEPT.test(pathname)) {
    event.respondWith(keptFile(request));
  }
});

self.addEventListener('message', (event) => {
  if (Array.isArray(event.data?.keep)) event.waitUntil(keep(event.data.keep, event.source));
});

/** The server's page, unless the network is away or too slow and there is a kept one. */
async function startPage(request) {
  const asked = fetch(request);
  const kept = await (await caches.open(CACHE)).match(START);
  if (kept === undefined) return asked;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, kept));
  const answered = asked.then(
    (response) => (response.status >= 500 ? kept : response),
    () => kept,
  );
  return Promise.race([answered, late]);
}

/** A name with a hash never changes its content: what is kept is right. */
async function keptFile(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(new URL(request.url).pathname)) ?? fetch(request);
}

/**
 * Keeps what a page has loaded, then the start page, and only if that one starts the same version: a kept page always has
 * all its files. Files that no longer belong to it go.
 */
async function keep(paths, page) {
  const cache = await caches.open(CACHE);
  const wanted = paths.filter((path) => KEPT.test(path));
  for (const path of wanted) {
    if ((await cache.match(path)) === undefined) await cache.add(path);
  }
  const start = await fetch(START, { cache: 'no-cache' });
  if (!start.ok) return;
  const text = await start.clone().text();
  const entry = /<script[^>]*\ssrc="([^"]+)"/.exec(text)?.[1];
  if (entry === undefined || !wanted.includes(entry)) {
    page?.postMessage({ newer: true });
    return;
  }
  const before = await (await cache.match(START))?.text();
  await cache.put(START, start);
  // Pages of one version need different files; those of another version are of no use.
  if (before !== text) {
    for (const request of await cache.keys()) {
      const { pathname } = new URL(request.url);
      if (pathname !== START && !wanted.includes(pathname)) await cache.delete(request);
    }
  }
  page?.postMessage({ kept: true });
}
