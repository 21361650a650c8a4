// What is shown now: theme, layers, camera and the asked place; the address bar always says the same.
import { speak, language, languageOf, type Language } from '../i18n/index.svelte';
import { SHOWN_AT_FIRST } from '../map/registry';
import type { ThemeName } from '../map/themes';
import { isSame, pathWith, type Thing, thingOf } from './thing_path';
import { type Camera, formatView, parseView, type Place } from './url';

interface View {
  theme: ThemeName;
  shown: string[];
  camera: Camera | null;
  at: Place | null;
  /** The thing whose drawer is open; a place and a thing take each other's room. */
  thing: Thing | null;
  /** The map is to go to the thing: it was opened here, or by a link that does not say where to look. */
  approach: boolean;
}

const REMEMBERED = 'cim.theme';
const opened = parseView(location.search);
const darkByBrowser = matchMedia('(prefers-color-scheme: dark)');

function remembered(): ThemeName | null {
  const theme = localStorage.getItem(REMEMBERED);
  return theme === 'light' || theme === 'dark' ? theme : null;
}

export const view = $state<View>({
  theme: opened.theme ?? remembered() ?? (darkByBrowser.matches ? 'dark' : 'light'),
  shown: [...(opened.layers ?? SHOWN_AT_FIRST)],
  camera: opened.camera,
  at: opened.at,
  thing: thingOf(location.pathname),
  approach: opened.camera === null,
});

/** A language or theme that the address names stays in it; a choice of the browser does not need to. */
let named: { theme: ThemeName | null; language: Language | null } = { theme: opened.theme, language: opened.language };
speak(opened.language ?? languageOf(navigator.languages));

function sameAsAtFirst(shown: readonly string[]): boolean {
  return shown.length === SHOWN_AT_FIRST.length && SHOWN_AT_FIRST.every((id) => shown.includes(id));
}

function address(): string {
  const layers = sameAsAtFirst(view.shown) ? null : view.shown;
  return formatView({ camera: view.camera, layers, at: view.at, ...named }, location.search);
}

function write(step: 'push' | 'replace'): void {
  const next = pathWith(view.thing, location.pathname) + address();
  if (next === location.pathname + location.search) return;
  if (step === 'push') history.pushState(null, '', next);
  else history.replaceState(null, '', next);
}

export function setTheme(theme: ThemeName): void {
  view.theme = theme;
  localStorage.setItem(REMEMBERED, theme);
  named = { ...named, theme: named.theme === null ? null : theme };
  write('replace');
}

export function setLanguage(next: Language): void {
  speak(next);
  named = { ...named, language: next };
  write('replace');
}

export function toggleLanguage(): void {
  setLanguage(language() === 'en' ? 'zh-CN' : 'en');
}

export function toggleLayer(id: string): void {
  view.shown = view.shown.includes(id) ? view.shown.filter((other) => other !== id) : [...view.shown, id];
  write('replace');
}

/** The map moved: the address follows, Back does not step through every pan. */
export function setCamera(camera: Camera): void {
  view.camera = camera;
  write('replace');
}

/** Asks about a place, or about none; Back undoes it. */
export function ask(at: Place | null): void {
  view.at = at;
  view.thing = null;
  write('push');
}

/** Opens a thing, or closes the one that is open; Back undoes it. */
export function openThing(thing: Thing | null): void {
  if (isSame(thing, view.thing)) return;
  view.approach = thing !== null && (thing.around || thing.id !== view.thing?.id || thing.kind !== view.thing.kind);
  view.thing = thing;
  view.at = null;
  write('push');
}

addEventListener('popstate', () => {
  const back = parseView(location.search);
  view.at = back.at;
  view.thing = thingOf(location.pathname);
  view.approach = false;
  view.shown = [...(back.layers ?? SHOWN_AT_FIRST)];
  if (back.camera !== null) view.camera = back.camera;
});
