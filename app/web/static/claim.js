// What the paper's symbol says: the decimal behind "#", read strictly and its signature verified.
// Nothing here talks to the server; the fragment never leaves the browser.

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const MOST_DIGITS = 1200;

export class BadClaim extends Error {}

// Decimal digits to bytes, without BigInt, so that old web views can do it too.
export function bytesOfDecimal(digits) {
  if (!/^[1-9][0-9]*$/.test(digits) || digits.length > MOST_DIGITS) throw new BadClaim('digits');
  const bytes = [];
  for (const digit of digits) {
    let carry = Number(digit);
    for (let place = 0; place < bytes.length; place += 1) {
      carry += bytes[place] * 10;
      bytes[place] = carry & 255;
      carry >>= 8;
    }
    if (carry) bytes.push(carry);
  }
  return Uint8Array.from(bytes.reverse());
}

// Deterministic CBOR of the few types that we write; every other encoding is refused.
function item(data, start, depth) {
  if (depth === 0 || start >= data.length) throw new BadClaim('cbor');
  const major = data[start] >> 5;
  const short = data[start] & 31;
  const length = short < 24 ? 0 : { 24: 1, 25: 2, 26: 4, 27: 8 }[short];
  if (major > 6 || length === undefined) throw new BadClaim('cbor');
  const place = start + 1 + length;
  if (place > data.length) throw new BadClaim('cbor');
  let argument = short;
  if (length) {
    argument = 0;
    for (let index = start + 1; index < place; index += 1) argument = argument * 256 + data[index];
    const least = { 1: 24, 2: 2 ** 8, 4: 2 ** 16, 8: 2 ** 32 }[length];
    if (argument < least || !Number.isSafeInteger(argument)) throw new BadClaim('cbor');
  }
  if (major === 0) return [argument, place];
  if (major === 1) return [-1 - argument, place];
  if (major === 2 || major === 3) {
    const end = place + argument;
    if (end > data.length) throw new BadClaim('cbor');
    const raw = data.slice(place, end);
    if (major === 2) return [raw, end];
    try {
      return [new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw), end];
    } catch (error) {
      throw new BadClaim('cbor');
    }
  }
  if (major === 6) {
    const [value, end] = item(data, place, depth - 1);
    return [{ tag: argument, value }, end];
  }
  return major === 4 ? array(data, place, argument, depth) : map(data, place, argument, depth);
}

function array(data, start, length, depth) {
  const values = [];
  let place = start;
  for (let index = 0; index < length; index += 1) {
    let value;
    [value, place] = item(data, place, depth - 1);
    values.push(value);
  }
  return [values, place];
}

function map(data, start, length, depth) {
  const values = new Map();
  let place = start;
  let before = '';
  for (let index = 0; index < length; index += 1) {
    const keyStart = place;
    let key;
    let value;
    [key, place] = item(data, place, depth - 1);
    const written = hex(data.slice(keyStart, place));
    if (written <= before || (typeof key !== 'number' && typeof key !== 'string')) throw new BadClaim('cbor');
    before = written;
    [value, place] = item(data, place, depth - 1);
    values.set(key, value);
  }
  return [values, place];
}

export function cbor(data) {
  const [value, end] = item(data, 0, 8);
  if (end !== data.length) throw new BadClaim('cbor');
  return value;
}

export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function unhex(text) {
  return Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
}

function idOf(raw) {
  let id = '';
  for (let place = 0; place < 16; place += 1) {
    const bit = place * 5;
    const pair = (raw[bit >> 3] << 8) | (raw[(bit >> 3) + 1] || 0);
    id += CROCKFORD[(pair >> (11 - (bit & 7))) & 31];
  }
  return id;
}

function isBytes(value, length) {
  return value instanceof Uint8Array && (length === undefined || value.length === length);
}

function head(major, length) {
  if (length < 24) return [(major << 5) | length];
  if (length < 256) return [(major << 5) | 24, length];
  return [(major << 5) | 25, length >> 8, length & 255];
}

// RFC 9052 section 4.4: ["Signature1", protected, h'', payload].
function sigStructure(protectedHeader, payload) {
  const word = new TextEncoder().encode('Signature1');
  return Uint8Array.from([
    0x84, ...head(3, word.length), ...word, ...head(2, protectedHeader.length), ...protectedHeader,
    0x40, ...head(2, payload.length), ...payload,
  ]);
}

function keyName(protectedHeader) {
  const header = isBytes(protectedHeader) ? cbor(protectedHeader) : null;
  if (!(header instanceof Map) || header.size !== 2 || header.get(1) !== -8 || !isBytes(header.get(4), 4)) {
    throw new BadClaim('header');
  }
  return hex(header.get(4));
}

function readClaim(payload) {
  const claims = isBytes(payload) ? cbor(payload) : null;
  if (!(claims instanceof Map) || claims.size !== 3 || !isBytes(claims.get(7), 10)) throw new BadClaim('claims');
  const issuedAt = claims.get(6);
  const facts = claims.get(-65537);
  const isTime = Number.isInteger(issuedAt) && issuedAt >= 0 && issuedAt < 2 ** 37;
  if (!isTime || !Array.isArray(facts) || facts.length !== 5 || ![1, 2, 3].includes(facts[0])) {
    throw new BadClaim('claims');
  }
  if (!facts.slice(1).every((fact) => typeof fact === 'string')) throw new BadClaim('claims');
  const [kind, number, name, title, result] = facts;
  const day = new Date((issuedAt + 8 * 3600) * 1000).toISOString().slice(0, 10);
  return { id: idOf(claims.get(7)), kind, number, name, title, result, issuedOn: day, issuedAt };
}

// Read a fragment's decimal; throw BadClaim for anything but its one form.
export function parseFragment(digits) {
  const raw = bytesOfDecimal(digits);
  if (raw[0] !== 1) throw new BadClaim('start');
  const signed = cbor(raw.slice(1));
  const parts = signed && signed.tag === 18 ? signed.value : null;
  if (!Array.isArray(parts) || parts.length !== 4) throw new BadClaim('cose');
  const [protectedHeader, unprotected, payload, signature] = parts;
  if (!(unprotected instanceof Map) || unprotected.size || !isBytes(signature, 64)) throw new BadClaim('cose');
  return {
    kid: keyName(protectedHeader),
    claim: readClaim(payload),
    message: sigStructure(protectedHeader, payload),
    signature,
  };
}

export async function sha256(bytes) {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

// The order of the Ed25519 group, little-endian: a signature's second half is below it (RFC 8032).
const ORDER = unhex('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');

function isReduced(scalar) {
  for (let place = 31; place >= 0; place -= 1) {
    if (scalar[place] !== ORDER[place]) return scalar[place] < ORDER[place];
  }
  return false;
}

// Resolve to true or false; reject where this browser cannot verify Ed25519 at all.
export async function verifies(publicKeyHex, signature, message) {
  const publicKey = unhex(publicKeyHex);
  let key;
  try {
    key = await crypto.subtle.importKey('raw', publicKey, { name: 'Ed25519' }, false, ['verify']);
  } catch (error) {
    await import('./vendor/nacl.js');
    return isReduced(signature.slice(32)) && self.nacl.sign.detached.verify(message, signature, publicKey);
  }
  return crypto.subtle.verify({ name: 'Ed25519' }, key, signature, message);
}
