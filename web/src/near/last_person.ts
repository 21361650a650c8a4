// Whom the phone page may open for while the server cannot be asked: the last person that the server let in here.
import type { Me } from '../api/account';

const PERSON = 'cim.near.person';
/** What was last seen near; it goes when the person goes. */
export const KEPT_LIST = 'cim.near.list';

/** Whether the address is that of the phone page. */
export function onNearPage(): boolean {
  return location.pathname === '/near';
}

export function lastPerson(): Me | null {
  try {
    const kept = JSON.parse(localStorage.getItem(PERSON) ?? 'null') as Partial<Me> | null;
    return typeof kept?.name === 'string' && Array.isArray(kept.actions) ? (kept as Me) : null;
  } catch {
    return null;
  }
}

export function rememberPerson(me: Me): void {
  localStorage.setItem(PERSON, JSON.stringify(me));
}

/** Somebody signed out: the next one on this device is to see nothing of theirs. Reports that wait are not touched. */
export function forgetPerson(): void {
  localStorage.removeItem(PERSON);
  localStorage.removeItem(KEPT_LIST);
}
