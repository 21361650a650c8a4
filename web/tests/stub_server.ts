// A server that answers with what a test gives it, in that order, and remembers what it was asked.
import { vi } from 'vitest';

export const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
export const problem = (status: number, kind: string, more = {}) =>
  json(status, { type: `/api/problems/${kind}`, title: kind, ...more });

/** One question more than answers is a failure of the network. */
export function stubServer(): { asked: string[]; bodies: unknown[]; answer: (...next: Response[]) => void } {
  const asked: string[] = [];
  const bodies: unknown[] = [];
  let replies: Response[] = [];
  vi.stubGlobal('fetch', async (path: string, init: RequestInit = {}) => {
    asked.push(`${init.method ?? 'GET'} ${path}`);
    if (typeof init.body === 'string') bodies.push(JSON.parse(init.body));
    const next = replies.shift();
    if (next === undefined) throw new TypeError('Failed to fetch');
    return next;
  });
  return { asked, bodies, answer: (...next) => (replies = next) };
}
