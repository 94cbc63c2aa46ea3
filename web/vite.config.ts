// Builds the console into build/web, where CMake takes it from. Every name under assets/ carries the
// hash of its content, so that browsers may keep it for ever.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const kShell = new RegExp(
  '/node_modules/(?!uplot)|/src/api/|/src/(App|Shell)|' +
    '/src/ui/(Alert|Bell|Amount|Empty|Icon|LiveBadge|Loaded|Mark|ProblemNote|QueueNote|Toasts)|' +
    '/src/lib/(affected|books|commands|dates|days|events|focus|held|keys|live|money|names|' +
    'notifications|pages|preferences|queue|router|session|sse|toasts)',
);
const isOfShell = (id: string): boolean => kShell.test(id);

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
    rolldownOptions: {
      output: {
        // Few files: each costs a slow phone more than its bytes. What the first load needs is one,
        // what several pages share beyond that another.
        codeSplitting: {
          groups: [
            { name: 'shell', test: isOfShell, priority: 2 },
            { name: 'shared', test: /\/src\/(ui|lib)\//, minShareCount: 3, priority: 1 },
          ],
        },
      },
    },
    license: { fileName: 'assets/licenses.md' },
    reportCompressedSize: false,
  },
});
