// The map of a draft: the quiet ground of the one map, with the draft's own borders instead of the published ones.
import { type GeoJSONSource, Map as MapLibre, type MapMouseEvent, type MapTouchEvent, ScaleControl } from 'maplibre-gl';
import type { TileJson } from '../api/types';
import type { Point } from '../api/drafts';
import { sourcesOf } from '../map/MapHost';
import { drawIcon } from '../map/icons';
import { NOTHING_SELECTED } from '../map/layers/selection';
import { buildStyle, type Tileset } from '../map/style';
import { THEMES, type ThemeName } from '../map/themes';
import type { Camera } from '../stores/url';
import { type Features, NOTHING } from './drawing';
import { PLAN_SOURCES, planLayers, type PlanSource } from './planLayers';

export interface Pointed {
  readonly at: Point;
  /** Where on the screen, in pixels. */
  readonly x: number;
  readonly y: number;
}

export interface PlanEvents {
  readonly clicked: (where: Pointed) => void;
  readonly clickedTwice: (where: Pointed) => void;
  /** Whether what lies here is dragged instead of the map. */
  readonly grabbed: (where: Pointed) => boolean;
  readonly dragged: (where: Pointed) => void;
  readonly dropped: () => void;
  readonly pointed: (where: Pointed) => void;
  readonly moved: (camera: Camera) => void;
}

/** Ground without what would distract; published borders only while the draft shows none of its own. */
const GROUND = ['roads', 'buildings', 'place_names'];
const PUBLISHED = ['towns', 'villages', 'comprehensive_grids'];
const NO_TILES_ABOVE = 19;

export class PlanMap {
  readonly #map: MapLibre;
  readonly #sources: ReturnType<typeof sourcesOf>;
  readonly #data = new Map<PlanSource, Features>();
  #theme: ThemeName;
  #withPublished = true;
  #loaded = false;
  #dragging = false;

