// score-sync/1: sends what waits, in order, in batches; keeps everything until our own answer says otherwise.
import { PROTO, reach } from './reach.js';
import * as store from './store.js';
import { uuid7 } from './uuid7.js';

const MOST = 100;
const CAP = 15000; // ms between attempts at most
const LONGEST_REST = 60000; // ms, whatever a stranger asks for
const REFUSING = [400, 404, 413, 422]; // what the house says of a file that it will never take
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
    let isBehind = false;
    for (;;) {
      const batch = await store.nextBatch(size);
      if (!batch.token) return { status: 'unpaired', pending: batch.pending };
      onProgress({ sending: batch.entries.map((entry) => entry.id), pending: batch.pending });
      const answer = await post(batch);
      if (answer.isTooMuch && batch.entries.length > 1) {
        size = Math.max(1, Math.floor(batch.entries.length / 4));
        continue;
      }
      if (answer.isFinal && batch.entries.length === 1) {
        await store.setAside(batch.entries[0], answer.status);
        tell({ type: 'changed' });
        continue;
      }
      if (answer.status !== 'ok') return { ...answer, pending: batch.pending };
      await store.takeAnswer(batch, answer.said);
      const left = batch.pending - batch.entries.length;
      tell({ type: 'changed' });
      onProgress({ taken: true, pending: left });
      if (answer.said.behind && !isBehind) {
        isBehind = true; // what the house has lost waits again
        continue;
      }
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
    const answer = await reach(address, { token, type: 'application/octet-stream', body: file.bytes });
    // The only copy goes when the house itself names what it keeps, and rests when it says why not.
    const isTaken = answer?.ok && answer.said.digest === file.digest;
    const isRefused = answer?.isOurs && REFUSING.includes(answer.status);
    if (!isTaken && !isRefused) return 'offline';
    await store.fileSent(file, isTaken ? store.ACCEPTED : store.REJECTED);
    tell({ type: 'changed' });
    onProgress({ taken: true });
  }
}

// A photo that another tablet sent, while the server answers; null else.
export async function fetchFile(sheet, digest) {
  const { token } = await store.meta();
  const answer = await reach(`/j/api/files/${digest}?sheet=${sheet}`, { token });
  return answer?.ok ? answer.bytes : null;
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
    house: batch.links?.house ?? '',
    links: batch.links?.ledgers ?? {},
    entries: batch.entries.map(wire),
    ...(battery === null ? {} : { battery }),
  };
  const answer = await reach('/j/api/sync', { token: batch.token, type: 'application/json', body: JSON.stringify(body) });
  return answer ? read(answer, body) : { status: 'offline' };
}

// What a stranger says is no answer; too much for it is sent in parts all the same, but never set aside.
async function read({ status, ok, said, isOurs, retryAfter }, body) {
  const offline = { status: 'offline', retryAfter };
  if (ok) {
    const isWhole = said.proto === PROTO && said.batch === body.batch && said.results?.length === body.entries.length;
    return isWhole ? { status: 'ok', said } : offline;
  }
  if (status === 413) return isOurs ? { status: 'too_large', isTooMuch: true, isFinal: true } : { ...offline, isTooMuch: true };
  if (!isOurs) return offline;
  if (status === 400 || status === 422) return { status: 'refused', isTooMuch: true, isFinal: true };
  if (status !== 401 && status !== 403) return offline;
  if (said.why !== 'revoked') return { status: 'signed_out' };
  await store.forgetAll();
  tell({ type: 'revoked' });
  return { status: 'revoked' };
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
    this.soon(Math.max(Math.min(result.retryAfter ?? 0, LONGEST_REST), cap / 2 + Math.random() * (cap / 2)));
  }

  // Background Sync is a bonus: once an outage, and when the page goes away.
  ask() {
    navigator.serviceWorker?.ready.then((worker) => worker.sync?.register('score-sync')).catch(() => {});
  }
}
