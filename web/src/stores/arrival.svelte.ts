// What the address says once, at arrival: the key of a link, or why the district's sign-in let nobody in.

/** Pages that a link with a key leads to. */
export type LinkPage = 'set_up' | 'invitation';

export const REFUSALS = ['unknown_account', 'not_allowed', 'second_factor', 'refused', 'unavailable'] as const;
export type Refusal = (typeof REFUSALS)[number];

interface Arrival {
  page: LinkPage | null;
  /** None where the link was cut off, or the page was loaded again. */
  key: string | null;
  refusal: Refusal | null;
}

const PAGES: Readonly<Record<string, LinkPage>> = { '/set-up': 'set_up', '/invitation': 'invitation' };
const TOLD_BY = 'sign_in';

export const arrival = $state<Arrival>({ page: null, key: null, refusal: null });

/** A search without one parameter; the others stay as they were written. */
export function without(search: string, parameter: string): string {
  const kept = search.replace(/^\?/, '').split('&');
  const rest = kept.filter((part) => part !== '' && part.split('=')[0] !== parameter).join('&');
  return rest === '' ? '' : `?${rest}`;
}

/**
 * Reads the address, and takes out of it what must not stay there: a key in the address bar is seen by whoever passes
 * and kept by the browser's history, and a refusal would be told again after every reload.
 */
export function arrive(): void {
  const { pathname, search, hash } = location;
  const page = PAGES[pathname] ?? null;
  const key = page !== null && hash.length > 1 ? hash.slice(1) : null;
  // A key that we hold is no longer in the address.
  if (page !== arrival.page || key !== null) Object.assign(arrival, { page, key });
  const told = new URLSearchParams(search).get(TOLD_BY);
  if (told !== null) arrival.refusal = REFUSALS.find((known) => known === told) ?? 'refused';
  if (key !== null || told !== null) history.replaceState(null, '', pathname + without(search, TOLD_BY));
}

/** The page of a link has done its work: on to the app, in the same language and theme. */
export function leavePage(): void {
  Object.assign(arrival, { page: null, key: null });
  history.replaceState(null, '', `/${location.search}`);
}
