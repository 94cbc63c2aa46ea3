// Starts the console: theme before the first paint, messages, then whoever is signed in.
import { mount } from 'svelte';
import App from './App.svelte';
import { askAhead } from './lib/books.svelte';
import { pages } from './lib/pages';
import { applyTheme, loadMessages } from './lib/preferences.svelte';
import { place } from './lib/router.svelte';
import { mayBeIn, startSession } from './lib/session.svelte';
import './styles/tokens.css';
import './styles/base.css';

applyTheme();
const ready = Promise.all([loadMessages(), startSession()]);
// The page of the address and what it asks for come beside what has to be known before it is shown.
if (mayBeIn()) {
  const { path } = place();
  askAhead(path);
  const page = pages.find((each) => each.path === (path[0] ?? 'today'));
  page?.load().catch(() => undefined);
}
await ready;
mount(App, { target: document.getElementById('app')! });
