// Builds the console into build/web, where CMake takes it from. Every name under assets/ carries the
// hash of its content, so that browsers may keep it for ever.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [svelte()],
  // While one works on it: the API of a server that runs.
  server: { proxy: { '/v1': process.env['DAYBOOK_URL'] ?? 'http://127.0.0.1:8080' } },
  build: {
    outDir: '../build/web',
    emptyOutDir: true,
    // The policy of the page allows data: for nothing but small images.
    assetsInlineLimit: 0,
    target: 'es2022',
    modulePreload: { polyfill: false },
    manifest: 'manifest.json',
    license: { fileName: 'assets/licenses.md' },
    reportCompressedSize: false,
  },
});
