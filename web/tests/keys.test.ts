import { expect, it } from 'vitest';
import { commandOf } from '../src/ui/keys';

const press = (key: string, more: Partial<KeyboardEvent> = {}) =>
  commandOf({
    key,
    isComposing: false,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    target: null,
    ...more,
  } as KeyboardEvent);

it('opens the search by a stroke and by Ctrl or Command with K', () => {
  expect(press('/')).toBe('search');
  expect(press('k', { ctrlKey: true })).toBe('search');
  expect(press('K', { metaKey: true })).toBe('search');
});

it('leaves the keys of an input method alone', () => {
  expect(press('k', { ctrlKey: true, isComposing: true })).toBeUndefined();
  expect(press('/', { isComposing: true })).toBeUndefined();
});
