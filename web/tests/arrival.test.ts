import { afterEach, expect, it, vi } from 'vitest';
import { arrival, arrive, leavePage, REFUSALS, without } from '../src/stores/arrival.svelte';

let shown: string[] = [];

/** Comes to an address; what replaces it is kept. */
function comeTo(address: string): void {
  const { pathname, search, hash } = new URL(address, 'http://127.0.0.1');
  vi.stubGlobal('location', { pathname, search, hash });
  vi.stubGlobal('history', { replaceState: (_state: unknown, _title: string, next: string) => shown.push(next) });
  arrive();
}

afterEach(() => {
  vi.unstubAllGlobals();
  shown = [];
  Object.assign(arrival, { page: null, key: null, refusal: null });
});

it('takes the key of an invitation and leaves none in the address bar', () => {
  comeTo('/invitation?lang=en#KEY-1_a');
  expect(arrival).toMatchObject({ page: 'invitation', key: 'KEY-1_a' });
  expect(shown).toEqual(['/invitation?lang=en']);
});

it('takes the key of the set-up link', () => {
  comeTo('/set-up#KEY');
  expect(arrival).toMatchObject({ page: 'set_up', key: 'KEY' });
  expect(shown).toEqual(['/set-up']);
});

it('knows that a link was cut off', () => {
  comeTo('/invitation');
  expect(arrival).toMatchObject({ page: 'invitation', key: null });
  expect(shown).toEqual([]);
});

it('holds the key when the same page is looked at again, and takes another that is pasted', () => {
  comeTo('/invitation#ONE');
  comeTo('/invitation');
  expect(arrival.key).toBe('ONE');
  comeTo('/invitation#TWO');
  expect(arrival.key).toBe('TWO');
});

it('leaves a fragment of any other page alone', () => {
  comeTo('/?c=121.1,31.9,12#note');
  expect(arrival).toEqual({ page: null, key: null, refusal: null });
  expect(shown).toEqual([]);
});

it.each(REFUSALS)('is told once that the sign-in of the district ended with %s', (why) => {
  comeTo(`/?c=121.1,31.9,12&sign_in=${why}&lang=en`);
  expect(arrival.refusal).toBe(why);
  expect(shown).toEqual(['/?c=121.1,31.9,12&lang=en']);
});

it('takes a reason that it does not know for a refusal', () => {
  comeTo('/?sign_in=%3Cb%3E');
  expect(arrival.refusal).toBe('refused');
  expect(shown).toEqual(['/']);
});

it('goes on to the app in the same language', () => {
  comeTo('/invitation?lang=en#KEY');
  leavePage();
  expect(arrival).toMatchObject({ page: null, key: null });
  expect(shown.at(-1)).toBe('/?lang=en');
});

it('takes only the named parameter out of a search', () => {
  expect(without('?sign_in=refused', 'sign_in')).toBe('');
  expect(without('?a=1&sign_in&b=c,d', 'sign_in')).toBe('?a=1&b=c,d');
  expect(without('', 'sign_in')).toBe('');
});
