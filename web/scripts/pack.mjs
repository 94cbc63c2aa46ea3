// After Vite: compresses what the program will carry, and holds the console to its size.
//
// The first load is everything that the home page needs; a route is what it needs beyond that, with
// the words of the pages, which come with the first of them. Both are measured as brotli, JavaScript
// and CSS. A limit that is broken ends the build.
import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const kFirstLoadBytesMax = 60 * 1024;
const kRouteBytesMax = 25 * 1024;
const kHome = 'src/pages/Today.svelte';
const out = new URL('../../build/web/', import.meta.url).pathname;

const brotli = (bytes) =>
  brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });

function compress(path) {
  const bytes = readFileSync(path);
  writeFileSync(`${path}.br`, brotli(bytes));
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
}

const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
rmSync(join(out, 'manifest.json'));
for (const name of readdirSync(join(out, 'assets'))) {
  if (/\.(js|css|svg|md)$/.test(name)) compress(join(out, 'assets', name));
}
compress(join(out, 'index.html'));

// The files that a chunk needs before it runs: itself, its styles, what it imports.
function closure(key, files = new Set()) {
  const chunk = manifest[key];
  if (files.has(chunk.file)) return files;
  files.add(chunk.file);
  for (const css of chunk.css ?? []) files.add(css);
  for (const each of chunk.imports ?? []) closure(each, files);
  return files;
}
const sizeOf = (files) =>
  [...files].reduce((sum, file) => sum + statSync(join(out, `${file}.br`)).size, 0);

// Of English and Portuguese the larger.
function wordsOf(...names) {
  const of = (language) =>
    new Set(names.flatMap((name) => [...closure(`src/messages/${language}${name}.ts`)]));
  return [of('en'), of('pt')].sort((a, b) => sizeOf(b) - sizeOf(a))[0];
}
const messages = wordsOf('');
const later = wordsOf('_books', '_office');
const first = new Set([...closure('index.html'), ...messages, ...closure(kHome)]);
const shell = closure('index.html');
const failures = [];

function judge(name, bytes, most) {
  console.log(`${(bytes / 1024).toFixed(1).padStart(6)} KB of ${most / 1024}  ${name}`);
  if (bytes > most) failures.push(`${name}: ${bytes} bytes, at most ${most}`);
}
judge('first load', sizeOf(first), kFirstLoadBytesMax);
for (const key of Object.keys(manifest)) {
  if (!manifest[key].isDynamicEntry || key.startsWith('src/messages/')) continue;
  const words = key.startsWith('src/pages/') && key !== kHome ? later : [];
  const route = new Set([...closure(key), ...words]);
  judge(key, sizeOf([...route].filter((file) => !shell.has(file))), kRouteBytesMax);
}
if (failures.length > 0) {
  console.error(`The console is larger than it may be:\n${failures.join('\n')}`);
  process.exit(1);
}
