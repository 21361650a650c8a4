// The one map of the session: made once, told what to look like, asked what lies under a point.
import type { SourceSpecification } from '@maplibre/maplibre-gl-style-spec';
import {
  type GeoJSONSource,
  type LngLatBoundsLike,
  Map as MapLibre,
  type MapMouseEvent,
  ScaleControl,
  setWorkerUrl,
} from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import 'maplibre-gl/dist/maplibre-gl.css';
import { report } from '../api/door';
import type { TilePlace } from '../api/events';
import type { TileJson } from '../api/types';
import type { Camera } from '../stores/url';
import { drawIcon } from './icons';
import { MARKS } from './layers/selection';
import type { Hit } from './record';
import { MAX_ZOOM, STRETCHED_ZOOMS, type Tile, TileRefresh } from './refresh';
import { REGISTRY } from './registry';
import { buildStyle, type Look, type Tileset, TILESETS } from './style';
import { THEMES } from './themes';

setWorkerUrl(workerUrl);

/** West, south, east, north. */
export type Bounds = readonly [number, number, number, number];

export interface MapEvents {
  readonly moved: (camera: Camera) => void;
  readonly asked: (at: { lng: number; lat: number }, hits: readonly Hit[]) => void;
  readonly picked: (index: number) => void;
  readonly tilted: (tilted: boolean) => void;
  readonly failedTiles: (count: number) => void;
  /** A tile that the reader may not see; it is not asked for again by itself. */
  readonly refusedTile: () => void;
}

const TOUCH_PX = 5;
const RETRY_MS = 8000;

/** What surrounds the district by as much again on every side may be looked at, not the whole earth. */
function looseBounds([west, south, east, north]: Bounds): LngLatBoundsLike {
  const margin = Math.max(0.5, 1.2 * Math.max(east - west, north - south));
  return [west - margin, Math.max(-85, south - margin), east + margin, Math.min(85, north + margin)];
}

/** Vector sources without bounds: a district that loads later must not stay outside of them. */
export function sourcesOf(tilejson: Readonly<Record<Tileset, TileJson>>): Record<string, SourceSpecification> {
  return Object.fromEntries(
    TILESETS.map((name) => {
      const { tiles, minzoom, maxzoom } = tilejson[name];
      return [name, { type: 'vector', tiles: [...tiles], minzoom, maxzoom } satisfies SourceSpecification];
    }),
  );
}

