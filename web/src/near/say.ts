// Words of the phone page, in the reader's language.
import { fill } from '../i18n/fill';
import { language, t, word } from '../i18n/index.svelte';
import { nearEn } from '../i18n/near.en';
import { type NearKey, nearZhCN } from '../i18n/near.zh-CN';
import { type NearItem, timeLeft } from './card';

const WORDS = { 'zh-CN': nearZhCN, en: nearEn };

export function say(key: NearKey, values: Readonly<Record<string, string | number>> = {}): string {
  return fill(WORDS[language()][key], values);
}

/** A word that the server chose: ours, else the app's, else the word itself. */
export function sayWord(family: string, name: string): string {
  const key = `${family}.${name}`;
  return key in nearZhCN ? say(key as NearKey) : word(family, name);
}

export function span(ms: number): string {
  const { days, hours, minutes } = timeLeft(ms);
  if (days > 0) return say('span.days', { days, hours });
  return hours > 0 ? say('span.hours', { hours, minutes }) : say('span.minutes', { minutes: Math.max(1, minutes) });
}

export function radiusWords(radius: number | null): string {
  if (radius === null) return say('radius.any');
  return radius < 1000 ? t('unit.metres', { n: radius }) : t('unit.kilometres', { n: radius / 1000 });
}

/** What a thing is called: many have no name of their own. */
export function nameOf(item: NearItem): string {
  if (item.name !== '') return item.name;
  return item.theme ? sayWord('theme', item.theme) : word('kind', item.kind);
}

/** A link to another page in the language that this address names; one that the browser chose needs no naming. */
export function withLanguage(link: string): string {
  // Read after the switch wrote it into the address.
  const spoken = language();
  if (!new URLSearchParams(location.search).has('lang')) return link;
  return `${link}${link.includes('?') ? '&' : '?'}lang=${spoken}`;
}
