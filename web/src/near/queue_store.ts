// Where reports wait on this device: one IndexedDB store, so that neither a reload nor a flat battery loses any.
import type { Entry } from './sending';

const NAME = 'cim-near';
const STORE = 'reports';

function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
  });
}

let opened: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  opened ??= (async () => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'no' });
    const database = await answered(request);
    // Another page may need a newer form of it.
    database.onversionchange = () => {
      database.close();
      opened = null;
    };
    return database;
  })();
  opened.catch(() => (opened = null));
  return opened;
}

/** Done when it is on the disk, not when it was asked for. */
async function change(act: (store: IDBObjectStore) => void): Promise<void> {
  const transaction = (await open()).transaction(STORE, 'readwrite', { durability: 'strict' });
  const done = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error('IndexedDB'));
  });
  act(transaction.objectStore(STORE));
  return done;
}

export async function allKept(): Promise<Entry[]> {
  return answered((await open()).transaction(STORE).objectStore(STORE).getAll()) as Promise<Entry[]>;
}

export const keep = (entry: Entry) => change((store) => store.put(entry));
export const drop = (numbers: readonly string[]) => change((store) => numbers.forEach((no) => store.delete(no)));
