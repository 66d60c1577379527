// score-sync/1: sends what waits, in order, in batches; keeps everything until our own answer says otherwise.
import * as store from './store.js';
import { uuid7 } from './uuid7.js';

export const PROTO = 'score-sync/1';
const MOST = 100;
const PATIENCE = 15000; // ms for one answer
const CAP = 15000; // ms between attempts at most
const LOCK = 'score-sync';
const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('score') : null;
let isSendingHere = false;
let battery = null; // percent, where the browser tells

globalThis.navigator?.getBattery?.().then((found) => {
  const note = () => {
    battery = Math.round(found.level * 100);
  };
  note();
  found.addEventListener('levelchange', note);
}, () => {});

export function tell(message) {
  channel?.postMessage(message);
}

export function listen(handler) {
  channel?.addEventListener('message', (event) => handler(event.data));
}

// One sender for all tabs and the service worker; where locks are missing, one a page.
async function alone(work) {
  if (globalThis.navigator?.locks) {
    return navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? work() : { status: 'busy' }));
  }
  if (isSendingHere) return { status: 'busy' };
  isSendingHere = true;
  try {
    return await work();
  } finally {
    isSendingHere = false;
  }
}

// Send all that waits; also the poll and the heartbeat when nothing does.
// status: ok, busy, unpaired, signed_out, revoked, offline
export function sendAll(onProgress = () => {}) {
  return alone(async () => {
    let size = MOST;
    for (;;) {
      const batch = await store.nextBatch(size);
      if (!batch.token) return { status: 'unpaired', pending: batch.pending };
      onProgress({ sending: batch.entries.map((entry) => entry.id), pending: batch.pending });
      const answer = await post(batch);
      if (answer.status === 'too_large' || answer.status === 'refused') {
        if (batch.entries.length > 1) {
          size = Math.max(1, Math.floor(batch.entries.length / 4));
          continue;
        }
        if (batch.entries.length === 1) {
          await store.setAside(batch.entries[0], answer.status);
          tell({ type: 'changed' });
          continue;
        }
      }
      if (answer.status !== 'ok') return { ...answer, pending: batch.pending };
      await store.takeAnswer(batch, answer.said);
      const left = batch.pending - batch.entries.length;
      tell({ type: 'changed' });
      onProgress({ taken: true, pending: left });
      if (left <= 0 || batch.entries.length === 0) {
        const status = await sendFiles(batch.token, onProgress);
        return { status, pending: left, at: answer.said.server_at };
      }
      size = MOST;
    }
  });
}

// Photos and signatures go after the records that name them, one by one.
async function sendFiles(token, onProgress) {
  for (;;) {
    const file = await store.nextFile();
    if (!file) return 'ok';
    const address = `/j/api/files/${file.digest}?sheet=${file.sheet}&vault=${file.vault}`;
    const answer = await reach(address, token, 'application/octet-stream', file.bytes);
    if (!answer || answer.status >= 500 || [401, 403, 429].includes(answer.status)) return 'offline';
    // The only copy goes when the house itself names what it keeps, not at a portal's page.
    const said = answer.ok ? await answer.json().catch(() => null) : null;
    if (answer.ok && said?.digest !== file.digest) return 'offline';
    await store.fileSent(file, answer.ok ? store.ACCEPTED : store.REJECTED);
    tell({ type: 'changed' });
    onProgress({ taken: true });
  }
}

// A photo that another tablet sent, while the server answers; null else.
export async function fetchFile(sheet, digest) {
  const { token } = await store.meta();
  const answer = await reach(`/j/api/files/${digest}?sheet=${sheet}`, token);
  return answer?.ok ? new Uint8Array(await answer.arrayBuffer()) : null;
}

