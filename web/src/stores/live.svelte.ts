// How fresh the picture is: asks the server every few seconds and says what changed.
import { changedTilesets, cityGrew } from '../api/changes';
import { fetchReady } from '../api/client';
import type { Ready } from '../api/types';
import { language } from '../i18n/index.svelte';
import type { Tileset } from '../map/style';

const EVERY_MS = 5000;
/** Work changes all the time in a living city: its tiles are asked for again at most this often. */
const WORK_EVERY_MS = 15_000;

interface Live {
  ready: Ready | null;
  /** The server did not answer. */
  lost: boolean;
  /** When it last answered, milliseconds of this page's clock. */
  heardAt: number;
  now: number;
  /** Grids that appeared since the page was opened; told once. */
  grown: number;
}

export const live = $state<Live>({ ready: null, lost: false, heardAt: Date.now(), now: Date.now(), grown: 0 });

interface Listener {
  readonly tilesets: (names: readonly Tileset[]) => void;
  readonly grew: () => void;
}

let workRefreshedAt = 0;

function tell(before: Ready, after: Ready, listener: Listener): void {
  if (cityGrew(before, after)) {
    const grids = (ready: Ready) => ready.counts['comprehensive_grid'] ?? 0;
    live.grown = Math.max(0, grids(after) - grids(before));
    listener.grew();
  }
  const changed = changedTilesets(before, after);
  if (changed.length === 1 && changed[0] === 'linkage') {
    if (Date.now() - workRefreshedAt < WORK_EVERY_MS) return;
    workRefreshedAt = Date.now();
  }
  if (changed.length > 0) listener.tilesets(changed);
}

/** Starts to ask; the answer stops it. */
export function follow(listener: Listener): () => void {
  /** What the tiles on the screen were last made to show. */
  let drawn: Ready | null = null;
  let running = true;
  const step = async () => {
    try {
      const ready = await fetchReady(language());
      live.ready = ready;
      live.lost = false;
      live.heardAt = Date.now();
      if (ready.ready) {
        if (drawn !== null) tell(drawn, ready, listener);
        drawn = ready;
      }
    } catch {
      live.lost = true;
    }
    if (running) setTimeout(() => void step(), EVERY_MS);
  };
  void step();
  const ticking = setInterval(() => (live.now = Date.now()), 1000);
  return () => {
    running = false;
    clearInterval(ticking);
  };
}

/** Seconds since the state on the screen was last confirmed by the database. */
export function ageS(): number | null {
  return live.ready === null ? null : live.ready.age_s + (live.now - live.heardAt) / 1000;
}
