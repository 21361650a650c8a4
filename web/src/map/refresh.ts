// Which tiles of the map must be asked for again: exactly those that changed, once a frame.
import type { TilePlace } from '../api/events';

/** The deepest zoom of the map. */
export const MAX_ZOOM = 20;
/**
 * In the last zooms, a source's deepest tiles are stretched; where a source ends before them, MapLibre cuts its tiles into
 * smaller ones, which no server names. Every tileset ends there or deeper.
 */
export const STRETCHED_ZOOMS = 4;
/** More named tiles than this in one frame: asking for all that is shown costs less than looking for them. */
const MOST_TILES = 20_000;

export interface Tile {
  readonly z: number;
  readonly x: number;
  readonly y: number;
}

const keyOf = (source: string, { z, x, y }: Tile) => `${source} ${z}/${x}/${y}`;

/**
 * Collects named tiles and hands them to the map before it draws next. A tile that is on its way while it is named may
 * bring what was before the change, and the map passes it over: it is named again when it has come.
 */
export class TileRefresh {
  readonly #refresh: (source: string, tiles: readonly Tile[] | null) => void;
  readonly #nextFrame: (then: () => void) => void;
  readonly #wanted = new Map<string, Map<string, Tile> | null>();
  readonly #coming = new Map<string, { count: number; named: boolean }>();
  #asked = false;

  /** `refresh` gets the tiles of a source, or null for all that are shown. */
  constructor(
    refresh: (source: string, tiles: readonly Tile[] | null) => void,
    nextFrame: (then: () => void) => void = (then) => void requestAnimationFrame(then),
  ) {
    this.#refresh = refresh;
    this.#nextFrame = nextFrame;
  }

  /** These tiles of a source changed. */
  changed(source: string, tiles: readonly TilePlace[]): void {
    let wanted = this.#wanted.get(source);
    if (wanted === null) return;
    if (wanted === undefined) this.#wanted.set(source, (wanted = new Map<string, Tile>()));
    for (const [z, x, y] of tiles) wanted.set(`${z}/${x}/${y}`, { z, x, y });
    if (wanted.size > MOST_TILES) this.#wanted.set(source, null);
    this.#ask();
  }

  /** Anything of a source may have changed. */
  all(source: string): void {
    this.#wanted.set(source, null);
    this.#ask();
  }

  /** A tile is asked for the first time. */
  asked(source: string, tile: Tile): void {
    const key = keyOf(source, tile);
    const coming = this.#coming.get(key);
    if (coming === undefined) this.#coming.set(key, { count: 1, named: false });
    else coming.count += 1;
  }

  /** A tile has come, or will not come. */
  came(source: string, tile: Tile): void {
    const key = keyOf(source, tile);
    const coming = this.#coming.get(key);
    if (coming === undefined) return;
    coming.count -= 1;
    if (coming.count === 0) this.#coming.delete(key);
    if (coming.named) this.changed(source, [[tile.z, tile.x, tile.y]]);
  }

  #ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    this.#nextFrame(() => {
      this.#asked = false;
      const wanted = [...this.#wanted];
      this.#wanted.clear();
      for (const [source, tiles] of wanted) {
        this.#remember(source, tiles);
        this.#refresh(source, tiles === null ? null : [...tiles.values()]);
      }
    });
  }

  #remember(source: string, tiles: ReadonlyMap<string, Tile> | null): void {
    for (const [key, coming] of this.#coming) {
      const place = key.startsWith(`${source} `) ? key.slice(source.length + 1) : null;
      if (place !== null && (tiles === null || tiles.has(place))) coming.named = true;
    }
  }
}
