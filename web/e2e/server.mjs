// The real binary on the small demo, on a free port, with a home of its own; or the server that CIM_URL names.
import { execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const ADDRESS = /http:\/\/127\.0\.0\.1:\d+/;
const PASSWORD = /sign in as\s.*\swith the password (\S+)\s/;
/** A debug build on a busy machine generates and loads a town in this time. */
const STARTS_WITHIN_MS = 300_000;

/** `CIM_BIN`, or the newest build there is. */
function binary() {
  if (process.env.CIM_BIN) return process.env.CIM_BIN;
  const builds = ['debug', 'release'].map((profile) => join(root, 'target', profile, 'cim')).filter(existsSync);
  const newest = builds.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
  if (newest === undefined) throw new Error('no cim binary: run `cargo build -p cim`, or set CIM_URL or CIM_BIN');
  return newest;
}

/** Without accounts: whoever reaches it sees everything. `CIM_URL` must be such a server too. */
export async function serve() {
  if (process.env.CIM_URL)
    return { address: process.env.CIM_URL.replace(/\/$/, ''), stop: async () => {}, run: null, folder: null };
  const { said, ...server } = await start(['--open'], ADDRESS);
  return { address: ADDRESS.exec(said)[0], ...server };
}

/** With the accounts of the demo, whose one password it prints. */
export async function serveAccounts() {
  const told = (text) => ADDRESS.test(text) && PASSWORD.test(text);
  const { said, ...server } = await start([], { test: told });
  return { address: ADDRESS.exec(said)[0], password: PASSWORD.exec(said)[1], ...server };
}

/**
 * Starts it and waits until it has said what is `awaited`; `run` gives a command of the same home, where we started it.
 */
async function start(more, awaited) {
  const folder = mkdtempSync(join(tmpdir(), 'cim-web-'));
  // PostgreSQL does not run as root: another user must be able to pass through.
  chmodSync(folder, 0o755);
  const env = { ...process.env, CIM_HOME: join(folder, 'home'), LANG: 'C.UTF-8' };
  delete env.DATABASE_URL;
  const child = spawn(binary(), ['up', '--demo', 'small', '--live-rate', '0', '--listen', '127.0.0.1:0', ...more], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let log = '';
  child.stderr.on('data', (chunk) => (log += chunk));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`cim did not serve in time:\n${log}`)), STARTS_WITHIN_MS);
    child.once('exit', (code) => reject(new Error(`cim ended with ${code}:\n${log}`)));
    child.stdout.on('data', (chunk) => {
      said += chunk;
      if (!awaited.test(said)) return;
      clearTimeout(late);
      resolve();
    });
  }).catch((error) => {
    child.kill('SIGKILL');
    throw error;
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const run = (...args) => promisify(execFile)(binary(), args, { env });
  return { said, stop, run, folder };
}

/** Keeps what was seen for a person to look at. */
export function keep(name, bytes) {
  writeFileSync(join(screenshots(), name), bytes);
}

export function screenshots() {
  return join(root, 'out/screenshots');
}