  constructor(
    container: HTMLElement,
    theme: ThemeName,
    tilejson: Readonly<Record<Tileset, TileJson>>,
    start: { readonly camera: Camera | null; readonly bounds: readonly number[] | null },
    events: PlanEvents,
  ) {
    this.#theme = theme;
    this.#sources = sourcesOf(tilejson);
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const bounds = (start.bounds ?? [73, 18, 135, 53]) as [number, number, number, number];
    this.#map = new MapLibre({
      container,
      style: this.#style(),
      validateStyle: false,
      attributionControl: false,
      renderWorldCopies: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      doubleClickZoom: false,
      keyboard: false,
      minZoom: 4,
      maxZoom: NO_TILES_ABOVE + 3,
      reduceMotion: calm,
      fadeDuration: 0,
      ...(start.camera === null
        ? { bounds, fitBoundsOptions: { padding: 40 } }
        : { center: [start.camera.lng, start.camera.lat] as [number, number], zoom: start.camera.zoom }),
      transformRequest: (url) => ({ url: new URL(url, location.href).href }),
    });
    this.#map.touchZoomRotate.disableRotation();
    this.#map.setMissingStyleImageResolver((id) => this.#drawMissing(id));
    this.#map.addControl(new ScaleControl({ maxWidth: 110 }), 'bottom-left');
    this.#map.on('style.load', () => {
      this.#loaded = true;
      for (const [source, data] of this.#data) void this.#map.getSource<GeoJSONSource>(source)?.setData(data);
    });
    this.#map.on('moveend', () => events.moved(this.camera()));
    this.#listen(events);
    // The browser test waits for what a reader would see.
    (container as HTMLElement & { map?: MapLibre }).map = this.#map;
  }

  #style() {
    const shown = this.#withPublished ? [...PUBLISHED, ...GROUND] : GROUND;
    const style = buildStyle({ theme: this.#theme, relief: false, shown, selection: NOTHING_SELECTED }, this.#sources);
    const own = Object.fromEntries(
      PLAN_SOURCES.map((id) => [id, { type: 'geojson' as const, data: this.#data.get(id) ?? NOTHING }]),
    );
    return {
      ...style,
      sources: { ...style.sources, ...own },
      layers: [...style.layers, ...planLayers(THEMES[this.#theme])],
    };
  }

  #drawMissing(id: string): void {
    const pixelRatio = Math.max(1, Math.ceil(devicePixelRatio));
    const image = drawIcon(id, THEMES[this.#theme], pixelRatio);
    if (image !== undefined && !this.#map.hasImage(id)) this.#map.addImage(id, image, { pixelRatio });
  }

  #listen(events: PlanEvents): void {
    const map = this.#map;
    const pointed = ({ point, lngLat }: MapMouseEvent | MapTouchEvent): Pointed => ({
      at: [lngLat.lng, lngLat.lat],
      x: point.x,
      y: point.y,
    });
    map.on('click', (event) => events.clicked(pointed(event)));
    map.on('dblclick', (event) => events.clickedTwice(pointed(event)));
    const grab = (event: MapMouseEvent | MapTouchEvent) => {
      if ('points' in event && event.points.length !== 1) return;
      if (!events.grabbed(pointed(event))) return;
      event.preventDefault();
      this.#dragging = true;
    };
    const drag = (event: MapMouseEvent | MapTouchEvent) => {
      if (this.#dragging) events.dragged(pointed(event));
      else events.pointed(pointed(event));
    };
    const drop = () => {
      if (this.#dragging) events.dropped();
      this.#dragging = false;
    };
    map.on('mousedown', grab);
    map.on('touchstart', grab);
    map.on('mousemove', drag);
    map.on('touchmove', drag);
    map.on('mouseup', drop);
    map.on('touchend', drop);
    map.on('touchcancel', drop);
  }

  set(source: PlanSource, data: Features): void {
    if (this.#data.get(source) === data) return;
    this.#data.set(source, data);
    if (this.#loaded) void this.#map.getSource<GeoJSONSource>(source)?.setData(data);
  }

  look(theme: ThemeName, withPublished: boolean): void {
    if (theme === this.#theme && withPublished === this.#withPublished) return;
    this.#theme = theme;
    this.#withPublished = withPublished;
    this.#map.setStyle(this.#style(), { diff: true, validate: false });
    const pixelRatio = Math.max(1, Math.ceil(devicePixelRatio));
    for (const id of this.#map.listImages()) {
      const image = drawIcon(id, THEMES[theme], pixelRatio);
      if (image !== undefined) this.#map.updateImage(id, image);
    }
  }

  /** Hides what is new, to see what was: the blink of a review. */
  blink(old: boolean): void {
    for (const id of ['plan-now', 'plan-moved', 'plan-far'])
      if (this.#map.getLayer(id)) this.#map.setLayoutProperty(id, 'visibility', old ? 'none' : 'visible');
  }

  cursor(kind: 'grab' | 'pointer' | 'crosshair' | ''): void {
    this.#map.getCanvas().style.cursor = kind;
  }

  project([lng, lat]: Point): { x: number; y: number } {
    return this.#map.project([lng, lat]);
  }

  unproject(x: number, y: number): Point {
    const { lng, lat } = this.#map.unproject([x, y]);
    return [lng, lat];
  }

  centre(): Pointed {
    const { lng, lat } = this.#map.getCenter();
    return { at: [lng, lat], ...this.project([lng, lat]) };
  }

  camera(): Camera {
    const { lng, lat } = this.#map.getCenter();
    return { lng, lat, zoom: this.#map.getZoom(), bearing: 0, pitch: 0 };
  }

  fit(bounds: readonly [number, number, number, number]): void {
    this.#map.fitBounds([...bounds] as [number, number, number, number], { padding: 56, maxZoom: 18, duration: 500 });
  }

  fly([lng, lat]: Point, zoom = 17): void {
    this.#map.easeTo({ center: [lng, lat], zoom: Math.max(zoom, this.#map.getZoom()), duration: 500 });
  }

  panBy(x: number, y: number): void {
    this.#map.panBy([x, y], { duration: 150 });
  }

  zoomBy(step: number): void {
    this.#map.easeTo({ zoom: this.#map.getZoom() + step, duration: 200 });
  }

  label(text: string): void {
    this.#map.getCanvas().setAttribute('aria-label', text);
  }

  remove(): void {
    this.#map.remove();
  }
}
