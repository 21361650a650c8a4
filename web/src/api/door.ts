// Notices when a session has ended, whichever request is told so first; everything that asks the server reports here.

/** What a request calls with the status of its answer. */
export type Report = (status: number) => void;

let session = 0;
let tell: () => void = () => {};

/** Somebody is signed in: the first refusal for want of a session is told, once. */
export function guard(ended: () => void): void {
  session += 1;
  tell = ended;
}

/** Nobody is signed in: what is still under way may be refused. */
export function unguard(): void {
  session += 1;
  tell = () => {};
}

/** To be called before asking: an answer that comes late, to a session that is over, says nothing about the next. */
export function report(): Report {
  const own = session;
  return (status) => {
    if (status !== 401 || own !== session) return;
    const ended = tell;
    unguard();
    ended();
  };
}
