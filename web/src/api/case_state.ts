// From the sixteen states of a case to the five that a map tells apart.
import type { CaseState } from '../map/themes';

/** Words of states in which nothing is left to do. */
export const CLOSED_WORDS: readonly string[] = ['answered', 'rejected', 'merged', 'closed', 'cancelled', 'archived'];
/** Words of states in which nobody works on it yet. */
export const NEW_WORDS: readonly string[] = ['registered', 'accepted', 'return_requested'];

/** How a case stands; closed outweighs overdue. */
export function stateOf(word: string, overdue: boolean, dueSoon = false): CaseState {
  if (CLOSED_WORDS.includes(word)) return 'closed';
  if (overdue) return 'overdue';
  if (dueSoon) return 'due';
  return NEW_WORDS.includes(word) ? 'new' : 'doing';
}
