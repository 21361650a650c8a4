// Whether the server can be reached: what the browser says, and what the last request met.
import { Problem } from '../api/ask';

export const net = $state({ offline: !navigator.onLine, now: Date.now() });

/** An answer came, if only a refusal. */
export function heard(): void {
  net.offline = false;
}

/** A request failed: without an answer there is no network, whatever the browser believes. */
export function missed(error: unknown): void {
  net.offline = !(error instanceof Problem);
}

/** Keeps watch while the page is open; `back` is called when it may be worth trying again. */
export function watchNet(back: () => void): () => void {
  const online = () => {
    net.offline = false;
    back();
  };
  const offline = () => (net.offline = true);
  const seen = () => {
    if (document.visibilityState === 'visible') back();
  };
  addEventListener('online', online);
  addEventListener('offline', offline);
  document.addEventListener('visibilitychange', seen);
  const trying = setInterval(back, 30_000);
  const ticking = setInterval(() => (net.now = Date.now()), 10_000);
  return () => {
    removeEventListener('online', online);
    removeEventListener('offline', offline);
    document.removeEventListener('visibilitychange', seen);
    clearInterval(trying);
    clearInterval(ticking);
  };
}
