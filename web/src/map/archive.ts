// Tiles from one PMTiles file instead of the server: for a place without one, or to look at what was exported.
import { addProtocol } from 'maplibre-gl';
import { PMTiles } from 'pmtiles';
import type { TileJson } from '../api/types';
import { type Tileset, TILESETS } from './style';

const PROTOCOL = 'pmtiles';
const TILE = /^pmtiles:\/\/(\w+)\/(\d+)\/(\d+)\/(\d+)$/;

/** A tileset whose tiles come from an archive. */
export interface Archived {
  readonly tileset: Tileset;
  readonly tilejson: TileJson;
}

const opened = new Map<string, PMTiles>();

/** The address of an archive: one of this page's own origin, as its rules demand; null otherwise. */
export function archiveAddress(address: string, page: string): string | null {
  try {
    const url = new URL(address, page);
    return url.origin === new URL(page).origin ? url.href : null;
  } catch {
    return null;
  }
}

/** The tile that a MapLibre request means; null when it means none of an archive. */
export function archivedTile(url: string): { tileset: string; z: number; x: number; y: number } | null {
  const [, tileset, z, x, y] = TILE.exec(url) ?? [];
  return tileset === undefined ? null : { tileset, z: Number(z), x: Number(x), y: Number(y) };
}

async function answer(url: string, signal: AbortSignal): Promise<{ data: ArrayBuffer }> {
  const tile = archivedTile(url);
  const archive = tile === null ? undefined : opened.get(tile.tileset);
  if (tile === null || archive === undefined) throw new Error(`${url} is in no archive`);
  const found = await archive.getZxy(tile.z, tile.x, tile.y, signal);
  return { data: found?.data ?? new ArrayBuffer(0) };
}

/** Opens an archive and learns from it which tileset it holds. */
export async function openArchive(address: string): Promise<Archived> {
  const url = archiveAddress(address, location.href);
  if (url === null) throw new Error('an archive must lie on the same server as this page');
  const archive = new PMTiles(url);
  const [header, metadata] = await Promise.all([archive.getHeader(), archive.getMetadata()]);
  const { name, attribution } = metadata as { name?: unknown; attribution?: unknown };
  const tileset = TILESETS.find((known) => known === name);
  if (tileset === undefined) throw new Error(`it holds the tileset ${String(name)}, which the map does not draw`);
  if (opened.size === 0) addProtocol(PROTOCOL, ({ url: tile }, { signal }) => answer(tile, signal));
  opened.set(tileset, archive);
  return {
    tileset,
    tilejson: {
      tiles: [`${PROTOCOL}://${tileset}/{z}/{x}/{y}`],
      minzoom: header.minZoom,
      maxzoom: header.maxZoom,
      bounds: [header.minLon, header.minLat, header.maxLon, header.maxLat],
      ...(typeof attribution === 'string' ? { attribution } : {}),
    },
  };
}
