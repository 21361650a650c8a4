// Which classes findings around a place usually have, read from what others reported there.
import type { NearItem } from './card';

export interface UsualClass {
  readonly code: string;
  /** The commonest title of its findings: the server tells no names of classes. */
  readonly example: string;
}

const MOST = 6;

/** The keys by how often they come, the commonest first. */
function byCount<T>(list: readonly T[], key: (one: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const one of list) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return [...groups].sort((a, b) => b[1].length - a[1].length);
}

export function usualClasses(items: readonly NearItem[]): UsualClass[] {
  const classed = items.filter((item) => typeof item.category_code === 'string' && item.category_code !== '');
  return byCount(classed, (item) => item.category_code ?? '')
    .slice(0, MOST)
    .map(([code, group]) => ({ code, example: byCount(group, (item) => item.name)[0]?.[0] ?? '' }));
}

const KEPT = 'cim.near.classes';

export function keptClasses(): readonly UsualClass[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT) ?? '[]');
    return Array.isArray(kept) ? (kept as UsualClass[]) : [];
  } catch {
    return [];
  }
}

export function keepClasses(classes: readonly UsualClass[]): void {
  localStorage.setItem(KEPT, JSON.stringify(classes));
}
