// How fresh the picture is: asks the server every few seconds and says what changed.
import { changedTilesets, type Drawn, isOnlyWork } from '../api/changes';
import { fetchCity, fetchReady } from '../api/client';
import type { CityFigures, Ready } from '../api/types';
import { language } from '../i18n/index.svelte';
import type { Tileset } from '../map/style';

const EVERY_MS = 5000;
/** Work changes all the time in a living city: its tiles are asked for again at most this often. */
const WORK_EVERY_MS = 15_000;

interface Live {
  ready: Ready | null;
  city: CityFigures | null;
  /** The server did not answer. */
  lost: boolean;
  /** When it last answered, milliseconds of this page's clock. */
  heardAt: number;
  now: number;
  /** Grids that appeared since the page was opened; told once. */
  grown: number;
}

export const live = $state<Live>({
  ready: null,
  city: null,
  lost: false,
  heardAt: Date.now(),
  now: Date.now(),
  grown: 0,
});

type Listener = (tilesets: readonly Tileset[]) => void;

let drawn: Drawn | null = null;
let refreshedAt = Date.now();

/** Compares with what is drawn; small changes of work wait for their turn and are then compared again. */
async function compare(ready: Ready, listener: Listener): Promise<void> {
  if (drawn !== null && drawn.ready.snapshot === ready.snapshot) return;
  const city = await fetchCity(language());
  live.city = city;
  if (drawn === null) {
    drawn = { ready, city };
    return;
  }
  const changed = changedTilesets(drawn, { ready, city });
  if (isOnlyWork(changed) && Date.now() - refreshedAt < WORK_EVERY_MS) return;
  const grids = (one: Ready) => one.counts['comprehensive_grid'] ?? 0;
  const more = grids(ready) - grids(drawn.ready);
  if (more > 0) live.grown += more;
  drawn = { ready, city };
  refreshedAt = Date.now();
  if (changed.length > 0) listener(changed);
}

/** Starts to ask; the answer stops it. */
export function follow(listener: Listener): () => void {
  let running = true;
  const step = async () => {
    try {
      const ready = await fetchReady(language());
      live.ready = ready;
      live.lost = false;
      live.heardAt = Date.now();
      if (ready.ready) await compare(ready, listener);
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
