// Makes the phone page open without a network: registers the service worker, tells it what this page needed, and takes it away again.

interface Installing {
  state: 'none' | 'preparing' | 'ready' | 'removed';
  /** The server has another version of the app than the one that runs. */
  newer: boolean;
}

/** Files of a development server have no hash in their names; without https browsers know no service worker. */
const canKeep = () => import.meta.env.PROD && 'serviceWorker' in navigator;

export const installing = $state<Installing>({ state: canKeep() ? 'preparing' : 'none', newer: false });

const CACHE = 'cim-app';
const OURS = /^\/(assets|fonts)\//;

/** Everything of the app that this page has loaded: exactly what it needs to open again. */
function loaded(): string[] {
  const paths = performance
    .getEntriesByType('resource')
    .map((entry) => new URL(entry.name))
    .filter(({ origin, pathname }) => origin === location.origin && OURS.test(pathname));
  const named = [...document.querySelectorAll<HTMLElement>('script[src], link[href]')]
    .map((element) => new URL(element.getAttribute('src') ?? element.getAttribute('href') ?? '', location.href))
    .filter(({ origin, pathname }) => origin === location.origin && OURS.test(pathname));
  return [...new Set([...paths, ...named].map(({ pathname }) => pathname))];
}

/** Only this page offers to be installed: the link is put in when it opens. */
function offerInstallation(): void {
  if (document.querySelector('link[rel=manifest]') !== null) return;
  const links = { manifest: '/app.webmanifest', 'apple-touch-icon': '/icon-512.png' };
  for (const [rel, href] of Object.entries(links))
    document.head.append(Object.assign(document.createElement('link'), { rel, href }));
}

function hear(event: MessageEvent): void {
  const { kept, newer } = event.data as { kept?: boolean; newer?: boolean };
  if (kept === true && installing.state !== 'removed') installing.state = 'ready';
  if (newer === true) installing.newer = true;
}

/** Tells the worker once all is loaded; from then on the page opens without a network. */
export async function install(): Promise<void> {
  if (!canKeep()) return;
  offerInstallation();
  try {
    navigator.serviceWorker.addEventListener('message', hear);
    await navigator.serviceWorker.register('/sw.js', { scope: '/', updateViaCache: 'none' });
    const registration = await navigator.serviceWorker.ready;
    registration.active?.postMessage({ keep: loaded() });
  } catch {
    if (installing.state === 'preparing') installing.state = 'none';
  }
}

export async function uninstall(): Promise<void> {
  const registrations = await navigator.serviceWorker.getRegistrations();
  await Promise.all(registrations.map((one) => one.unregister()));
  await caches.delete(CACHE);
  installing.state = 'removed';
}
