// The offline bundle that this device last accepted. The page keeps it, not its worker: what a portal or an impostor
// answers never takes its place.

import { openBundle } from './offline.js';

const CACHE = 'offline-bundle';
const ADDRESS = '/offline.json';

export async function fetched() {
  return (await fetch(ADDRESS, { cache: 'no-store', credentials: 'omit' })).json();
}

// Where storage is shut off, nothing is kept.
export async function keep(bundle) {
  try {
    const cache = await caches.open(CACHE);
    await cache.put(ADDRESS, new Response(JSON.stringify(bundle)));
  } catch (error) {
    // The next time will do.
  }
}

export async function kept(pinned) {
  try {
    const answer = await caches.match(ADDRESS, { cacheName: CACHE });
    return await openBundle(await answer.json(), pinned);
  } catch (error) {
    return null;
  }
}
