// Who is signed in; nothing of the city is asked before this is known.
import {
  type Credentials,
  deleteSession,
  fetchMe,
  keepSecondFactor,
  type Me,
  postSession,
  type SecondFactor,
} from '../api/account';
import { Problem } from '../api/ask';
import { guard, unguard } from '../api/door';
import { postInvitation } from '../api/invitation';
import { language, t } from '../i18n/index.svelte';

interface Session {
  state: 'unknown' | 'out' | 'in';
  /** Whoever is in. */
  me: Me | null;
  /** It was not the reader who signed out. */
  ended: boolean;
  /** Why the server let nobody in, or did not answer. */
  told: string | null;
}

/** A server that does not answer is asked again. */
const RETRY_MS = 3000;

export const session = $state<Session>({ state: 'unknown', me: null, ended: false, told: null });

function enter(me: Me): void {
  guard(expired);
  Object.assign(session, { state: 'in', me, ended: false, told: null } satisfies Session);
}

function leave(ended: boolean, told: string | null = null): void {
  unguard();
  Object.assign(session, { state: 'out', me: null, ended, told } satisfies Session);
}

/** The server says that there is no session: whatever asked, the reader has to sign in again. */
export function expired(): void {
  if (session.state === 'in') leave(true);
}

/** Asks who is signed in, again and again until there is an answer. */
export async function findOut(): Promise<void> {
  try {
    enter(await fetchMe(language()));
  } catch (error) {
    if (error instanceof Problem && error.status === 401) leave(false);
    else if (error instanceof Problem && error.status === 403) leave(false, error.message);
    else {
      session.told = error instanceof Problem ? error.message : t('session.no_answer');
      setTimeout(() => void findOut(), RETRY_MS);
    }
  }
}

/**
 * Asks again: where a refusal came without its reason, or when the reader comes back from another window, where somebody
 * may have signed in or out.
 */
export async function check(): Promise<void> {
  const before = session.state;
  // A 401 was noticed at the door; any other failure says nothing about the session.
  const me = await fetchMe(language()).catch(() => null);
  if (me === null || session.state !== before || before === 'unknown') return;
  if (session.me?.name === me.name) session.me = me;
  else enter(me);
}

/** Signs in, or throws the `Problem` that says why not. */
export async function signIn(credentials: Credentials): Promise<void> {
  enter(await postSession(credentials, language()));
}

/** Chooses the password that an invitation asks for, which signs in, or throws the `Problem` that says why not. */
export async function takeUp(key: string, password: string): Promise<void> {
  enter(await postInvitation(key, password, language()));
}

/** Signs out; throws where the server did not hear of it, and the session goes on. */
export async function signOut(): Promise<void> {
  await deleteSession(language());
  leave(false);
}

/** Keeps a second factor and goes on with the rights that it gives. */
export async function enrol(proposed: SecondFactor, code: string): Promise<void> {
  await keepSecondFactor(proposed.secret, code, language());
  enter(await fetchMe(language()));
}

/** Whether the role of whoever is in includes an action. */
export function may(action: string): boolean {
  return session.me?.actions.includes(action) ?? false;
}
