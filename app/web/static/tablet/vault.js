// What this tablet keeps of a judge's work is sealed with a key that only the house can make again
// (app/sheets/vaults.py). A touch is written in its own task, and the browser's cipher answers later:
// so its stream is drawn beforehand, in pads that are each used once, and sealing waits for nothing.
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

export const toText = (bytes) => {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
};
export const toBytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

export const isOpenFor = (account) => Boolean(key) && owner === account;

// Take a judge's key; the pads are drawn before the first touch.
export async function open(account, keyText) {
  if (!subtle || !keyText || isOpenFor(account)) return;
  key = await subtle.importKey('raw', toBytes(keyText), 'AES-CTR', false, ['encrypt']);
  owner = account;
  pads = [];
  await fill();
}

export function close() {
  key = null;
  owner = 0;
  pads = [];
}

function stream(chosen, nonce, length) {
  const counter = new Uint8Array(16);
  counter.set(nonce);
  return subtle.encrypt({ name: 'AES-CTR', counter, length: 32 }, chosen, new Uint8Array(length));
}

async function draw(length) {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE));
  return { nonce, stream: new Uint8Array(await stream(key, nonce, ONE_TIME_KEY + length)) };
}

function fill() {
  filling ??= Promise.all(Array.from({ length: PADS - pads.length }, () => draw(PAD))).then(
    (drawn) => {
      pads.push(...drawn);
      filling = null;
    },
    (error) => {
      filling = null;
      throw error;
    },
  );
  return filling;
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

export async function sealLate(text) {
  return key ? toText(await sealBytes(new TextEncoder().encode(text))) : null;
}

export async function sealBytes(plain) {
  return closed(await draw(plain.length), plain);
}

// Read back what was sealed here; the tag is for the house, which must not be deceived.
export async function unsealBytes(raw) {
  const sealed = raw.subarray(NONCE + TAG);
  const found = new Uint8Array(await stream(key, raw.subarray(0, NONCE), ONE_TIME_KEY + sealed.length));
  return sealed.map((byte, at) => byte ^ found[ONE_TIME_KEY + at]);
}

export async function unseal(text) {
  return new TextDecoder().decode(await unsealBytes(toBytes(text)));
}
