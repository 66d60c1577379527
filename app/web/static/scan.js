// /verify as an app: scan with the camera or read a picture, and judge here by the bundle that is held.

import { checkpointOf, grewOut, isSigned, unbase64 } from './log.js';
import { fetched, keep, kept } from './kept_bundle.js';
import { offer, pinned, whenTaken } from './log_key.js';
import { judge, openBundle, outOfDate, wentBack } from './offline.js';
import { reader } from './qr_reader.js';

const place = document.getElementById('scan');
const words = JSON.parse(place.dataset.words);
const video = document.getElementById('scan-video');
const SEEN = 'verify-log-seen';
const NOTICE = '/verify#log=';
// What the site answers to a checkpoint: it holds it or not. One of an earlier key it cannot take in; what this device
// computed decides then.
const TOLD = new Map([['LogWouldFork', false], ['NoKnownWitness', true], ['NotOurCheckpoint', true]]);
const PAUSE = 120;
const LONGEST_SIDE = 1600;
let payload = null;
let missing = 'no_bundle';
let decoder = null;
let stream = null;

function say(id, text) {
  document.getElementById(id).textContent = text;
}

function moment(text) {
  return new Date(text).toLocaleString(document.documentElement.lang, { timeZone: 'Asia/Shanghai', dateStyle: 'medium', timeStyle: 'short' });
}

// A sentence with the moments that it speaks of.
function dated(sentence) {
  const moments = { as_of: payload && payload.as_of, until: payload && payload.valid_until, now: Date.now() };
  return sentence.replace(/\{(as_of|until|now)\}/g, (blank, name) => moment(moments[name]));
}

// The log as this device last saw it, and whether the site went back behind that.
function seen(latest, behind = false) {
  try {
    if (latest) localStorage.setItem(SEEN, JSON.stringify({ as_of: latest.as_of, checkpoint: latest.checkpoint, behind }));
    const kept = JSON.parse(localStorage.getItem(SEEN));
    return kept && typeof kept.checkpoint === 'string' && Date.parse(kept.as_of) ? kept : null;
  } catch (error) {
    return null;
  }
}

// Hand in what this device remembers of the log; return whether the site holds that, null where it did not answer.
async function handIn(checkpoint) {
  try {
    const asked = { method: 'POST', body: checkpoint, headers: { 'Content-Type': 'text/plain', Accept: 'application/json' }, credentials: 'omit' };
    const answer = await (await fetch('/api/v1/log/cosignatures', asked)).json();
    if (answer.error) return TOLD.has(answer.error.name) ? TOLD.get(answer.error.name) : null;
    return Array.isArray(answer.witnesses) || null;
  } catch (error) {
    return null; // No network, or the site is busy: the next time will do.
  }
}

async function tile(address) {
  const answer = await fetch(`/log/${address}`, { credentials: 'omit' });
  if (!answer.ok) throw new Error(address);
  return new Uint8Array(await answer.arrayBuffer());
}

// Whether the site's log grew out of what was seen before, computed here; null where the site did not give what it takes.
async function grew(earlier, latest) {
  try {
    return await grewOut(checkpointOf(earlier), checkpointOf(latest), tile);
  } catch (error) {
    return null;
  }
}

// A log only grows. Every device that was here before sees it, and tells the site, when it does not.
// What it saw is its evidence: kept until the site says that it holds it.
async function compareLog(found) {
  const earlier = seen();
  if (!earlier) return seen(found);
  const isLater = found.checkpoint !== earlier.checkpoint && Date.parse(found.as_of) > Date.parse(earlier.as_of);
  if (!isLater && !earlier.behind) return undefined;
  const [said, isProven] = await Promise.all([handIn(earlier.checkpoint), grew(earlier.checkpoint, found.checkpoint)]);
  const isHeld = isProven === false && isLater ? false : said;
  if (isHeld === false || wentBack(earlier, found) || (isHeld === null && earlier.behind)) {
    seen(earlier, true);
    throw new Error(said === null ? 'went_back_untold' : 'went_back');
  }
  return isHeld && (isProven || !isLater) && seen(isLater ? found : earlier);
}

// A device that saw the log go back confirms nothing until the site answers for it.
function isBehind() {
  const latest = seen();
  return Boolean(latest && latest.behind);
}

// Why the site's bundle was not accepted; empty where it was.
async function accept() {
  try {
    const bundle = await fetched();
    const found = await openBundle(bundle, pinned());
    await compareLog(found);
    payload = found;
    pinned(payload.log_vkey);
    await keep(bundle);
    await offer('');
    return '';
  } catch (error) {
    if (error.vkey) await offer(error.vkey);
    if (isBehind()) return error.message === 'went_back' ? error.message : 'went_back_untold';
    return error.vkey ? 'other_key' : 'no_bundle';
  }
}

async function refresh() {
  const why = await accept();
  const isBack = why.startsWith('went_back');
  if (why) payload = isBack ? null : await kept(pinned());
  missing = isBack ? 'went_back' : why;
  say('scan-as-of', payload ? dated(words[outOfDate(payload, Date.now()) || 'as_of']) : words[why]);
  place.dataset.ready = payload ? 'yes' : 'no';
}

function drawn(source, width, height, scale) {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.getContext('2d', { willReadFrequently: true }).drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
}

async function textsIn(source, width, height) {
  decoder = decoder || (await reader({ every: true }));
  const fits = Math.min(1, LONGEST_SIDE / Math.max(width, height));
  for (const scale of [fits, fits / 2, Math.min(1, fits * 2)]) {
    const texts = await decoder(drawn(source, width, height, scale));
    if (texts.length) return texts;
  }
  return [];
}

