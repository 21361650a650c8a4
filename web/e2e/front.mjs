// Puts dist/ before a server whose binary carries another web app: CIM_FRONT=1 tests what was built last without a new binary.
// Only for pages without a map: tiles name the server itself, which such a page may not ask.
import { preview } from 'vite';

const PROXIED = ['/v1', '/tiles', '/health', '/styles', '/api'];

/** The same server at the address of a front, where one is wanted. */
export async function withFront(server) {
  if (!process.env.CIM_FRONT) return server;
  // The server answers only to its own name, and takes writes only from its own pages.
  const target = server.address;
  const rename = (proxied) =>
    proxied.on('proxyReq', (request) => request.hasHeader('origin') && request.setHeader('origin', target));
  const proxy = Object.fromEntries(PROXIED.map((path) => [path, { target, changeOrigin: true, configure: rename }]));
  const front = await preview({ logLevel: 'error', preview: { port: 0, host: '127.0.0.1', proxy } });
  const { port } = front.httpServer.address();
  const stop = async () => {
    await front.close();
    await server.stop();
  };
  return { ...server, address: `http://127.0.0.1:${port}`, stop };
}
