// A shared tablet: made known by a code, opened by a judge's badge, closed when the sheet is handed in.
// Without a network the badge's number opens what it opened before: it unlocks the judge's own key.
import { PROTO, reach } from './reach.js';
import * as store from './store.js';
import { uuid7 } from './uuid7.js';
import { toBytes, toText } from './vault.js';

export const BUILD = document.querySelector('link[rel=stylesheet]')?.getAttribute('href') ?? '';
const ROUNDS = 310000; // of PBKDF2: half a second on a cheap tablet, for each guess
const SOON = 5000; // ms after which a badge is tried without the house
const subtle = globalThis.crypto?.subtle;

export async function ownName() {
  const known = await store.meta();
  if (known.device) return known.device;
  const device = uuid7();
  await store.saveMeta({ device });
  return device;
}

// Ask the house; what a stranger answers, and no answer, are `isOurs: false`.
export async function ask(path, body) {
  const { token } = await store.meta();
  const answer = await reach(`/j/api/${path}`, { token, type: 'application/json', body: JSON.stringify(body) });
  return answer ?? { isOurs: false, said: {} };
}

// Make this tablet known by the code on the organizer's screen; answers its name, or why not.
export async function pair(code) {
  const device = await ownName();
  const answer = await ask('pair', { device, code, browser: navigator.userAgent.slice(0, 200), build: BUILD });
  const { token, label } = answer.said;
  if (!token && (!answer.isOurs || answer.status >= 500)) return { status: 'offline' };
  if (!token) return { status: answer.status === 429 ? 'too_often' : 'wrong_code' };
  await store.saveMeta({ token, label, shared: true, revoked: false, actor: null, salt: toText(crypto.getRandomValues(new Uint8Array(16))) });
  return { status: 'ok', label };
}

// Take over who judges here, and which sheets are theirs; not where who asked has left meanwhile.
export async function welcome(said, isShared, isStill = () => true) {
  if (said.proto !== PROTO) return { status: 'offline' };
  const { account, name, pass, vault, token, label } = said;
  if (isStill()) await store.saveMeta({ token, label, untold: false });
  if (!isStill()) return { status: 'locked' };
  await store.setActor({ account, name, pass, vault }, isShared);
  await store.saveSheets(account, said.sheets);
  return { status: 'ok', ...said };
}

// Open this tablet with the number on a badge: by the house, or without it where it is slow to answer.
export async function openWith(number) {
  const digits = number.replace(/\D/g, '');
  const asked = ask('open', { number: digits });
  const isSlow = await Promise.race([asked.then(() => false), new Promise((resolve) => setTimeout(resolve, SOON, true))]);
  if (isSlow) {
    const done = await openAlone(digits);
    if (done.status === 'ok') return done;
  }
  const answer = await asked;
  if (!answer.isOurs || answer.status >= 500) return openAlone(digits);
  if (!answer.ok) return { status: { 429: 'too_often', 403: 'unpaired' }[answer.status] ?? 'wrong_number' };
  const done = await welcome(answer.said, true);
  if (done.status === 'ok') await keepDoor(digits);
  return done;
}

// The judge who is on goes on: the list anew, as long as the house knows the pass.
export async function renew() {
  const actor = await store.actor();
  if (!actor) {
    const { untold } = await store.meta();
    return { status: untold && !(await tellLeft(untold)) ? 'offline' : 'locked' };
  }
  const answer = await ask('renew', { pass: actor.pass });
  if (answer.said.error?.name === 'PassEnded') return shut(actor);
  if (answer.ok) return welcome(answer.said, true, () => store.judgeHere()?.pass === actor.pass);
  return { status: answer.isOurs && [401, 403].includes(answer.status) ? 'signed_out' : 'offline' };
}

// The badge was replaced, or its judge marks no more: it opens nothing here, without a network either.
async function shut({ account, pass }) {
  const { doors = [] } = await store.meta();
  await store.saveMeta({ doors: doors.filter((door) => door.account !== account) });
  if (store.judgeHere()?.pass === pass) store.dropActor();
  return { status: 'ended' };
}

// The judge is done: nothing of theirs can be read here until the badge is shown again. Nobody waits for
// the house: `renew` tells it.
export async function leave() {
  const account = store.judgeHere()?.account;
  store.dropActor();
  if (account) await store.saveMeta({ untold: account });
}

// Until the house has heard of it, it would tell this tablet of the sheets of who has left.
async function tellLeft(account) {
  const { ok, isOurs } = await ask('close', { account });
  const { untold } = await store.meta(); // the next judge may have come, and gone
  if (ok && isOurs && untold === account) await store.saveMeta({ untold: false });
  return ok && isOurs;
}

async function keyOf(digits) {
  const { salt } = await store.meta();
  const base = await subtle.importKey('raw', new TextEncoder().encode(digits), 'PBKDF2', false, ['deriveKey']);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt: toBytes(salt), iterations: ROUNDS };
  return subtle.deriveKey(how, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

async function keepDoor(digits) {
  if (!subtle) return;
  const actor = await store.actor();
  const key = await keyOf(digits);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const box = await subtle.encrypt({ name: 'AES-GCM', iv }, key, new TextEncoder().encode(JSON.stringify(actor)));
  const { doors = [] } = await store.meta();
  const others = doors.filter((door) => door.account !== actor.account);
  await store.saveMeta({ doors: [...others, { account: actor.account, iv, box }] });
}

async function openAlone(digits) {
  const { doors = [] } = await store.meta();
  if (!subtle || !doors.length) return { status: 'offline' };
  const key = await keyOf(digits);
  for (const { iv, box } of doors) {
    try {
      const text = new TextDecoder().decode(await subtle.decrypt({ name: 'AES-GCM', iv }, key, box));
      await store.setActor(JSON.parse(text), true);
      return { status: 'ok', isAlone: true };
    } catch {
      // another judge's door
    }
  }
  return { status: 'unknown_here' };
}
