// Starts the console: theme before the first paint, messages, then whoever is signed in.
import { mount } from 'svelte';
import App from './App.svelte';
import { applyTheme, loadMessages } from './lib/preferences.svelte';
import { pages } from './lib/pages';
import { place } from './lib/router.svelte';
import { mayBeIn, startSession } from './lib/session.svelte';
import './styles/tokens.css';
import './styles/base.css';

applyTheme();
// The page of the address is fetched beside what has to be known before it can be shown.
const { path } = place();
const page = pages.find((each) => each.path === (path[0] ?? 'today'));
if (mayBeIn()) page?.load().catch(() => undefined);
await Promise.all([loadMessages(), startSession()]);
mount(App, { target: document.getElementById('app')! });
