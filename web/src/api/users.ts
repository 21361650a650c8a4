// Accounts of other people: who has one, what each may do and see, and what administrators change about them.
import { get, send } from './ask';
import type { Invitation, Person } from './invitation';

export const ROLES = [
  'viewer',
  'operator',
  'officer',
  'planner',
  'commander',
  'system_admin',
  'security_admin',
  'auditor',
] as const;

/** What an account is for, how far it sees, and how long. */
export interface Membership {
  readonly role: string;
  /** Codes of towns; null: all of them. */
  readonly areas: readonly string[] | null;
  /** Codes of departments; null: all of them. */
  readonly departments: readonly string[] | null;
  readonly clearance: 'open' | 'secret';
  /** The first day on which it holds. */
  readonly valid_from: string | null;
  /** The first day on which it holds no longer. */
  readonly valid_until: string | null;
}

export interface User extends Person, Membership {
  readonly state: 'invited' | 'active' | 'suspended';
  readonly has_second_factor: boolean;
  /** Comes in through the district's own sign-in. */
  readonly is_federated: boolean;
}

/** What the system administrator may change. */
export interface UserChange {
  readonly display_name?: string;
  readonly state?: 'active' | 'suspended';
}

const USERS = '/v1/users';
const one = (name: string, part = '') => `${USERS}/${encodeURIComponent(name)}${part}`;

async function answered<T>(response: Promise<Response>): Promise<T> {
  return (await (await response).json()) as T;
}

export function fetchUsers(language: string): Promise<User[]> {
  return get(USERS, language, AbortSignal.timeout(8000));
}

export function postUser(person: Person, language: string): Promise<{ user: User; invitation: Invitation }> {
  return answered(send('POST', USERS, language, person));
}

export function postInvitationOf(name: string, language: string): Promise<Invitation> {
  return answered(send('POST', one(name, '/invitation'), language, {}));
}

export function patchUser(name: string, change: UserChange, language: string): Promise<User> {
  return answered(send('PATCH', one(name), language, change));
}

export function putMembership(name: string, membership: Membership, language: string): Promise<User> {
  return answered(send('PUT', one(name, '/membership'), language, membership));
}

export async function deleteSecondFactorOf(name: string, language: string): Promise<void> {
  await send('DELETE', one(name, '/second-factor'), language);
}
