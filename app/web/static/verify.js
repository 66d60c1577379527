// The verification page: check the paper's signature here, then compare paper and register.

import { BadClaim, parseFragment, sha256, verifies } from './claim.js';
import { digitsOf } from './signature.js';

const place = document.getElementById('register');
const words = JSON.parse(place.dataset.words);
const keys = JSON.parse(place.dataset.keys);
const register = place.dataset.register ? JSON.parse(place.dataset.register) : null;

function say(id, text) {
  const element = document.getElementById(id);
  if (element) element.textContent = text;
}

function verdict(state, sentence) {
  const box = document.getElementById('verdict');
  box.dataset.verdict = state;
  say('verdict-word', words.verdicts[state]);
  say('verdict-sentence', sentence);
  // Also where only the title is shown: in WeChat's bar, and in what is shared from there.
  document.title = [words.verdicts[state], ...document.title.split(' · ').slice(1)].join(' · ');
}

function done(text) {
  say('checked', text);
  document.documentElement.dataset.checked = 'yes';
}

function differences(claim, commit) {
  const pairs = {
    id: [register.id, claim.id],
    kind: [register.kind, claim.kind],
    number: [register.number, claim.number],
    name: [register.name, `${Array.from(claim.name)[0]}**`],
    title: [register.title, claim.title],
    issued_on: [register.issued_on, claim.issuedOn],
  };
  const found = Object.keys(pairs).filter((part) => pairs[part][0] !== pairs[part][1]);
  // Parts that the public page masks or leaves out: the site compared them, and names them.
  found.push(...register.differs.filter((part) => !found.includes(part)));
  if (!found.length && register.commit !== commit) found.push('hidden');
  return found;
}

// As the register's dates are written.
function prose(day) {
  const place = document.documentElement.lang.startsWith('en') ? 'en-GB' : 'zh-CN';
  return new Date(`${day}T00:00:00Z`).toLocaleDateString(place, { dateStyle: 'long', timeZone: 'UTC' });
}

function showPaper(claim) {
  const rows = { name: claim.name, title: claim.title, result: claim.result, number: claim.number,
    kind: words.kinds[claim.kind], issued_on: prose(claim.issuedOn) };
  for (const part of Object.keys(rows)) say(`paper-${part}`, rows[part]);
  document.getElementById('paper').hidden = false;
}

function mark(part) {
  const row = document.getElementById(`paper-row-${part}`);
  if (row) row.setAttribute('data-differs', '');
}

function compare(claim, commit) {
  const found = differences(claim, commit);
  if (found.length) {
    const parts = found.map((part) => words.parts[part]).join(words.comma);
    verdict('uncertain', words.differ.replace('{parts}', parts));
    for (const part of found) mark(part);
    return done(words.differs_checked);
  }
  document.querySelector('#holder-name span').textContent = claim.name;
  return done(words.agrees);
}

async function check() {
  const digits = digitsOf(location.href);
  if (!digits) return done(words.no_fragment);
  let signed;
  try {
    signed = parseFragment(digits);
  } catch (error) {
    if (!(error instanceof BadClaim)) throw error;
    verdict('forged', words.damaged);
    return done(words.damaged_checked);
  }
  const key = keys.find((candidate) => candidate.kid === signed.kid);
  if (!key || !(await verifies(key.key, signed.signature, signed.message))) {
    verdict('forged', key ? words.forged : words.unknown_key);
    return done(words.damaged_checked);
  }
  const commit = await sha256(signed.message);
  showPaper(signed.claim);
  if (!register) {
    // Of a row that is there and cannot be read the page says so.
    if (document.getElementById('verdict').dataset.verdict === 'unregistered') verdict('unregistered', words.signed_unregistered);
    return done(words.unregistered_checked);
  }
  if (signed.claim.id !== register.id) {
    verdict('uncertain', words.differ.replace('{parts}', words.parts.id));
    return done(words.differs_checked);
  }
  return compare(signed.claim, commit);
}

function run() {
  check().catch(() => done(words.cannot_check));
}

// The certificate's address without its fragment, also where a query led here: whoever gets it sees the masked name only.
async function share() {
  const url = `${location.origin}/v/${register.id}`;
  if (navigator.share) return navigator.share({ title: document.title, url }).catch(() => {});
  await navigator.clipboard.writeText(url);
  return say('shared', words.shared);
}

function offerToHandOn() {
  const place = document.getElementById('hand-on');
  if (!place) return;
  document.getElementById('share').addEventListener('click', share);
  document.getElementById('print').addEventListener('click', () => window.print());
  document.getElementById('share').hidden = !navigator.share && !navigator.clipboard;
  place.hidden = false;
}

offerToHandOn();
run();
window.addEventListener('hashchange', () => digitsOf(location.href) && location.reload());
