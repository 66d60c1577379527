// The log's key as this device first saw it, and how another one takes its place.

import { sha256 } from './claim.js';

const PINNED = 'verify-log-vkey';
const DIGITS = 16;
const panel = document.getElementById('scan-key');
let offered = '';

// Keep a key, or return the one that is kept; storage may be shut off.
export function pinned(vkey) {
  try {
    if (vkey) localStorage.setItem(PINNED, vkey);
    return localStorage.getItem(PINNED) || '';
  } catch (error) {
    return '';
  }
}

// What people compare of a key, as app/certificates/notes.py writes it.
async function digestOf(vkey) {
  const digest = await sha256(new TextEncoder().encode(vkey));
  return digest.slice(0, DIGITS).replace(/(.{4})(?=.)/g, '$1 ');
}

// Show that the site has another key, none for none. Its digest is not shown: who takes it types what the issuer
// published, so that neither a careless touch nor a copy off a forger's site is enough.
export async function offer(vkey) {
  offered = vkey;
  panel.hidden = !vkey;
  if (vkey) document.getElementById('scan-key-known').textContent = await digestOf(pinned());
}

// Call back once the person has shown to know the offered key.
export function whenTaken(callback) {
  const field = document.getElementById('scan-key-digest');
  const problem = document.getElementById('scan-key-problem');
  panel.addEventListener('submit', async (event) => {
    event.preventDefault();
    const typed = field.value.normalize('NFKC').toLowerCase().replace(/[\s-]/g, '');
    const isWhole = /^[0-9a-f]+$/.test(typed) && typed.length === DIGITS;
    const isRight = isWhole && typed === (await digestOf(offered)).replace(/ /g, '');
    problem.textContent = isRight ? '' : panel.dataset[isWhole ? 'differs' : 'incomplete'];
    field.closest('.field').classList.toggle('field-wrong', !isRight);
    field.setAttribute('aria-invalid', String(!isRight));
    if (!isRight) return field.focus();
    field.value = '';
    pinned(offered);
    return callback();
  });
}
