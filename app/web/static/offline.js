// Judge a symbol's text with nothing but an offline bundle; the same verdicts as app/certificates/offline.py.

import { BadClaim, parseFragment, sha256, verifies } from './claim.js';
import { checkpointOf, keyOf, unbase64 } from './log.js';

export const FORMAT = 'xiangjiang-offline/1';
const PREFIX_BYTES = 8;
const AHEAD = 24 * 3600 * 1000;

export class BadBundle extends Error {
  constructor(reason, vkey = '') {
    super(reason);
    this.vkey = vkey;
  }
}

function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function bytesOf(hex) {
  if (!/^([0-9a-f]{2})*$/.test(hex)) throw new BadBundle('malformed');
  return Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
}

// Return the payload of a bundle that the log key signed; `pinned` is the key as it was first seen. A bundle that another
// key signed is refused under that key's name.
export async function openBundle(bundle, pinned) {
  if (!bundle || bundle.format !== FORMAT || typeof bundle.payload !== 'string') throw new BadBundle('malformed');
  const payload = JSON.parse(bundle.payload);
  const message = new TextEncoder().encode(`${FORMAT}\n${bundle.payload}`);
  if (!(await verifies(keyOf(payload.log_vkey), bytesOf(String(bundle.signature)), message))) {
    throw new BadBundle('signature');
  }
  if (pinned && payload.log_vkey !== pinned) throw new BadBundle('other_key', payload.log_vkey);
  return payload;
}

// A bundle confirms nothing after its date, nor where this device's clock is before it was made; return which, or nothing.
export function outOfDate(payload, now) {
  if (now <= Date.parse(payload.as_of) - AHEAD) return 'early';
  return now < Date.parse(payload.valid_until) ? '' : 'expired';
}

// Tell whether a later bundle holds less of the log than an earlier one did, or another log of that length.
export function wentBack(earlier, payload) {
  if (!earlier || !(Date.parse(earlier.as_of) < Date.parse(payload.as_of))) return false;
  const [then, now] = [checkpointOf(earlier.checkpoint), checkpointOf(payload.checkpoint)];
  if (then.origin !== now.origin) return false;
  return now.size < then.size || (now.size === then.size && now.root !== then.root);
}

function holds(listed, commit) {
  const raw = unbase64(listed);
  const start = commit.slice(0, PREFIX_BYTES * 2);
  for (let place = 0; place < raw.length; place += PREFIX_BYTES) {
    if (toHex(raw.slice(place, place + PREFIX_BYTES)) === start) return true;
  }
  return false;
}

// Return the ID in an address of ours; a query, as apps add to what is handed on, leads to the same page.
function idAt(text, host) {
  const found = /^[Hh][Tt][Tt][Pp][Ss]:\/\/([^/?#]+)\/v\/([^/?#]+)(?:\?[^#]*)?(?:#|$)/.exec(text);
  return found && found[1] === host ? found[2] : '';
}

// Return {verdict, why, claim}, or the id where there is no signature; only "valid" means that the certificate counted on the day of the bundle.
export async function judge(text, payload, now) {
  const written = text.trim();
  const id = idAt(written, payload.host);
  const mark = written.indexOf('#');
  const fragment = mark < 0 ? '' : written.slice(mark + 1);
  // Without a signature, as some scanners and the page's own link hand it on; an app may have added a word of its own.
  if (!/^[0-9]/.test(fragment)) return { verdict: 'uncertain', why: id ? 'no_signature' : 'not_ours', id };
  let signed;
  try {
    signed = parseFragment(fragment);
  } catch (error) {
    if (!(error instanceof BadClaim)) throw error;
    return { verdict: 'forged', why: 'damaged' };
  }
  const key = payload.keys[signed.kid];
  // Of a key that came into use since, or of nobody's: the register can tell, this bundle cannot.
  if (!key) return { verdict: 'uncertain', why: 'unknown_key', id: id === signed.claim.id ? id : '' };
  if (!(await verifies(key.public_key, signed.signature, signed.message))) return { verdict: 'forged', why: 'signature' };
  const claim = signed.claim;
  if (id !== claim.id) return { verdict: 'uncertain', why: 'address', claim };
  const commit = await sha256(signed.message);
  if (holds(payload.revoked, commit)) return { verdict: 'revoked', why: 'revoked', claim };
  if (holds(payload.corrected, commit)) return { verdict: 'corrected', why: 'corrected', claim };
  if (key.status === 'compromised') return { verdict: 'uncertain', why: 'compromised_key', claim };
  const why = outOfDate(payload, now);
  if (why) return { verdict: 'uncertain', why, claim };
  return { verdict: 'valid', why: 'signed', claim };
}
