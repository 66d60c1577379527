// The service worker of the tablet pages. The server fills in the build's prefix and its files.
// Pages: network first for 2.5 s, then the cache. A sheet's page tells codes and the scheme: it is not
// kept here; without a network its frame opens what the page itself has sealed (tablet/frame.js).
// Files of the build: cache first. The API: never touched.
import { sendAll, tell } from '__PREFIX__/tablet/sender.js';

const BUILD = '__BUILD__';
const CACHE = `sheets-${BUILD}`;
const FILES = __FILES__;
const LATER = __LATER__; // large, and wanted seldom: kept when the list is
const PATIENCE = 2500;
const SIGN = 'xiangjiang';

const FRAMES = ['/j/', '/j/check', '/j/sheet'];

const isSheet = (url) => url.pathname.startsWith('/j/sheets/');
const isPage = (url) => FRAMES.includes(url.pathname) || isSheet(url);
const isOurs = (answer) => answer.ok && !answer.redirected && answer.headers.get('x-app') === SIGN;
// A frame of another build asks for files that are not here.
const isOwn = (answer) => isOurs(answer) && answer.headers.get('x-build') === BUILD;

async function keepFrame(cache, url) {
  const answer = await fetch(url, { cache: 'no-store', credentials: 'same-origin' });
  if (!isOwn(answer)) throw new Error(`not a page of this build: ${url}`);
  await cache.put(url, answer);
}

async function install() {
  const cache = await caches.open(CACHE);
  try {
    await cache.addAll(FILES);
    for (const url of FRAMES) await keepFrame(cache, url);
  } catch (error) {
    await caches.delete(CACHE); // all or nothing
    throw error;
  }
  await self.skipWaiting();
}

// The files of the build before stay: pages that were sealed by it ask for them until they are kept anew.
async function activate() {
  const older = (await caches.keys()).filter((name) => name.startsWith('sheets-') && name !== CACHE);
  for (const name of older.slice(0, -1)) await caches.delete(name);
  for (const name of older.slice(-1)) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) if (isPage(new URL(request.url))) await cache.delete(request);
  }
  await self.clients.claim();
}

async function navigate(request) {
  const cache = await caches.open(CACHE);
  const url = new URL(request.url);
  const frame = isSheet(url) ? '/j/sheet' : url.pathname; // in whichever language it came last
  const fromNetwork = fetch(request).then((answer) => {
    if (frame === url.pathname && isOwn(answer)) cache.put(frame, answer.clone());
    return answer;
  });
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, null));
  const answer = await Promise.race([fromNetwork, late]).catch(() => null);
  if (answer && isOurs(answer)) return answer;
  // A stranger may be a portal's page, a tired server, or the way to the sign-in page: a judge in the
  // middle of a sheet goes on with what is kept, and is asked for a sign-in on the list.
  const kept = await cache.match(frame, { ignoreVary: true });
  return kept ?? answer ?? fromNetwork;
}

async function keep(urls) {
  const cache = await caches.open(CACHE);
  let kept = 0;
  for (const url of urls.filter((wanted) => FRAMES.includes(wanted))) {
    try {
      await keepFrame(cache, url);
      kept += 1;
    } catch {
      if (await cache.match(url, { ignoreVary: true })) kept += 1;
    }
  }
  return { kept, missing: urls.length - kept, build: BUILD };
}

async function keepLater() {
  const cache = await caches.open(CACHE);
  for (const url of LATER) if (!(await cache.match(url, { ignoreVary: true }))) await cache.add(url).catch(() => {});
}

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (event.request.mode === 'navigate' && isPage(url)) event.respondWith(navigate(event.request));
  else if (url.pathname.startsWith('/assets/')) {
    event.respondWith(caches.match(event.request, { ignoreVary: true }).then((found) => found ?? fetch(event.request)));
  }
});

self.addEventListener('message', (event) => {
  if (event.data?.type === 'keep') {
    const { urls } = event.data;
    event.waitUntil(keep(urls).then((result) => event.ports[0]?.postMessage(result)).then(() => urls.length && keepLater()));
  }
});

self.addEventListener('sync', (event) => {
  if (event.tag !== 'score-sync') return;
  event.waitUntil(
    sendAll().then((result) => {
      tell({ type: 'sync', status: result.status });
      if (result.status === 'offline') throw new Error('still offline');
    }),
  );
});
