// The service worker of /verify: the page and its files, so that it works without a network. The page keeps the bundle.
// The page: network first, then what is kept. Files of the build: what is kept. All else: untouched.

const CACHE = 'verify-__BUILD__';
const FILES = __FILES__;
const PAGE = '/verify';
const PATIENCE = 2500;

const isPage = (answer) => answer.ok && !answer.redirected && answer.headers.get('x-app') === 'xiangjiang';

async function install() {
  const cache = await caches.open(CACHE);
  try {
    await cache.addAll(FILES);
    const page = await fetch(PAGE, { cache: 'no-store', credentials: 'omit' });
    if (!isPage(page)) throw new Error('not our page');
    await cache.put(PAGE, page);
  } catch (error) {
    await caches.delete(CACHE); // all or nothing
    throw error;
  }
  await self.skipWaiting();
}

async function activate() {
  for (const name of await caches.keys()) if (name.startsWith('verify-') && name !== CACHE) await caches.delete(name);
  await self.clients.claim();
}

// The page in the reader's language and session comes from the network; the copy that is kept is nobody's.
async function fresh(request) {
  const cache = await caches.open(CACHE);
  const fromNetwork = fetch(request);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, null));
  const answer = await Promise.race([fromNetwork, late]).catch(() => null);
  if (answer && isPage(answer)) return answer;
  return (await cache.match(PAGE, { ignoreVary: true })) || answer || fromNetwork;
}

async function keptFile(request) {
  const kept = await caches.match(request, { cacheName: CACHE, ignoreVary: true });
  return kept || fetch(request);
}

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate') {
    if (url.pathname === PAGE && !url.search) event.respondWith(fresh(request));
  } else if (url.pathname.startsWith('__PREFIX__/')) event.respondWith(keptFile(request));
});
