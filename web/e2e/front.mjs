// Puts dist/ before a server whose binary carries another web app: CIM_FRONT=1 tests what was built last without a new binary.
import { preview } from 'vite';

const PROXIED = ['/v1', '/tiles', '/health', '/styles', '/api'];

/** The same server at the address of a front, where one is wanted. */
export async function withFront(server) {
  if (!process.env.CIM_FRONT) return server;
  const proxy = Object.fromEntries(PROXIED.map((path) => [path, server.address]));
  const front = await preview({ logLevel: 'error', preview: { port: 0, host: '127.0.0.1', proxy } });
  const { port } = front.httpServer.address();
  const stop = async () => {
    await front.close();
    await server.stop();
  };
  return { ...server, address: `http://127.0.0.1:${port}`, stop };
}
