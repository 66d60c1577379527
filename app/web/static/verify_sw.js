// The service worker of /verify: the page, its files and the offline bundle, so that it works without a network.
// The page and the bundle: network first, then what is kept. Files of the build: what is kept. All else: untouched.

const CACHE = 'verify-__BUILD__';
const FILES = __FILES__;
const PAGE = '/verify';
const BUNDLE = '/offline.json';
const PATIENCE = 2500;

const isPage = (answer) => answer.ok && !answer.redirected && answer.headers.get('x-app') === 'xiangjiang';
const isBundle = (answer) => answer.ok && (answer.headers.get('content-type') || '').startsWith('application/json');

async function ask(address, isOurs) {
  const answer = await fetch(address, { cache: 'no-store', credentials: 'omit' });
  if (!isOurs(answer)) throw new Error(`not ours: ${address}`);
  return answer;
}

async function install() {
  const cache = await caches.open(CACHE);
  try {
    await cache.addAll(FILES);
    await cache.put(PAGE, await ask(PAGE, isPage));
    await ask(BUNDLE, isBundle).then((answer) => cache.put(BUNDLE, answer), () => {});
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
async function fresh(request, address, isOurs) {
  const cache = await caches.open(CACHE);
  const fromNetwork = fetch(request).then((answer) => {
    if (address === BUNDLE && isOurs(answer)) cache.put(address, answer.clone());
    return answer;
  });
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, null));
  const answer = await Promise.race([fromNetwork, late]).catch(() => null);
  if (answer && isOurs(answer)) return answer;
  return (await cache.match(address, { ignoreVary: true })) || answer || fromNetwork;
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
    if (url.pathname === PAGE && !url.search) event.respondWith(fresh(request, PAGE, isPage));
  } else if (url.pathname === BUNDLE) event.respondWith(fresh(request, BUNDLE, isBundle));
  else if (url.pathname.startsWith('__PREFIX__/')) event.respondWith(keptFile(request));
});
