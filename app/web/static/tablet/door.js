// A shared tablet: made known by a code, opened by a judge's badge, closed when the sheet is handed in.
// Without a network the badge's number opens what it opened before: it unlocks the judge's own key.
import { PROTO } from './sender.js';
import * as store from './store.js';
import { uuid7 } from './uuid7.js';
import { toBytes, toText } from './vault.js';

export const BUILD = document.querySelector('link[rel=stylesheet]')?.getAttribute('href') ?? '';
const ROUNDS = 310000; // of PBKDF2: half a second on a cheap tablet, for each guess
const subtle = globalThis.crypto?.subtle;

export async function ownName() {
  const known = await store.meta();
  if (known.device) return known.device;
  const device = uuid7();
  await store.saveMeta({ device });
  return device;
}

async function ask(path, body) {
  const { token } = await store.meta();
  const answer = await fetch(`/j/api/${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: JSON.stringify(body),
    cache: 'no-store',
    redirect: 'error',
  });
  const said = await answer.json().catch(() => ({}));
  return { status: answer.status, ok: answer.ok, said };
}

// Make this tablet known by the code on the organizer's screen; answers its name, or why not.
export async function pair(code) {
  const device = await ownName();
  const answer = await ask('pair', { device, code, browser: navigator.userAgent.slice(0, 200), build: BUILD });
  if (!answer.ok || !answer.said.token) return { status: answer.status === 429 ? 'too_often' : 'wrong_code' };
  const { token, label } = answer.said;
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

// Open this tablet with the number on a badge.
export async function openWith(number) {
  const digits = number.replace(/\D/g, '');
  let answer;
  try {
    answer = await ask('open', { number: digits });
  } catch {
    return openAlone(digits);
  }
  if (answer.status >= 500) return openAlone(digits);
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
  if (!answer.ok) return { status: answer.status === 401 || answer.status === 403 ? 'signed_out' : 'offline' };
  return welcome(answer.said, true, () => store.judgeHere()?.pass === actor.pass);
}

// The badge was replaced, or its judge marks no more: it opens nothing here, without a network either.
async function shut({ account, pass }) {
  const { doors = [] } = await store.meta();
  await store.saveMeta({ doors: doors.filter((door) => door.account !== account) });
  if (store.judgeHere()?.pass === pass) store.dropActor();
  return { status: 'ended' };
}

// The judge is done: nothing of theirs can be read here until the badge is shown again.
export async function leave() {
  const account = store.judgeHere()?.account;
  store.dropActor();
  if (account) await tellLeft(account);
}

// Until the house has heard of it, it would tell this tablet of the sheets of who has left.
async function tellLeft(account) {
  await store.saveMeta({ untold: account });
  const { ok } = await ask('close', { account }).catch(() => ({ ok: false }));
  const { untold } = await store.meta(); // the next judge may have come, and gone
  if (ok && untold === account) await store.saveMeta({ untold: false });
  return ok;
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
