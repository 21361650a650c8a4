// The language of the page: the browser's choice, the reader's switch, and the words in it.
import { en } from './en';
import { fill } from './fill';
import { type Dictionary, type Key, zhCN } from './zh-CN';

export const LANGUAGES = { 'zh-CN': zhCN, en } as const satisfies Record<string, Dictionary>;
export type Language = keyof typeof LANGUAGES;

/** The first language of the browser that we speak; Chinese when there is none. */
export function languageOf(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const primary = tag.toLowerCase().split('-')[0];
    if (primary === 'zh') return 'zh-CN';
    if (primary === 'en') return 'en';
  }
  return 'zh-CN';
}

const spoken = $state<{ language: Language }>({ language: 'zh-CN' });

export function language(): Language {
  return spoken.language;
}

export function speak(next: Language): void {
  spoken.language = next;
  document.documentElement.lang = next;
  document.title = t('app.name');
}

/** A sentence in the reader's language. */
export function t(key: Key, values: Readonly<Record<string, string | number>> = {}): string {
  return fill(LANGUAGES[spoken.language][key], values);
}

/** A word that the server chose, when the dictionary has it; else the word itself. */
export function word(family: string, name: string): string {
  const key = `${family}.${name}`;
  return key in zhCN ? t(key as Key) : name;
}

/** A time of day, with the date when it is not today. */
export function clock(time: Date): string {
  const today = new Date().toDateString() === time.toDateString();
  const format: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false };
  return new Intl.DateTimeFormat(
    spoken.language,
    today ? format : { ...format, month: '2-digit', day: '2-digit' },
  ).format(time);
}

/** A distance as people read it: metres below one kilometre. */
export function distance(metres: number): string {
  return metres < 1000
    ? t('unit.metres', { n: metres < 10 ? metres.toFixed(1) : Math.round(metres) })
    : t('unit.kilometres', { n: (metres / 1000).toFixed(1) });
}

/** One of eight compass words. */
export function compass(bearingDeg: number): string {
  return word('compass', String(Math.round((((bearingDeg % 360) + 360) % 360) / 45) % 8));
}
