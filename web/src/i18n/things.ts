// Says the words of search, drawers, surroundings and hot spots: a dictionary of its own, because the map is drawn without.
import { fill } from './fill';
import { language } from './index.svelte';
import { thingsEn } from './things.en';
import { type ThingKey, thingsZhCN } from './things.zh-CN';

export const THING_WORDS = { 'zh-CN': thingsZhCN, en: thingsEn } as const;

/** A sentence in the reader's language. */
export function say(key: ThingKey, values: Readonly<Record<string, string | number>> = {}): string {
  return fill(THING_WORDS[language()][key], values);
}

/** A word that the server chose, when the dictionary has it; else the word itself. */
export function sayWord(family: string, name: string): string {
  const key = `${family}.${name}`;
  return key in thingsZhCN ? say(key as ThingKey) : name;
}

/** A day and a time, in the district's zone. */
export function moment(time: string): string {
  return new Intl.DateTimeFormat(language(), {
    timeZone: 'Asia/Shanghai',
    year: 'numeric',
    // Numbers alone would be read in two ways.
    month: language() === 'en' ? 'short' : '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).format(new Date(time));
}
