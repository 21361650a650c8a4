// How the app is built: static files only, nothing inlined, so that a strict Content-Security-Policy holds.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const server = process.env['CIM_URL'] ?? 'http://127.0.0.1:8080';
const proxied = ['/v1', '/tiles', '/health', '/styles', '/api'];

export default defineConfig({
  plugins: [svelte()],
  // MapLibre finds its worker by a path beside itself: bundling it ahead of time would break that.
  optimizeDeps: { exclude: ['maplibre-gl'] },
  build: { target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: 1200, reportCompressedSize: false },
  server: { proxy: Object.fromEntries(proxied.map((path) => [path, server])) },
  test: { include: ['tests/**/*.test.ts'], environment: 'node' },
});
