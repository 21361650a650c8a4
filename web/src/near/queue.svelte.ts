// The queue of reports as the page shows it: kept on this device first, sent as soon as that is possible.
import { language } from '../i18n/index.svelte';
import { session } from '../stores/session.svelte';
import { postFinding } from './ask_near';
import type { FindingBody } from './finding';
import { heard, missed, net } from './net.svelte';
import { allKept, drop, keep } from './queue_store';
import { type Entry, inOrder, type Receipt, sendWaiting, waitingOf } from './sending';

/** Receipts that stay; older ones are on the server. */
const RECEIPTS_KEPT = 50;

interface Queue {
  entries: Entry[];
  sending: boolean;
  /** The server knows no session: somebody has to sign in before anything is sent. */
  signIn: boolean;
  /** What the server took in last, to be told. */
  sent: Entry | null;
  /** This device keeps nothing, and why. */
  broken: string | null;
}

export const queue = $state<Queue>({ entries: [], sending: false, signIn: false, sent: null, broken: null });

export const mine = (by: string) => inOrder(queue.entries.filter((entry) => entry.by === by));
export const waiting = (by: string) => waitingOf(queue.entries, by);

function place(entry: Entry): void {
  queue.entries = [...queue.entries.filter((one) => one.no !== entry.no), entry];
}

export async function loadQueue(): Promise<void> {
  try {
    queue.entries = await allKept();
    queue.broken = null;
  } catch (error) {
    queue.broken = error instanceof Error ? error.message : String(error);
  }
}

/** On the disk before anything else; throws where the device refuses. */
export async function enqueue(body: FindingBody, by: string): Promise<void> {
  const before = queue.entries.find((one) => one.no === body.finding_no);
  const madeAt = before?.madeAt ?? Date.now();
  const entry: Entry = { no: body.finding_no, by, madeAt, body, state: 'waiting', refusal: null, receipt: null };
  await keep(entry);
  place(entry);
  // Asked once there is something to lose; a browser short of space then clears others first.
  void navigator.storage?.persist?.().catch(() => false);
}

export async function discard(no: string): Promise<void> {
  await drop([no]);
  queue.entries = queue.entries.filter((one) => one.no !== no);
}

async function post(body: FindingBody): Promise<Receipt> {
  try {
    const receipt = await postFinding(body, language());
    heard();
    return receipt;
  } catch (error) {
    missed(error);
    throw error;
  }
}

async function settle(answered: Entry): Promise<void> {
  // The database takes plain objects, not those that the page watches.
  const entry = $state.snapshot(answered) as Entry;
  await keep(entry);
  place(entry);
  if (entry.state === 'sent') queue.sent = entry;
}

async function sendAll(by: string): Promise<void> {
  // Another window may have sent some of them meanwhile.
  queue.entries = await allKept();
  let outcome: Awaited<ReturnType<typeof sendWaiting>>;
  // Something may have been written while the others were on their way.
  do outcome = await sendWaiting(waiting(by), post, settle);
  while (outcome === 'done' && waiting(by).length > 0);
  queue.signIn = outcome === 'sign_in';
  const receipts = mine(by).filter((entry) => entry.state === 'sent');
  const old = receipts.slice(0, Math.max(0, receipts.length - RECEIPTS_KEPT)).map((entry) => entry.no);
  if (old.length === 0) return;
  await drop(old);
  queue.entries = queue.entries.filter((entry) => !old.includes(entry.no));
}

/** Sends what waits, in this window alone where the browser can tell windows apart. */
export async function sendQueue(): Promise<void> {
  const by = session.state === 'in' ? session.me?.name : undefined;
  if (by === undefined || queue.sending || waiting(by).length === 0 || !navigator.onLine) return;
  queue.sending = true;
  try {
    const locks = navigator.locks as LockManager | undefined;
    if (locks === undefined) await sendAll(by);
    else await locks.request('cim-near-sending', { ifAvailable: true }, (lock) => (lock ? sendAll(by) : undefined));
  } catch (error) {
    queue.broken = error instanceof Error ? error.message : String(error);
  } finally {
    queue.sending = false;
    net.now = Date.now();
  }
}
