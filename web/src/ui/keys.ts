// The one key map: what a key does, and the sheet that shows it.
import type { Key } from '../i18n/zh-CN';

export const COMMANDS = [
  'layers',
  'theme',
  'relief',
  'north',
  'fit',
  'zoom_in',
  'zoom_out',
  'ask',
  'search',
  'hotspots',
  'around',
  'back',
  'help',
] as const;
export type Command = (typeof COMMANDS)[number] | 'left' | 'right' | 'up' | 'down';

/** Keys by `KeyboardEvent.key`, letters in lower case. */
export const KEY_MAP: Readonly<Record<string, Command>> = {
  l: 'layers',
  d: 'theme',
  p: 'relief',
  n: 'north',
  f: 'fit',
  '+': 'zoom_in',
  '=': 'zoom_in',
  '-': 'zoom_out',
  Enter: 'ask',
  '/': 'search',
  s: 'hotspots',
  o: 'around',
  Escape: 'back',
  '?': 'help',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

export const KEY_SHEET: readonly { readonly keys: readonly string[]; readonly label: Key }[] = [
  { keys: ['L'], label: 'keys.layers' },
  { keys: ['D'], label: 'keys.theme' },
  { keys: ['P'], label: 'keys.relief' },
  { keys: ['N'], label: 'keys.north' },
  { keys: ['F'], label: 'keys.fit' },
  { keys: ['+', '−'], label: 'keys.zoom' },
  { keys: ['←', '↑', '↓', '→'], label: 'keys.pan' },
  { keys: ['Enter'], label: 'keys.ask' },
  { keys: ['/', 'Ctrl+K'], label: 'keys.search' },
  { keys: ['S'], label: 'keys.hotspots' },
  { keys: ['O'], label: 'keys.around' },
  { keys: ['Esc'], label: 'keys.back' },
  { keys: ['?'], label: 'keys.help' },
];

/** What the map itself does with a key when it has the focus. */
const MAP_OWN: ReadonlySet<Command> = new Set(['left', 'right', 'up', 'down', 'zoom_in', 'zoom_out']);

/** The command of a key press; none while somebody writes, composes Chinese, or holds a modifier. */
export function commandOf(event: KeyboardEvent): Command | undefined {
  if (!event.isComposing && (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k')
    return 'search';
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const target = event.target as HTMLElement | null;
  if (target?.closest('input, textarea, select, dialog, [contenteditable]') != null) return undefined;
  const command = KEY_MAP[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  const onMap = target?.classList.contains('maplibregl-canvas') === true;
  if (command !== undefined && onMap && MAP_OWN.has(command)) return undefined;
  if (command === 'ask' && target?.closest('button, a, summary') != null) return undefined;
  if (command !== undefined && MAP_OWN.has(command) && target?.closest('.panel') != null) return undefined;
  return command;
}
