// What this tablet keeps of a judge's work is sealed with a key that only the house can make again
// (app/sheets/vaults.py). A mark is written in one task, perhaps the page's last, and the browser's cipher
// answers later: so its stream is drawn beforehand, in pads that are each used once, and sealing waits for nothing.
import { tagOf } from './poly1305.js';

const NONCE = 12;
const TAG = 16;
const ONE_TIME_KEY = 32;
const PAD = 1024; // bytes of text that a pad seals
const PADS = 48;
const subtle = globalThis.crypto?.subtle; // not on plain http

let owner = 0;
let key = null;
let pads = [];
let filling = null;
let asked = null; // whose key was asked for last

export const toText = (bytes) => {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
};
export const toBytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

export const isOpenFor = (account) => Boolean(key) && owner === account;
// The key of a judge, for work that may last longer than the judge stays; null where it is not open.
export const keyFor = (account) => (isOpenFor(account) ? key : null);
export const isPossible = Boolean(subtle);

// Take a judge's key; the pads are drawn before the first touch.
export async function open(account, keyText) {
  if (!subtle || !keyText) return;
  if (asked?.account !== account || asked.keyText !== keyText) {
    asked = { account, keyText };
    asked.done = take(asked);
  }
  await asked.done;
}

async function take(mine) {
  try {
    const found = await subtle.importKey('raw', toBytes(mine.keyText), 'AES-CTR', false, ['encrypt']);
    if (asked !== mine) return; // left meanwhile
    key = found;
    owner = mine.account;
    empty();
    await fill();
  } catch (error) {
    if (asked === mine) close();
    throw error;
  }
}

function empty() {
  pads = [];
  filling = null;
}

export function close() {
  asked = null;
  key = null;
  owner = 0;
  empty();
}

function stream(chosen, nonce, length) {
  const counter = new Uint8Array(16);
  counter.set(nonce);
  return subtle.encrypt({ name: 'AES-CTR', counter, length: 32 }, chosen, new Uint8Array(length));
}

async function draw(length, chosen) {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE));
  return { nonce, stream: new Uint8Array(await stream(chosen, nonce, ONE_TIME_KEY + length)) };
}

function fill() {
  filling ??= drawPads(key);
  return filling;
}

// Pads of a judge who has left meanwhile are not for the next one.
async function drawPads(chosen) {
  try {
    const drawn = await Promise.all(Array.from({ length: PADS - pads.length }, () => draw(PAD, chosen)));
    if (key === chosen) pads.push(...drawn);
  } finally {
    if (key === chosen) filling = null;
  }
}

function closed(pad, plain) {
  const made = new Uint8Array(NONCE + TAG + plain.length);
  const text = made.subarray(NONCE + TAG);
  for (let at = 0; at < plain.length; at += 1) text[at] = plain[at] ^ pad.stream[ONE_TIME_KEY + at];
  made.set(pad.nonce);
  made.set(tagOf(text, pad.stream.subarray(0, ONE_TIME_KEY)), NONCE);
  return made;
}

// Seal a text at once; null where no key is there, a promise where it is too long for a pad.
export function seal(text) {
  if (!key) return null;
  const plain = new TextEncoder().encode(text);
  const pad = plain.length <= PAD ? pads.pop() : null;
  if (pads.length < PADS / 2) fill().catch(() => {});
  if (pad) return toText(closed(pad, plain));
  return sealBytes(plain).then(toText);
}

export async function sealLate(text, chosen = key) {
  return chosen ? toText(await sealBytes(new TextEncoder().encode(text), chosen)) : null;
}

export async function sealBytes(plain, chosen = key) {
  return closed(await draw(plain.length, chosen), plain);
}

// Read back what was sealed here; throws for what was changed, or sealed with another key.
export async function unsealBytes(raw) {
  const sealed = raw.subarray(NONCE + TAG);
  const found = new Uint8Array(await stream(key, raw.subarray(0, NONCE), ONE_TIME_KEY + sealed.length));
  const tag = tagOf(sealed, found.subarray(0, ONE_TIME_KEY));
  if (tag.some((byte, at) => byte !== raw[NONCE + at])) throw new Error('not our seal');
  return sealed.map((byte, at) => byte ^ found[ONE_TIME_KEY + at]);
}

export async function unseal(text) {
  return new TextDecoder().decode(await unsealBytes(toBytes(text)));
}
