// This tablet: its own name and token, who judges on it, its service worker.
import * as door from './door.js';
import { BUILD, ownName } from './door.js';
import { PROTO, reach } from './reach.js';
import * as store from './store.js';
import { uuid7 } from './uuid7.js';
import { toText } from './vault.js';

// Ask the server who is signed in; remember the judge's pass, the tablet's token and the sheets.
export async function signOn() {
  const known = await store.meta();
  if (known.revoked) return { status: 'revoked' };
  if (known.shared) return door.renew();
  const device = await ownName();
  const asked = { device, token: known.token ?? '', browser: navigator.userAgent.slice(0, 200), build: BUILD };
  const answer = await reach('/j/api/sign-on', { type: 'application/json', body: JSON.stringify(asked) });
  if (answer?.ok) return door.welcome(answer.said, false);
  return { status: (answer?.isOurs && { 401: 'signed_out', 403: 'refused' }[answer.status]) || 'offline' };
}

const FRAMES = ['/j/', '/j/check', '/j/sheet'];
const SIGN = 'xiangjiang';
const LANGUAGE = globalThis.document?.documentElement.lang;
const PATIENCE = 15000; // ms for one answer
const SOONEST = 2000; // ms until the next attempt, doubled each time
const LATEST = 60000;
const REST = 5 * 60000; // a list that came is asked for anew: sheets may have been assigned

// Signs on, and again by itself until it is done: by the clock, when the network or the page comes
// back, and when anything else reached the server.
export class SigningOn {
  constructor(onState) {
    this.onState = onState;
    this.status = 'asking';
    this.fails = 0;
    this.timer = null;
    for (const kind of ['online', 'pageshow']) addEventListener(kind, () => this.hurry());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.hurry());
  }

  // Only what failed is tried again at once.
  hurry() {
    if (this.status === 'offline') this.now();
  }

  async now() {
    clearTimeout(this.timer);
    this.status = 'asking';
    this.onState({ status: 'asking' });
    const nobody = { status: 'offline' };
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, nobody));
    const said = await Promise.race([signOn().catch(() => nobody), late]);
    this.status = said.status;
    this.fails = said.status === 'offline' ? this.fails + 1 : 0;
    this.plan();
    this.onState(said);
  }

  // What should have followed did not come: as if the server had not been reached.
  later() {
    this.status = 'offline';
    this.fails += 1;
    this.stop();
    this.plan();
  }

  stop() {
    clearTimeout(this.timer);
  }

  // A tablet that was put away does not ask for sheets.
  plan() {
    const wait = Math.min(LATEST, SOONEST * 2 ** (this.fails - 1)) * (0.75 + Math.random() / 2);
    const isDue = () => this.fails || document.visibilityState === 'visible';
    this.timer = setTimeout(() => (isDue() ? this.now() : this.plan()), this.fails ? wait : REST);
  }
}

// Answers whether pages can be kept: not on plain http, nor in a browser that is too old.
export async function startWorker() {
  if (!navigator.serviceWorker) return false;
  try {
    await navigator.serviceWorker.register('/j/sw.js', { scope: '/j/', type: 'module', updateViaCache: 'none' });
    return true;
  } catch {
    return Boolean(navigator.serviceWorker.controller); // an older build goes on without a network
  }
}

// Tell `listener` when the worker of a newer build has taken over: it has the files of newer pages.
export function whenWorkerChanges(listener) {
  if (navigator.serviceWorker?.controller) navigator.serviceWorker.addEventListener('controllerchange', listener);
}

// Let the worker keep frames; answers how many it has, and of which build it is.
async function askWorker(urls) {
  const { active } = await navigator.serviceWorker.ready;
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => resolve(event.data);
    active.postMessage({ type: 'keep', urls }, [port2]);
  });
}

// Let the service worker keep the frames, which tell nothing of an event, for the time without a
// network, and keep the sheets' own pages here, sealed; answers how many are kept.
export async function keepPages(keys = [], isKnown = false) {
  const frames = await askWorker(FRAMES);
  const missing = async () => (await store.missingPages(frames.build, LANGUAGE)).filter((key) => keys.includes(key));
  await keepSheets(isKnown ? await missing() : keys);
  const { length } = await missing();
  return { kept: frames.kept + keys.length - length, missing: frames.missing + length };
}

// The list may have been left before every page was kept, or a page is of a scheme or a build of before.
export async function keepMissing() {
  const { build } = await askWorker([]);
  await keepSheets(await store.missingPages(build, LANGUAGE));
}

async function keepSheets(keys) {
  for (const key of keys) {
    try {
      await keepSheet(key, await fetchSheet(key));
    } catch {
      // it goes on missing
    }
  }
}

// A sheet's page as the server gives it: { html, account, scheme, build, language }, or the status of its refusal,
// which a stranger's page is not.
export async function fetchSheet(key) {
  const who = await store.actor();
  const answer = (await reach(`/j/sheets/${key}`, {})) ?? {};
  const told = (name) => answer.headers.get(name);
  if (!answer.ok || told('x-app') !== SIGN) return { status: answer.isOurs ? answer.status : 0 };
  const html = new TextDecoder().decode(answer.bytes);
  const [, language] = /<html lang="([^"]+)"/.exec(html) ?? [];
  return { html, account: who?.account, scheme: told('x-scheme'), build: told('x-build'), language };
}

// Keep a page where the worker has the files that it asks for.
export async function keepSheet(key, page) {
  if (!page.html || page.build !== (await askWorker([])).build) throw new Error('not a page to keep');
  await store.keepPage(key, page);
}

export function keepAwake() {
  const ask = () => document.visibilityState === 'visible' && navigator.wakeLock?.request('screen').catch(() => {});
  ask();
  document.addEventListener('visibilitychange', ask);
}

export async function storage() {
  if (!navigator.storage?.estimate) return { free: null, persisted: false };
  const [{ quota, usage }, persisted] = await Promise.all([navigator.storage.estimate(), navigator.storage.persisted()]);
  return { free: Math.max(0, (quota ?? 0) - (usage ?? 0)), persisted };
}

// What waits here as a file, photos and signatures with it, sealed as they lie: a second copy on
// another medium, importable at the desk.
export async function backup() {
  const [{ entries, files, seq }, known] = await Promise.all([store.unsent(), store.meta()]);
  const { wire } = await import('./sender.js');
  const body = { proto: PROTO, batch: uuid7(), device: known.device, seq, pending: entries.length + files.filter((file) => file.state === store.WAITING).length, sent_at: Date.now(), known: {}, entries: entries.map(wire) };
  const kept = files.map(({ digest, sheet, vault, bytes, state }) => ({ digest, sheet, vault, content: toText(bytes), refused: state === store.REJECTED }));
  return new Blob([JSON.stringify({ ...body, files: kept }, null, 1)], { type: 'application/json' });
}
