// The people of an org, as the API of people tells about them.
import { createQuery } from '@tanstack/svelte-query';
import { request } from '../api/client';
import type { Role } from './session.svelte';

export interface Person {
  id: string;
  name: string;
  email: string | null;
  role: Role;
  scope: { all: boolean; properties: string[] };
  until: string | null;
  status: string;
  version: number;
  createdAt: string;
}

export interface SignedIn {
  id: string;
  current: boolean;
  createdAt: string;
  lastUsedAt: string | null;
  expiresAt: string;
  address: string | null;
  userAgent: string | null;
}

export const usePeople = () =>
  createQuery(() => ({
    queryKey: ['users'],
    queryFn: async ({ signal }) =>
      (await request<{ data: Person[] }>('GET', '/v1/users', { signal })).data,
  }));

export const useSignedIn = () =>
  createQuery(() => ({
    queryKey: ['sessions'],
    queryFn: async ({ signal }) =>
      (await request<{ data: SignedIn[] }>('GET', '/v1/auth/sessions', { signal })).data,
  }));
