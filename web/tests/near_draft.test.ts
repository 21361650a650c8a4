import { beforeEach, expect, it, vi } from 'vitest';
import { bodyOf } from '../src/near/finding';

const kept = new Map<string, string>();
vi.stubGlobal('localStorage', {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
  removeItem: (key: string) => void kept.delete(key),
});
const fix = { lng: 121, lat: 31, accuracyM: 9, crs: 'gcj02', at: 0, source: 'device', name: null } as const;
const refused = bodyOf({ no: 'SB1', title: 'old', category: '', content: '', reportedAt: null }, fix, new Date(0));

/** The page as it is after it was loaded again. */
async function reload() {
  vi.resetModules();
  const draft = await import('../src/near/draft.svelte');
  draft.resume('officer');
  return draft;
}

beforeEach(() => kept.clear());

it('finds after a reload what was being written, under the same number', async () => {
  const before = await reload();
  before.writing.draft.title = '路灯';
  before.keepDraft();
  const { no } = before.writing.draft;
  const { writing } = await reload();
  expect(writing.draft).toMatchObject({ no, title: '路灯' });
});

it('shows nobody what another account was writing', async () => {
  const before = await reload();
  before.writing.draft.title = '路灯';
  before.keepDraft();
  vi.resetModules();
  const draft = await import('../src/near/draft.svelte');
  draft.resume('somebody');
  expect(draft.writing.draft.title).toBe('');
});

it('takes a report back into the form with its place, and returns to what was put aside for it', async () => {
  const before = await reload();
  before.writing.draft.title = 'new';
  before.change(refused);
  const { writing, clearDraft } = await reload();
  expect(writing.draft).toMatchObject({ no: 'SB1', title: 'old' });
  expect(writing.place).toMatchObject({ lng: 121, crs: 'gcj02', accuracyM: 9 });
  clearDraft();
  expect([writing.draft.title, writing.place]).toEqual(['new', null]);
  clearDraft();
  expect([writing.draft.title, kept.size]).toEqual(['', 0]);
});
