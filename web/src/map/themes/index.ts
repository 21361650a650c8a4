// The themes by name.
import { dark } from './dark';
import { light } from './light';
import type { Palette } from './palette';

export const THEMES = { light, dark } as const satisfies Record<string, Palette>;
export type ThemeName = keyof typeof THEMES;
export { CASE_STATES, type CaseState, type Palette } from './palette';
