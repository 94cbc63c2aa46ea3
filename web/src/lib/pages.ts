// Every page: where it is, its name in the menu, its key, and the code that is loaded for it.
import type { Component } from 'svelte';
import type { IconName } from '../ui/Icon.svelte';
import { withMore, type MessageKey } from './preferences.svelte';
import { may } from './session.svelte';

export interface Page {
  path: string;
  name: MessageKey;
  icon: IconName;
  key: string; // after "g"
  load: () => Promise<{ default: Component }>;
  isFor?: () => boolean;
  onPhone?: boolean; // stands in the bar at the bottom
}

export const pages: Page[] = [
  {
    path: 'today',
    name: 'nav_today',
    icon: 'today',
    key: 't',
    load: () => import('../pages/Today.svelte'),
    onPhone: true,
  },
  {
    path: 'day',
    name: 'nav_day',
    icon: 'day',
    key: 'd',
    load: () => withMore(import('../pages/Day.svelte')),
    onPhone: true,
  },
  {
    path: 'entries',
    name: 'nav_entries',
    icon: 'entries',
    key: 'e',
    load: () => withMore(import('../pages/Entries.svelte')),
    onPhone: true,
  },
  {
    path: 'period',
    name: 'nav_period',
    icon: 'months',
    key: 'm',
    load: () => withMore(import('../pages/Period.svelte')),
    onPhone: true,
  },
  {
    path: 'approvals',
    name: 'nav_approvals',
    icon: 'approvals',
    key: 'a',
    load: () => withMore(import('../pages/Approvals.svelte')),
  },
  {
    path: 'audit',
    name: 'nav_audit',
    icon: 'audit',
    key: 'h',
    load: () => withMore(import('../pages/Audit.svelte')),
  },
  {
    path: 'monitoring',
    name: 'nav_monitoring',
    icon: 'monitor',
    key: 'o',
    load: () => withMore(import('../pages/Monitoring.svelte')),
    isFor: () => may.decide(),
  },
  {
    path: 'settings',
    name: 'nav_settings',
    icon: 'settings',
    key: 's',
    load: () => withMore(import('../pages/Settings.svelte')),
  },
];

// After setting up, once: it stands in no menu.
export const welcome: Page = {
  path: 'welcome',
  name: 'nav_welcome',
  icon: 'today',
  key: '',
  load: () => withMore(import('../pages/Welcome.svelte')),
};

export const pagesForMe = (): Page[] => pages.filter((page) => page.isFor?.() ?? true);
export const mayAdd = (): boolean => may.write();
