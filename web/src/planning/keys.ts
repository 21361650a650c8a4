// The keys of the draft editor: what each does, and the sheet that shows them.
import type { PlanningKey } from '../i18n/planning.zh-CN';

export const TOOLS = ['select', 'move', 'add', 'drop', 'split', 'merge'] as const;
export type Tool = (typeof TOOLS)[number];

export const TOOL_KEYS: Readonly<Record<Tool, string>> = {
  select: 'V',
  move: 'E',
  add: 'A',
  drop: 'X',
  split: 'S',
  merge: 'M',
};

export type EditCommand =
  | { readonly do: 'tool'; readonly tool: Tool }
  | { readonly do: 'nudge'; readonly x: number; readonly y: number }
  | { readonly do: 'undo' | 'redo' | 'enter' | 'escape' | 'help' | 'here' | 'next' | 'previous' | 'fit' }
  | { readonly do: 'zoom'; readonly step: number };

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const PLAIN: Readonly<Record<string, EditCommand>> = {
  Enter: { do: 'enter' },
  Escape: { do: 'escape' },
  '?': { do: 'help' },
  ' ': { do: 'here' },
  ']': { do: 'next' },
  '[': { do: 'previous' },
  f: { do: 'fit' },
  '+': { do: 'zoom', step: 1 },
  '=': { do: 'zoom', step: 1 },
  '-': { do: 'zoom', step: -1 },
};
const SHIFTED_PX = 10;

export const SHEET: readonly { readonly keys: readonly string[]; readonly label: PlanningKey }[] = [
  ...TOOLS.map((tool) => ({ keys: [TOOL_KEYS[tool]], label: `tool.${tool}` as const })),
  { keys: ['[', ']'], label: 'keys.walk' },
  { keys: ['←', '↑', '↓', '→'], label: 'keys.nudge' },
  { keys: ['Shift'], label: 'keys.nudge_far' },
  { keys: ['Space'], label: 'keys.here' },
  { keys: ['Enter'], label: 'keys.enter' },
  { keys: ['Z'], label: 'keys.undo' },
  { keys: ['Shift', 'Z'], label: 'keys.redo' },
  { keys: ['F'], label: 'keys.fit' },
  { keys: ['+', '−'], label: 'keys.zoom' },
  { keys: ['Esc'], label: 'keys.escape' },
  { keys: ['?'], label: 'keys.help' },
];

/** What a key press asks for; nothing while somebody writes, composes Chinese, or holds another modifier. */
export function editCommandOf(event: KeyboardEvent): EditCommand | undefined {
  if (event.isComposing || event.altKey) return undefined;
  const target = event.target as HTMLElement | null;
  if (target?.closest('input, textarea, select, dialog, [contenteditable]') != null) return undefined;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key === 'z') return { do: event.shiftKey ? 'redo' : 'undo' };
  if (event.ctrlKey || event.metaKey) return undefined;
  const arrow = ARROWS[key];
  if (arrow !== undefined) {
    // Panels scroll by the same keys.
    if (target?.closest('.scroll') != null) return undefined;
    const far = event.shiftKey ? SHIFTED_PX : 1;
    return { do: 'nudge', x: arrow[0] * far, y: arrow[1] * far };
  }
  const command = PLAIN[key];
  if ((command?.do === 'enter' || command?.do === 'here') && target?.closest('button, a, summary') != null)
    return undefined;
  if (command !== undefined) return command;
  const tool = TOOLS.find((one) => TOOL_KEYS[one].toLowerCase() === key);
  return tool === undefined ? undefined : { do: 'tool', tool };
}
