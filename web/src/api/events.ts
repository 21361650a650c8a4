// The server's own account of what changed, as it happens: the stream of `/v1/events`.

/** A tile of a source: zoom, column from the west, row from the north. */
export type TilePlace = readonly [z: number, x: number, y: number];

export interface EventListener {
  /** Tiles that changed; without a tileset they may be any tileset's. */
  readonly tiles: (tileset: string | null, tiles: readonly TilePlace[]) => void;
  /** What was missed cannot be told: everything shown must be asked for again. */
  readonly reset: () => void;
  /** Whether changes are being told. */
  readonly told: (isTold: boolean) => void;
  /** The stream was refused, for a reason that a browser does not tell; another attempt follows. */
  readonly refused: () => void;
}

/** The part of a browser's `EventSource` that is needed. */
export interface EventStream {
  readonly readyState: number;
  onopen: ((event: Event) => void) | null;
  onerror: ((event: Event) => void) | null;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

const ADDRESS = '/v1/events?topics=tiles';
const CLOSED = 2;
const AGAIN_MS = 5000;

function isPlace(value: unknown): value is TilePlace {
  return Array.isArray(value) && value.length === 3 && value.every((part) => Number.isInteger(part));
}

/** The tiles that an event names; null when it is not to be understood. */
export function readTiles(text: string): { tileset: string | null; tiles: TilePlace[] } | null {
  try {
    const { tileset, tiles } = JSON.parse(text) as { tileset?: unknown; tiles?: unknown };
    if (!Array.isArray(tiles) || !tiles.every(isPlace)) return null;
    return { tileset: typeof tileset === 'string' ? tileset : null, tiles };
  } catch {
    return null;
  }
}

/**
 * Listens until the answer is called. A browser opens a lost stream again by itself and says where it was, so that
 * nothing is missed; where it gives up, a new stream begins, and what came before it counts as missed.
 */
export function listen(
  listener: EventListener,
  open: (address: string) => EventStream = (address) => new EventSource(address) as EventStream,
): () => void {
  let stream: EventStream;
  let again: ReturnType<typeof setTimeout> | undefined;
  const begin = () => {
    let isNew = true;
    stream = open(ADDRESS);
    stream.onopen = () => {
      listener.told(true);
      if (isNew) listener.reset();
      isNew = false;
    };
    stream.onerror = () => {
      listener.told(false);
      if (stream.readyState !== CLOSED) return;
      clearTimeout(again);
      again = setTimeout(begin, AGAIN_MS);
      listener.refused();
    };
    stream.addEventListener('tiles', ({ data }) => {
      const change = readTiles(data);
      if (change === null) listener.reset();
      else listener.tiles(change.tileset, change.tiles);
    });
    stream.addEventListener('reset', () => listener.reset());
  };
  begin();
  return () => {
    clearTimeout(again);
    stream.close();
  };
}
