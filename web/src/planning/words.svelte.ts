// The words of boundary drafts: loaded with their pages, so that the first map does not carry them.
import { fill } from '../i18n/fill';
import { language } from '../i18n/index.svelte';
import { planningEn } from '../i18n/planning.en';
import { planningZhCN, type PlanningKey } from '../i18n/planning.zh-CN';

const WORDS = { 'zh-CN': planningZhCN, en: planningEn } as const;

/** A sentence of these pages in the reader's language. */
export function p(key: PlanningKey, values: Readonly<Record<string, string | number>> = {}): string {
  return fill(WORDS[language()][key], values);
}

/** A word that the server chose, when the dictionary has it; else the fallback, or the word itself. */
export function pWord(family: string, name: string, fallback = name): string {
  const key = `${family}.${name}`;
  return key in planningZhCN ? p(key as PlanningKey) : fallback;
}

/** A day and a time, as a list shows them. */
export function moment(time: string): string {
  return new Intl.DateTimeFormat(language(), { dateStyle: 'medium', timeStyle: 'short', hour12: false }).format(
    new Date(time),
  );
}