async function reach(address, token, type, body) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    return await fetch(address, {
      method: type ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${token}`, ...(type ? { 'content-type': type } : {}) },
      body,
      cache: 'no-store',
      redirect: 'error',
      credentials: 'same-origin',
      signal: stop.signal,
    });
  } catch {
    return null; // network, time-out
  } finally {
    clearTimeout(timer);
  }
}

async function post(batch) {
  const body = {
    proto: PROTO,
    batch: uuid7(),
    device: batch.device,
    seq: batch.seq,
    pending: batch.pending + batch.files,
    sent_at: Date.now(),
    known: batch.known,
    entries: batch.entries.map(wire),
    ...(battery === null ? {} : { battery }),
  };
  const answer = await reach('/j/api/sync', batch.token, 'application/json', JSON.stringify(body));
  try {
    return answer ? await read(answer, body) : { status: 'offline' };
  } catch {
    return { status: 'offline' }; // a torn answer, a portal's page
  }
}

async function read(answer, body) {
  if (answer.status === 401) {
    const said = await answer.json().catch(() => ({}));
    if (said.proto !== PROTO || said.why !== 'revoked') return { status: 'signed_out' };
    await store.forgetAll();
    tell({ type: 'revoked' });
    return { status: 'revoked' };
  }
  if (answer.status === 403) return { status: 'signed_out' };
  if (answer.status === 413) return { status: 'too_large' };
  if (answer.status === 400 || answer.status === 422) return { status: 'refused' };
  const retryAfter = Number(answer.headers.get('retry-after')) * 1000 || 0;
  if (!answer.ok) return { status: 'offline', retryAfter };
  const said = await answer.json();
  const isOurs = said.proto === PROTO && said.batch === body.batch && said.results?.length === body.entries.length;
  return isOurs ? { status: 'ok', said } : { status: 'offline' };
}

// What travels: never the local state, never more than the server needs; sealed as it lies here.
export function wire(entry) {
  const { id, act, seq, sheet, account, sealed } = entry;
  if (sealed) return { id, act, seq, sheet, vault: account, sealed };
  const { cell, mark, value, parents, actor, at, reason, scheme, files } = entry;
  return { id, act, seq, sheet, cell, mark, value, parents, actor, at, reason, scheme, ...(files?.length ? { files } : {}) };
}

// Decides when to send: soon after a mark, when the network or the page comes back, and by the clock.
export class Sender {
  constructor(onState) {
    this.onState = onState;
    this.fails = 0;
    this.timer = null;
    this.running = false;
    this.again = false;
    addEventListener('online', () => this.soon(200 + Math.random() * 1500));
    addEventListener('pageshow', () => this.soon(0));
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.soon(0);
      else this.ask();
    });
    listen((message) => {
      if (message.type === 'added') this.soon(300);
      if (message.type === 'revoked') this.onState({ status: 'revoked' });
      if (message.type === 'sync' && message.status) this.onState({ status: message.status });
    });
  }

  soon(delay = 300) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), delay);
  }

  async send() {
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = true;
    clearTimeout(this.timer);
    let result;
    try {
      result = await sendAll((progress) => this.onState(progress));
    } catch {
      result = { status: 'offline' };
    }
    this.running = false;
    this.onState(result);
    this.plan(result);
  }

  plan(result) {
    if (result.status === 'ok' || result.status === 'busy') {
      this.fails = 0;
      const rest = document.visibilityState === 'visible' ? 10000 + Math.random() * 5000 : 60000;
      this.soon(this.again ? 0 : result.status === 'busy' ? 1000 : rest);
      this.again = false;
      return;
    }
    this.fails += 1;
    if (this.fails === 1) this.ask();
    const cap = result.status === 'offline' ? Math.min(CAP, 1000 * 2 ** this.fails) : CAP;
    this.soon(Math.max(result.retryAfter ?? 0, cap / 2 + Math.random() * (cap / 2)));
  }

  // Background Sync is a bonus: once an outage, and when the page goes away.
  ask() {
    navigator.serviceWorker?.ready.then((worker) => worker.sync?.register('score-sync')).catch(() => {});
  }
}