// A printed notice holds a checkpoint: is the site's log still one that grew out of it? What was printed before the log's
// key was replaced is not signed by the present one, and can still be compared.
async function judgeNotice(text) {
  let note = '';
  let isOurs = false;
  let isPast = false;
  try {
    note = new TextDecoder('utf-8', { fatal: true }).decode(unbase64(text.slice(text.indexOf(NOTICE) + NOTICE.length)));
    isPast = checkpointOf(note).size <= checkpointOf(payload.checkpoint).size;
    isOurs = await isSigned(note, payload.log_vkey);
  } catch (error) {
    isOurs = false;
  }
  if (!isOurs && !isPast) return { verdict: 'forged', why: 'notice_signature' };
  if (!isPast && !navigator.onLine) return { verdict: 'uncertain', why: 'notice_untold' };
  const isSame = await grew(note, payload.checkpoint);
  if (isSame) return { verdict: 'valid', word: 'same', why: isOurs ? 'notice_same' : 'notice_earlier' };
  if (isSame === null) return { verdict: 'uncertain', why: isOurs ? 'notice_untold' : 'notice_other' };
  if (!isOurs) return { verdict: 'forged', why: 'notice_signature' };
  await handIn(note);
  return { verdict: 'forged', word: 'differs', why: 'notice_differs' };
}

function show(text, found) {
  const box = document.getElementById('scan-verdict');
  box.dataset.verdict = found.verdict;
  say('scan-word', words.verdicts[found.word || found.verdict]);
  say('scan-sentence', dated(words.why[found.why]));
  const facts = document.getElementById('scan-facts');
  facts.hidden = !found.claim;
  const claim = found.claim || {};
  for (const part of ['name', 'title', 'number']) say(`scan-${part}`, claim[part] || '');
  say('scan-result-text', claim.result || '');
  say('scan-kind', claim.kind ? words.kinds[claim.kind] : '');
  say('scan-issued_on', claim.issuedOn || '');
  const link = document.getElementById('scan-register');
  link.hidden = ['damaged', 'address', 'not_ours'].includes(found.why) || text.includes(NOTICE);
  const id = claim.id || found.id;
  link.href = id ? `/v/${id}${text.includes('#') ? text.slice(text.indexOf('#')) : ''}` : '/verify';
  document.getElementById('scan-result').hidden = false;
  box.focus();
}

async function judged(text) {
  if (!payload) return { verdict: 'uncertain', why: missing };
  return text.includes(NOTICE) ? judgeNotice(text) : judge(text, payload, Date.now());
}

async function take(texts) {
  if (!texts.length) return false;
  const ours = [...new Set(texts.filter((candidate) => candidate.includes('/v/')))];
  const text = ours[0] || texts[0];
  say('scan-several', words.several.replace('{count}', ours.length));
  document.getElementById('scan-several').hidden = ours.length < 2;
  if (!payload) await refresh();
  let found = await judged(text);
  if (found.why === 'unknown_key' && navigator.onLine) {
    await refresh();
    found = await judged(text);
  }
  show(text, found);
  return true;
}

function stop() {
  if (stream) stream.getTracks().forEach((track) => track.stop());
  stream = null;
  video.hidden = true;
  document.getElementById('scan-camera').textContent = words.open_camera;
}

async function look() {
  while (stream) {
    if (video.videoWidth && (await take(await textsIn(video, video.videoWidth, video.videoHeight)))) return stop();
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  return undefined;
}

async function camera() {
  if (stream) return stop();
  say('scan-problem', '');
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1920 } } });
  } catch (error) {
    return say('scan-problem', words.no_camera);
  }
  video.srcObject = stream;
  video.hidden = false;
  document.getElementById('scan-camera').textContent = words.close_camera;
  await video.play();
  return look();
}

async function picture(file) {
  say('scan-problem', '');
  if (!window.createImageBitmap) return say('scan-problem', words.upload_instead);
  let image;
  try {
    image = await createImageBitmap(file);
  } catch (error) {
    return say('scan-problem', words.no_picture);
  }
  if (!(await take(await textsIn(image, image.width, image.height)))) say('scan-problem', words.no_symbol);
  return undefined;
}

document.getElementById('scan-camera').addEventListener('click', () => camera().catch(() => say('scan-problem', words.cannot_scan)));
document.getElementById('scan-picture').addEventListener('change', (event) => {
  if (event.target.files.length) picture(event.target.files[0]).catch(() => say('scan-problem', words.cannot_scan));
});
for (const name of ['dragover', 'drop']) {
  document.addEventListener(name, (event) => {
    if (![...event.dataTransfer.types].includes('Files')) return;
    event.preventDefault();
    const file = name === 'drop' ? event.dataTransfer.files[0] : null;
    if (!file) return;
    if (file.type === 'application/pdf') {
      const input = document.getElementById('file');
      input.files = event.dataTransfer.files;
      input.form.querySelector('button').click();
    } else picture(file).catch(() => say('scan-problem', words.cannot_scan));
  });
}

whenTaken(refresh);
// What is kept serves until the network has answered.
kept(pinned()).then((found) => { payload = payload || (isBehind() ? null : found); });
place.hidden = false;
if (!navigator.mediaDevices) document.getElementById('scan-camera').hidden = true;
// Who scans a printed notice with any camera comes here with its checkpoint behind "#".
const opened = () => (window.location.href.includes(NOTICE) ? take([window.location.href]) : undefined);
refresh().then(opened);
window.addEventListener('hashchange', opened);
window.addEventListener('online', refresh);
if ('serviceWorker' in navigator) navigator.serviceWorker.register('/verify/sw.js', { scope: '/verify', updateViaCache: 'none' }).catch(() => {});
