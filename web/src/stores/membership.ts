// A membership as a form shows it, and back: codes as one line of text, days as the browser's date fields hold them.
import type { Membership, User } from '../api/users';
import type { Key } from '../i18n/zh-CN';

export interface MembershipDraft {
  role: string;
  allTowns: boolean;
  towns: string;
  allDepartments: boolean;
  departments: string;
  secret: boolean;
  from: string;
  until: string;
}

/** Codes as people type them: between commas of either language, or spaces; each once. */
export function codesOf(text: string): string[] {
  return [...new Set(text.split(/[\s,，、;；]+/u).filter((code) => code !== ''))];
}

export function draftOf(user: Membership): MembershipDraft {
  return {
    role: user.role,
    allTowns: user.areas === null,
    towns: user.areas?.join(', ') ?? '',
    allDepartments: user.departments === null,
    departments: user.departments?.join(', ') ?? '',
    secret: user.clearance === 'secret',
    from: user.valid_from ?? '',
    until: user.valid_until ?? '',
  };
}

/** An empty list of codes is a reach of nothing, never of all. */
export function membershipOf(draft: MembershipDraft): Membership {
  return {
    role: draft.role,
    areas: draft.allTowns ? null : codesOf(draft.towns),
    departments: draft.allDepartments ? null : codesOf(draft.departments),
    clearance: draft.secret ? 'secret' : 'open',
    valid_from: draft.from === '' ? null : draft.from,
    valid_until: draft.until === '' ? null : draft.until,
  };
}

/** What can be said before the server is asked; days of the form compare as text. */
export function faultOf(draft: MembershipDraft): Key | null {
  return draft.from !== '' && draft.until !== '' && draft.until <= draft.from ? 'membership.no_day' : null;
}

/** The state as it counts today: an account in force may not hold yet, or no longer. */
export function standingOf(user: User, today: string): User['state'] | 'not_yet' | 'expired' {
  if (user.state !== 'active') return user.state;
  if (user.valid_until !== null && user.valid_until <= today) return 'expired';
  return user.valid_from !== null && today < user.valid_from ? 'not_yet' : 'active';
}

/** A day of the reader's calendar, as the server writes days. */
export function dayOf(time: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}
