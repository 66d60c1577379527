// The certificate log as anyone can check it (RFC 6962 over C2SP tiles): did a later checkpoint grow out of an earlier
// one? Computed here from the public tiles, so that nobody's word is taken for it; as app/certificates/tree.py.

import { hex, verifies } from './claim.js';

const HASH = 32;
const WIDTH = 256;

export class BadNote extends Error {}

export function unbase64(text) {
  try {
    return Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (character) => character.charCodeAt(0));
  } catch (error) {
    throw new BadNote('base64');
  }
}

// c2sp.org/signed-note: name, key ID, and 01 before the key itself.
export function keyOf(vkey) {
  const found = /^[^+\s]+\+[0-9a-f]{8}\+(.+)$/.exec(vkey);
  const raw = found ? unbase64(found[1]) : new Uint8Array(0);
  if (raw.length !== 33 || raw[0] !== 1) throw new BadNote('key');
  return hex(raw.slice(1));
}

// Read a checkpoint's note: where its log is, how long, and its root.
export function checkpointOf(note) {
  const [origin, size, root] = note.split('\n');
  if (!origin || !/^(0|[1-9][0-9]{0,14})$/.test(size || '') || unbase64(root || '').length !== HASH) throw new BadNote('checkpoint');
  return { origin, size: Number(size), root: hex(unbase64(root)) };
}

// Tell whether the log's key signed a note.
export async function isSigned(note, vkey) {
  const text = note.slice(0, note.indexOf('\n\n') + 1);
  const name = vkey.split('+')[0];
  for (const line of note.slice(text.length + 1).split('\n')) {
    const [dash, signer, encoded] = line.split(' ');
    if (dash !== '\u2014' || signer !== name || !encoded) continue;
    const signature = unbase64(encoded).slice(4);
    if (signature.length === 64 && (await verifies(keyOf(vkey), signature, new TextEncoder().encode(text)))) return true;
  }
  return false;
}

async function nodeHash(left, right) {
  const both = new Uint8Array(1 + 2 * HASH);
  both[0] = 1;
  both.set(left, 1);
  both.set(right, 1 + HASH);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', both));
}

// The largest power of two that is below a length, or that fits into it.
function powerBelow(length, fits = 0) {
  let power = 1;
  while (power * 2 < length + fits) power *= 2;
  return power;
}

// The leaf ranges whose hashes prove that a tree of `old` leaves grew to `size` (section 2.1.2).
function consistencyRanges(old, size) {
  let [start, end, left, isWhole] = [0, size, old, true];
  const ranges = [];
  while (left !== end - start || !isWhole) {
    if (left === end - start) {
      ranges.push([start, end]);
      break;
    }
    const middle = start + powerBelow(end - start);
    if (left <= middle - start) {
      ranges.push([middle, end]);
      end = middle;
    } else {
      ranges.push([start, middle]);
      left -= middle - start;
      start = middle;
      isWhole = false;
    }
  }
  return ranges.reverse();
}

function address(level, number, size) {
  const width = Math.min(WIDTH, Math.floor(size / WIDTH ** level) - number * WIDTH);
  const groups = [String(number % 1000).padStart(3, '0')];
  for (let rest = Math.floor(number / 1000); rest; rest = Math.floor(rest / 1000)) groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  return `tile/${level}/${groups.join('/')}${width === WIDTH ? '' : `.p/${width}`}`;
}

// The hash of the complete subtree over `count` leaves from `start`, folded from its tile.
async function subtree(start, count, size, fetchTile) {
  let level = 0;
  while (count >= WIDTH ** (level + 1)) level += 1;
  const [first, length] = [start / WIDTH ** level, count / WIDTH ** level];
  const tile = await fetchTile(address(level, Math.floor(first / WIDTH), size));
  const place = (first % WIDTH) * HASH;
  let hashes = [];
  for (let index = 0; index < length; index += 1) hashes.push(tile.slice(place + index * HASH, place + (index + 1) * HASH));
  if (hashes.some((one) => one.length !== HASH)) throw new BadNote('tile');
  while (hashes.length > 1) {
    const above = [];
    for (let index = 0; index < hashes.length; index += 2) above.push(await nodeHash(hashes[index], hashes[index + 1]));
    hashes = above;
  }
  return hashes[0];
}

async function rangeHash(start, end, size, fetchTile) {
  const peaks = [];
  for (let place = start; place < end; ) {
    const count = powerBelow(end - place, 1);
    peaks.push(await subtree(place, count, size, fetchTile));
    place += count;
  }
  let root = peaks.pop();
  while (peaks.length) root = await nodeHash(peaks.pop(), root);
  return root;
}

// RFC 9162 section 2.1.4.2; `path` in bytes, the roots in hex.
async function isConsistent(old, size, oldRoot, root, path) {
  const hashes = Number.isInteger(Math.log2(old)) ? [bytesOf(oldRoot), ...path] : path;
  let [place, last] = [old - 1, size - 1];
  const up = () => {
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  };
  while (place % 2) up();
  let [first, second] = [hashes[0], hashes[0]];
  for (const sibling of hashes.slice(1)) {
    if (last === 0) return false;
    if (place % 2 || place === last) {
      first = await nodeHash(sibling, first);
      second = await nodeHash(sibling, second);
      while (!(place % 2) && place !== 0) up();
    } else second = await nodeHash(second, sibling);
    up();
  }
  return last === 0 && hex(first) === oldRoot && hex(second) === root;
}

function bytesOf(text) {
  return Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
}

// Tell whether the log of the later checkpoint begins with that of the earlier one. `fetchTile` gives the bytes of an
// address under /log/ and rejects where there is no answer; then nothing is known.
export async function grewOut(earlier, later, fetchTile) {
  if (earlier.origin !== later.origin || later.size < earlier.size) return false;
  if (later.size === earlier.size) return later.root === earlier.root;
  if (earlier.size === 0) return true;
  const path = [];
  for (const [start, end] of consistencyRanges(earlier.size, later.size)) path.push(await rangeHash(start, end, later.size, fetchTile));
  return isConsistent(earlier.size, later.size, earlier.root, later.root, path);
}
