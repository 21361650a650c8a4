// Accounts: who is signed in, signing in and out, the second factor.
import { get, send } from './ask';

/** Who the server takes the reader for, and what they may do. */
export interface Me {
  readonly name: string;
  readonly display_name: string;
  /** None where the server has no accounts. */
  readonly role: string | null;
  readonly areas: readonly string[] | null;
  readonly departments: readonly string[] | null;
  readonly clearance: string;
  readonly actions: readonly string[];
  readonly must_enrol_second_factor: boolean;
  readonly is_token: boolean;
  readonly is_open: boolean;
}

export interface Credentials {
  readonly name: string;
  readonly password: string;
  /** Only where the server asked for it. */
  readonly code?: string;
}

/** A secret that the server proposes; it is kept once a code of it was sent. */
export interface SecondFactor {
  readonly secret: string;
  /** The same as an `otpauth:` link. */
  readonly uri: string;
}

/** How people can come in here, told to strangers too. */
export interface WaysIn {
  /** The district's own sign-in, where it can be used. */
  readonly oidc: { readonly title: string } | null;
  /** There are no accounts yet. */
  readonly set_up: boolean;
}

/** Where the browser goes to sign in at the district; the server sends it on, and back. */
export const DISTRICT_SIGN_IN = '/v1/session/oidc';

const FACTOR = '/v1/second-factor';
const SESSION = '/v1/session';

export function fetchMe(language: string): Promise<Me> {
  return get('/v1/me', language, AbortSignal.timeout(8000));
}

export function fetchWaysIn(language: string): Promise<WaysIn> {
  return get(SESSION, language, AbortSignal.timeout(8000));
}

export async function postSession(credentials: Credentials, language: string): Promise<Me> {
  return (await (await send('POST', SESSION, language, credentials)).json()) as Me;
}

export async function deleteSession(language: string): Promise<void> {
  await send('DELETE', SESSION, language);
}

export function proposeSecondFactor(language: string): Promise<SecondFactor> {
  return get(FACTOR, language, AbortSignal.timeout(8000));
}

export async function keepSecondFactor(secret: string, code: string, language: string): Promise<void> {
  await send('POST', FACTOR, language, { secret, code });
}
