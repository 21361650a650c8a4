// What can be said about a chosen password before the server judges it.
import type { Key } from '../i18n/zh-CN';

/** The server's own least length. */
export const FEWEST_CHARACTERS = 10;

/** Counts characters as people do: one of the rare ones is one, though the browser keeps it as two. */
export function passwordFault(typed: string, again: string): Key | null {
  if ([...typed].length < FEWEST_CHARACTERS) return 'invitation.too_short';
  return typed === again ? null : 'invitation.differ';
}
