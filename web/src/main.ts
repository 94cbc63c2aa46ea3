// Starts the console: theme before the first paint, messages, then whoever is signed in.
import { mount } from 'svelte';
import App from './App.svelte';
import { applyTheme, loadMessages } from './lib/preferences.svelte';
import { startSession } from './lib/session.svelte';
import './styles/tokens.css';
import './styles/base.css';

applyTheme();
await Promise.all([loadMessages(), startSession()]);
mount(App, { target: document.getElementById('app')! });
