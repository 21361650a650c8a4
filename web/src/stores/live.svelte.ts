// How fresh the picture is: hears from the server what changed, and asks every few seconds how it is.
import { changedTilesets, type Drawn, isOnlyWork } from '../api/changes';
import { Problem } from '../api/ask';
import { fetchCity, fetchReady } from '../api/client';
import { listen, type TilePlace } from '../api/events';
import type { CityFigures, Ready } from '../api/types';
import { language } from '../i18n/index.svelte';
import { type Tileset, TILESETS } from '../map/style';
import { check, may } from './session.svelte';

const EVERY_MS = 5000;
/** Work changes all the time in a living city: without a stream its tiles are asked for again at most this often. */
const WORK_EVERY_MS = 15_000;

interface Live {
  ready: Ready | null;
  city: CityFigures | null;
  /** The server did not answer. */
  lost: boolean;
  /** The server tells every change as it happens. */
  told: boolean;
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
  told: false,
  heardAt: Date.now(),
  now: Date.now(),
  grown: 0,
});

export interface ChangeListener {
  /** Exactly these tiles changed. */
  readonly tiles: (tilesets: readonly Tileset[], tiles: readonly TilePlace[]) => void;
  /** Anything in these tilesets may have changed. */
  readonly tilesets: (tilesets: readonly Tileset[]) => void;
}

let drawn: Drawn | null = null;
let refreshedAt = Date.now();

/**
 * Compares with what was there before. While the stream tells every change, this is for the figures beside the map alone;
 * without it, changed tilesets are asked for again, and small changes of work wait for their turn.
 */
async function compare(ready: Ready, listener: ChangeListener, isRunning: () => boolean): Promise<void> {
  if (drawn !== null && drawn.ready.snapshot === ready.snapshot) return;
  const city = await fetchCity(language());
  if (!isRunning()) return;
  live.city = city;
  if (drawn === null) {
    drawn = { ready, city };
    return;
  }
  const changed = live.told ? [] : changedTilesets(drawn, { ready, city });
  if (isOnlyWork(changed) && Date.now() - refreshedAt < WORK_EVERY_MS) return;
  const grids = (one: Ready) => one.counts['comprehensive_grid'] ?? 0;
  const more = grids(ready) - grids(drawn.ready);
  if (more > 0) live.grown += more;
  drawn = { ready, city };
  if (changed.length === 0) return;
  refreshedAt = Date.now();
  listener.tilesets(changed);
}

/** The tilesets that an event means: the one it names if we draw it, all without a name. */
export function meant(tileset: string | null): readonly Tileset[] {
  return TILESETS.filter((known) => tileset === null || known === tileset);
}

/** What one reader saw is nothing for the next. */
function forget(): void {
  drawn = null;
  Object.assign(live, { city: null, told: false, grown: 0 });
}

/** Listens, as far as the reader may; whoever lost the right, or the session, does not try for ever. */
function listenAsAllowed(listener: ChangeListener): () => void {
  if (!may('read_things')) return () => {};
  const silence = listen({
    tiles: (tileset, tiles) => listener.tiles(meant(tileset), tiles),
    reset: () => listener.tilesets(TILESETS),
    told: (isTold) => (live.told = isTold),
    refused: () => void check().then(() => may('read_things') || silence()),
  });
  return silence;
}

/** Starts to listen and to ask; the answer stops both. */
export function follow(listener: ChangeListener): () => void {
  let running = true;
  /** Who may not see the city's figures is not refused again and again. */
  let allowed = may('read_map');
  const step = async () => {
    try {
      const ready = await fetchReady(language());
      live.ready = ready;
      live.lost = false;
      live.heardAt = Date.now();
      if (ready.ready && allowed) await compare(ready, listener, () => running);
    } catch (error) {
      if (error instanceof Problem && error.status === 403) allowed = false;
      else live.lost = true;
    }
    if (running) setTimeout(() => void step(), EVERY_MS);
  };
  void step();
  const silence = listenAsAllowed(listener);
  const ticking = setInterval(() => (live.now = Date.now()), 1000);
  return () => {
    running = false;
    silence();
    clearInterval(ticking);
    forget();
  };
}

/** Seconds since the state on the screen was last confirmed by the database. */
export function ageS(): number | null {
  return live.ready === null ? null : live.ready.age_s + (live.now - live.heardAt) / 1000;
}
