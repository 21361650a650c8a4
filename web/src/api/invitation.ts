// Links that let somebody in for the first time: the first three accounts, and the password of an invited one.
import type { Me } from './account';
import { send } from './ask';

/** A link that lets whoever opens it choose the password of one account. */
export interface Invitation {
  readonly name: string;
  readonly role: string;
  /** A path of this server with the key in its fragment, such as `/invitation#KEY`. */
  readonly link: string;
  readonly expires_at: string;
}

/** What somebody types to sign in, and how people call them. */
export interface Person {
  readonly name: string;
  readonly display_name: string;
}

/** The roles that a server cannot start without; three people, since each watches what the others may not do. */
export const FIRST_ROLES = ['system_admin', 'security_admin', 'auditor'] as const;
export type FirstPeople = Readonly<Record<(typeof FIRST_ROLES)[number], Person>>;

export async function postSetUp(key: string, people: FirstPeople, language: string): Promise<readonly Invitation[]> {
  const answer = await send('POST', '/v1/set-up', language, { key, ...people });
  return ((await answer.json()) as { invitations: Invitation[] }).invitations;
}

export async function postInvitation(key: string, password: string, language: string): Promise<Me> {
  return (await (await send('POST', '/v1/invitation', language, { key, password })).json()) as Me;
}

/** The whole address, as it is passed on to a person. */
export function addressOf(invitation: Invitation, origin: string): string {
  return origin + invitation.link;
}
