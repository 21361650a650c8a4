// Which page of the drafts the address names.

export type Route =
  | { readonly page: 'list' }
  | { readonly page: 'edit'; readonly id: number }
  | { readonly page: 'review'; readonly id: number };

/** Reads a path below /grids; anything else is the list. */
export function parseRoute(path: string): Route {
  const [, id, page] = /^\/grids\/(\d{1,15})\/(edit|review)\/?$/.exec(path) ?? [];
  if (id === undefined || (page !== 'edit' && page !== 'review')) return { page: 'list' };
  return { page, id: Number(id) };
}

export function formatRoute(route: Route): string {
  return route.page === 'list' ? '/grids' : `/grids/${route.id}/${route.page}`;
}

const shown = $state<{ route: Route }>({ route: { page: 'list' } });

export function route(): Route {
  return shown.route;
}

export function readAddress(): void {
  shown.route = parseRoute(location.pathname);
}

/** Goes to another page; what the address says besides stays, but for the camera, which was the other page's. */
export function go(to: Route): void {
  const query = new URLSearchParams(location.search);
  for (const ours of ['c', 'at']) query.delete(ours);
  history.pushState(null, '', formatRoute(to) + (query.size > 0 ? `?${query.toString()}` : ''));
  readAddress();
}