export class MapHost {
  readonly #map: MapLibre;
  readonly #sources: Record<string, SourceSpecification>;
  readonly #events: MapEvents;
  readonly #failed = new Set<string>();
  readonly #answered = report();
  readonly #refresh = new TileRefresh((source, tiles) => this.#askAgain(source, tiles));
  #look: Look;
  #pending: Look | null = null;
  #loaded = false;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(
    container: HTMLElement,
    look: Look,
    tilejson: Readonly<Record<Tileset, TileJson>>,
    start: { readonly camera: Camera | null; readonly bounds: Bounds | null },
    events: MapEvents,
  ) {
    this.#look = look;
    this.#events = events;
    this.#sources = sourcesOf(tilejson);
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#map = new MapLibre({
      container,
      style: buildStyle(look, this.#sources),
      validateStyle: false,
      attributionControl: false,
      renderWorldCopies: false,
      maxPitch: 60,
      minZoom: 4,
      maxZoom: MAX_ZOOM,
      zoomLevelsToOverscale: STRETCHED_ZOOMS,
      // What lies out of view would miss the news: it is asked for again, and mostly answered by 304.
      maxTileCacheSize: 0,
      reduceMotion: calm,
      fadeDuration: calm ? 0 : 200,
      ...(start.bounds ? { maxBounds: looseBounds(start.bounds) } : {}),
      ...this.#start(start),
      // Relative addresses would be resolved against the worker's file.
      transformRequest: (url) => ({ url: new URL(url, location.href).href }),
    });
    this.#map.setMissingStyleImageResolver((id) => this.#drawMissing(id));
    this.#map.addControl(new ScaleControl({ maxWidth: 110 }), 'bottom-left');
    this.#listen();
    // The browser test waits for what a reader would see.
    (container as HTMLElement & { map?: MapLibre }).map = this.#map;
  }

  #start({ camera, bounds }: { readonly camera: Camera | null; readonly bounds: Bounds | null }) {
    if (camera !== null) {
      return {
        center: [camera.lng, camera.lat] as [number, number],
        zoom: camera.zoom,
        bearing: camera.bearing,
        pitch: camera.pitch,
      };
    }
    if (bounds !== null)
      return { bounds: [...bounds] as [number, number, number, number], fitBoundsOptions: { padding: 40 } };
    return { center: [105, 35] as [number, number], zoom: 4 };
  }

  #listen(): void {
    const map = this.#map;
    map.on('style.load', () => {
      this.#loaded = true;
      const pending = this.#pending;
      this.#pending = null;
      if (pending !== null) this.show(pending);
    });
    map.on('moveend', () => this.#events.moved(this.camera()));
    map.on('pitch', () => this.#events.tilted(map.getPitch() > 1));
    map.on('click', (event) => this.#clicked(event));
    map.on('error', (event) => this.#tileFailed(event));
    map.on('data', (event) => {
      if ('tile' in event && event.dataType === 'source') this.#tileArrived(event.sourceId, event.tile);
    });
    map.on('sourcedataloading', (event) => this.#onTile(event, (source, tile) => this.#refresh.asked(source, tile)));
    for (const end of ['sourcedata', 'sourcedataabort'] as const)
      map.on(end, (event) => this.#onTile(event, (source, tile) => this.#refresh.came(source, tile)));
  }

  /** Makes the map look so; only what differs is touched, tiles stay. */
  show(look: Look): void {
    if (!this.#loaded) {
      this.#pending = look;
      return;
    }
    const before = this.#look;
    this.#look = look;
    const onlyMarks =
      before.theme === look.theme &&
      before.relief === look.relief &&
      before.shown === look.shown &&
      before.selection.grid === look.selection.grid &&
      before.selection.exclusive === look.selection.exclusive &&
      before.selection.extras.length === look.selection.extras.length &&
      before.selection.extras.every((layers, i) => layers === look.selection.extras[i]);
    if (onlyMarks) {
      void this.#map.getSource<GeoJSONSource>(MARKS)?.setData(look.selection.marks);
      return;
    }
    this.#map.setStyle(buildStyle(look, this.#sources), { diff: true, validate: false });
    if (before.theme !== look.theme) this.#redrawIcons();
  }

  #drawMissing(id: string): void {
    const pixelRatio = Math.max(1, Math.ceil(devicePixelRatio));
    const image = drawIcon(id, THEMES[this.#look.theme], pixelRatio);
    if (image !== undefined && !this.#map.hasImage(id)) this.#map.addImage(id, image, { pixelRatio });
  }

  #redrawIcons(): void {
    const pixelRatio = Math.max(1, Math.ceil(devicePixelRatio));
    for (const id of this.#map.listImages()) {
      const image = drawIcon(id, THEMES[this.#look.theme], pixelRatio);
      if (image !== undefined) this.#map.updateImage(id, image);
    }
  }

  #clicked(event: MapMouseEvent): void {
    const { x, y } = event.point;
    const box: [[number, number], [number, number]] = [
      [x - TOUCH_PX, y - TOUCH_PX],
      [x + TOUCH_PX, y + TOUCH_PX],
    ];
    const plate = this.#map.queryRenderedFeatures(event.point, { layers: ['plate'] })[0];
    if (plate !== undefined) {
      this.#events.picked(Number(plate.properties['number']) - 1);
      return;
    }
    this.#events.asked({ lng: event.lngLat.lng, lat: event.lngLat.lat }, this.#hits(event.point, box));
  }

  /** Everything under the point, small things by a box, areas by the point itself. */
  #hits(point: MapMouseEvent['point'], box: [[number, number], [number, number]]): Hit[] {
    const found = new Map<string, Hit>();
    for (const record of REGISTRY) {
      const layers = record.hits?.layers.filter((id) => this.#map.getLayer(id) !== undefined) ?? [];
      if (record.hits === undefined || layers.length === 0) continue;
      const isArea = layers.some((id) => id.endsWith('-area') || id.endsWith('-relief'));
      for (const feature of this.#map.queryRenderedFeatures(isArea ? point : box, { layers })) {
        const told = record.hits.tell(feature.properties);
        const key = `${record.id} ${told.title} ${told.detail}`;
        if (!found.has(key)) found.set(key, { record: record.id, label: record.label, ...told });
      }
    }
    return [...found.values()].slice(0, 8);
  }

  #onTile(
    event: { sourceId?: string; tile?: { tileID?: { canonical: Tile } } | undefined },
    then: (source: string, tile: Tile) => void,
  ): void {
    const tile = event.tile?.tileID?.canonical;
    if (event.sourceId !== undefined && tile !== undefined) then(event.sourceId, tile);
  }

  #tileFailed(event: {
    error?: unknown;
    sourceId?: string;
    tile?: { tileID?: { key: string; canonical: Tile } };
  }): void {
    this.#onTile(event, (source, tile) => this.#refresh.came(source, tile));
    if (event.sourceId === undefined || event.tile?.tileID === undefined) {
      console.error('map:', event.error);
      return;
    }
    const status = (event.error as { status?: number } | undefined)?.status ?? 0;
    this.#answered(status);
    if (status === 401) return;
    if (status === 403) {
      this.#events.refusedTile();
      return;
    }
    this.#failed.add(`${event.sourceId} ${event.tile.tileID.key}`);
    this.#events.failedTiles(this.#failed.size);
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.retryTiles(), RETRY_MS);
  }

  #tileArrived(sourceId: string, tile: { tileID?: { key: string } } | undefined): void {
    if (this.#failed.size === 0 || tile?.tileID === undefined) return;
    if (this.#failed.delete(`${sourceId} ${tile.tileID.key}`)) this.#events.failedTiles(this.#failed.size);
  }

  retryTiles(): void {
    const sources = new Set([...this.#failed].map((entry) => entry.split(' ')[0] as Tileset));
    this.#failed.clear();
    this.#events.failedTiles(0);
    this.refresh([...sources]);
  }

  /** Asks again for the tiles on the screen; what did not change comes back as 304. */
  refresh(tilesets: readonly Tileset[]): void {
    for (const name of tilesets) this.#refresh.all(name);
  }

  /** Asks again for these tiles, as far as they are on the screen. */
  refreshTiles(tilesets: readonly Tileset[], tiles: readonly TilePlace[]): void {
    for (const name of tilesets) this.#refresh.changed(name, tiles);
  }

  #askAgain(source: string, tiles: readonly Tile[] | null): void {
    if (this.#map.getSource(source) === undefined) return;
    if (tiles === null) this.#map.refreshTiles(source);
    else this.#map.refreshTiles(source, [...tiles]);
  }

  /** The city has other bounds now: the reader may go there, the map does not move by itself. */
  allow(bounds: Bounds): void {
    this.#map.setMaxBounds(looseBounds(bounds));
  }

  camera(): Camera {
    const { lng, lat } = this.#map.getCenter();
    return { lng, lat, zoom: this.#map.getZoom(), bearing: this.#map.getBearing(), pitch: this.#map.getPitch() };
  }

  jump(camera: Camera): void {
    this.#map.jumpTo({
      center: [camera.lng, camera.lat],
      zoom: camera.zoom,
      bearing: camera.bearing,
      pitch: camera.pitch,
    });
  }

  /** Brings a place into the part of the map that no panel covers, at least as close as `zoom`. */
  fly(lng: number, lat: number, zoom: number, covered: { right: number; bottom: number }): void {
    this.#map.easeTo({
      center: [lng, lat],
      zoom: Math.max(zoom, this.#map.getZoom()),
      offset: [-covered.right / 2, -covered.bottom / 2],
      duration: 600,
    });
  }

  fit(bounds: Bounds): void {
    this.#map.fitBounds([...bounds] as [number, number, number, number], { padding: 48, bearing: 0, pitch: 0 });
  }

  /** Brings an area into the part of the map that no panel covers; the reader's angle stays. */
  frame(bounds: Bounds, covered: { left: number; right: number; bottom: number }): void {
    const margin = 48;
    this.#map.fitBounds([...bounds] as [number, number, number, number], {
      padding: {
        top: margin,
        left: margin + covered.left,
        right: margin + covered.right,
        bottom: margin + covered.bottom,
      },
      bearing: this.#map.getBearing(),
      pitch: this.#map.getPitch(),
      maxZoom: 17,
      duration: 600,
    });
  }

  zoomBy(step: number): void {
    this.#map.easeTo({ zoom: this.#map.getZoom() + step, duration: 250 });
  }

  panBy(x: number, y: number): void {
    this.#map.panBy([x, y], { duration: 200 });
  }

  north(): void {
    this.#map.easeTo({ bearing: 0, duration: 300 });
  }

  /** Tilts to see buildings stand, or lays the map flat. */
  tilt(up: boolean): void {
    this.#map.easeTo({ pitch: up ? 55 : 0, duration: 500 });
  }

  focus(): void {
    this.#map.getCanvas().focus();
  }

  label(text: string): void {
    this.#map.getCanvas().setAttribute('aria-label', text);
  }

  remove(): void {
    clearTimeout(this.#retry);
    this.#map.remove();
  }
}
