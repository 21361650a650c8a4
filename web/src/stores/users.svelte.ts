// The accounts of the server as an administrator sees them; each change is put into the list as the server answered it.
import type { Invitation, Person } from '../api/invitation';
import {
  deleteSecondFactorOf,
  fetchUsers,
  type Membership,
  patchUser,
  postInvitationOf,
  postUser,
  putMembership,
  type User,
  type UserChange,
} from '../api/users';
import { language } from '../i18n/index.svelte';
import { reason } from '../ui/reason';

interface Users {
  list: readonly User[];
  state: 'loading' | 'there' | 'failed';
  /** Why there is no list. */
  told: string | null;
}

export const users = $state<Users>({ list: [], state: 'loading', told: null });

function put(user: User): void {
  const known = users.list.some((other) => other.name === user.name);
  users.list = known
    ? users.list.map((other) => (other.name === user.name ? user : other))
    : [...users.list, user].sort((a, b) => (a.name < b.name ? -1 : 1));
}

export async function loadUsers(): Promise<void> {
  Object.assign(users, { list: [], state: 'loading', told: null } satisfies Users);
  try {
    const list = await fetchUsers(language());
    Object.assign(users, { list, state: 'there', told: null } satisfies Users);
  } catch (error) {
    Object.assign(users, { list: [], state: 'failed', told: reason(error) } satisfies Users);
  }
}

/** Adds an account that sees nothing yet; its invitation is shown this once. */
export async function addUser(person: Person): Promise<Invitation> {
  const { user, invitation } = await postUser(person, language());
  put(user);
  return invitation;
}

/** A new invitation; whoever takes it up chooses a new password. */
export function invite(name: string): Promise<Invitation> {
  return postInvitationOf(name, language());
}

export async function change(name: string, what: UserChange): Promise<void> {
  put(await patchUser(name, what, language()));
}

/** Gives a role, its reach and its days. */
export async function entrust(name: string, membership: Membership): Promise<void> {
  put(await putMembership(name, membership, language()));
}

export async function takeSecondFactor(name: string): Promise<void> {
  await deleteSecondFactorOf(name, language());
  const user = users.list.find((other) => other.name === name);
  if (user !== undefined) put({ ...user, has_second_factor: false });
}
