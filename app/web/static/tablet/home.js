// "My sheets": the list from the tablet's own memory, brought up to date when the server answers.
import { useTheme } from './theme.js';
import { SigningOn, backup, keepPages, startWorker, storage, whenWorkerChanges } from './device.js';
import * as door from './door.js';
import { fill } from './paint.js';
import { leave, watchPresence } from './presence.js';
import { Sender, listen } from './sender.js';
import * as store from './store.js';

const words = JSON.parse(document.getElementById('words').textContent);
const byId = (id) => document.getElementById(id);
const GIGA = 2 ** 30;
let device = { status: 'reading' };
let signing = 'asking'; // what came of signing on

async function show() {
  const known = await store.meta();
  const actor = await store.actor();
  const { sheets, waiting, rejected, files, refusedFiles, ...kept } = await store.readHome(actor?.account);
  const isLocked = Boolean(known.shared && !actor && !known.revoked);
  byId('judge').textContent = actor?.name ?? '';
  byId('label').textContent = known.label ?? '';
  byId('pending').textContent = String(waiting.length + files);
  byId('rejected').textContent = String(rejected.length + refusedFiles);
  byId('nothing').hidden = Boolean(sheets.length) || !actor;
  byId('door').hidden = !isLocked;
  byId('unpaired').hidden = isLocked || (Boolean(actor) && signing !== 'signed_out') || Boolean(known.shared && !known.revoked);
  byId('leave').hidden = !known.shared || !actor;
  const notice = byId('notice');
  notice.hidden = !known.revoked && (signing !== 'signed_out' || !waiting.length || Boolean(known.shared));
  notice.textContent = known.revoked ? words.revoked : words.sign_in_to_send;
  const groups = new Map();
  const isDone = (sheet) => Number((sheet.status ?? 'open') !== 'open');
  for (const sheet of sheets.sort((one, other) => isDone(one) - isDone(other) || one.order - other.order)) {
    if (!groups.has(sheet.ledger)) groups.set(sheet.ledger, []);
    groups.get(sheet.ledger).push(sheet);
  }
  byId('sheets').replaceChildren(...[...groups].map(([ledger, members]) => section(ledger, members, { waiting, ...kept })));
  byId('bar').dataset.state = !known.token || known.revoked ? 'unpaired' : signing === 'signed_out' ? signing : device.status;
  byId('state').textContent = line(waiting.length, { files, refusedFiles }, { isLocked, known });
  keep(sheets);
}

function line(count, { files, refusedFiles }, { isLocked, known }) {
  if (isOpening) return words.opening;
  if (known.revoked) return words.unpaired;
  if (count) return fill(device.status === 'offline' ? words.waiting : words.sending, { count });
  if (files) return fill(words.files, { count: files });
  if (isLocked) return words.locked;
  if (refusedFiles) return fill(words.files_refused, { count: refusedFiles });
  if (signing === 'asking' && device.status === 'reading') return words.asking;
  if (signing === 'offline' && device.status !== 'ok') return known.token ? words.received_offline : words.unreached;
  if (signing === 'refused') return words.refused;
  if (!known.token) return words.unpaired;
  if (signing === 'signed_out') return words.signed_out;
  return { offline: words.received_offline, reading: words.read }[device.status] ?? words.received;
}

function section(ledger, sheets, known) {
  const made = element('section', 'ledger');
  made.append(element('h2', '', ledger));
  const list = element('ul', 'sheets');
  for (const sheet of sheets) list.append(item(sheet, known));
  made.append(list);
  return made;
}

function item(sheet, { marked, waiting, untold, refusals }) {
  const made = element('li');
  const refused = refusals.filter(isSubmissionOf(sheet)).pop(); // its judge may have gone before the answer
  const status = statusOf(sheet, { waiting, untold, refused });
  const link = element('a', `sheet-link ${status}`);
  link.href = `/j/sheets/${sheet.key}`;
  const code = element('span', 'code');
  code.append(element('small', '', sheet.subject_word), element('b', '', sheet.code));
  const about = element('span', 'about');
  about.append(element('span', 'title', sheet.form_title));
  if (sheet.station) about.append(element('span', 'station', fill(words.station, { station: sheet.station })));
  const count = marked.get(sheet.key)?.size ?? 0;
  about.append(element('span', `status ${status}`, fill(words[`status_${status}`], { marked: count, of: sheet.aspect_count })));
  if (status === 'returned' && refused) about.append(element('span', 'why', words[`fault_${refused.code}`] ?? words.submit_refused));
  link.append(code, about);
  made.append(link);
  return made;
}

const isSubmissionOf = (sheet) => (entry) => entry.sheet === sheet.key && entry.act === 'submit';

function statusOf(sheet, { waiting, untold, refused }) {
  if (sheet.status !== 'open') return sheet.status;
  if (waiting.some(isSubmissionOf(sheet))) return 'submitting';
  if (untold.some(isSubmissionOf(sheet))) return 'submitted';
  return sheet.reason || refused ? 'returned' : 'open';
}

function element(name, className = '', content = '') {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (content) made.textContent = content;
  return made;
}

let canKeep = false;

const signingOn = new SigningOn((said) => {
  signing = said.status;
  if (signing === 'ended') showDigits(words.ended);
  if (isPart) keptSchemes = '';
  show();
});

// A list that is new has all its pages kept; later what is missing, when a scheme has changed or at
// the next sign-on.
let keptList = '';
let keptSchemes = '';
let isPart = false;
let keeping = Promise.resolve();
function keep(sheets) {
  if (!canKeep || ['asking', 'offline'].includes(signing)) return;
  const all = (name) => JSON.stringify(sheets.map((sheet) => [sheet.key, sheet[name]]).sort());
  const [list, schemes] = [all('aspect_count'), all('scheme')];
  if (list === keptList && schemes === keptSchemes) return;
  const isKnown = list === keptList;
  [keptList, keptSchemes] = [list, schemes];
  if (!isKnown) byId('offline').textContent = words.keeping;
  keeping = keeping.then(async () => {
    const kept = await keepPages(sheets.map((sheet) => sheet.key), isKnown);
    isPart = kept.missing > 0;
    byId('offline').textContent = fill(isPart ? words.kept_part : words.kept, kept);
  }).catch(() => {});
}

whenWorkerChanges(() => {
  keptSchemes = '';
  show();
});

// ---- the door of a shared tablet ----

const LENGTH = 8;
let digits = '';

function showDigits(fault = '') {
  byId('digits').textContent = `${digits.padEnd(LENGTH, '·').slice(0, 4)} ${digits.padEnd(LENGTH, '·').slice(4)}`;
  byId('door-fault').textContent = fault;
}

async function press(key) {
  if (key === 'back') digits = digits.slice(0, -1);
  else if (key !== 'open') digits = (digits + key).slice(0, LENGTH);
  showDigits();
  if (digits.length === LENGTH && key !== 'back') await openDoor();
}

let isOpening = false;
async function openDoor() {
  if (isOpening) return;
  isOpening = true;
  byId('state').textContent = words.opening;
  const said = await door.openWith(digits).catch(() => ({ status: 'offline' }));
  isOpening = false;
  digits = '';
  showDigits(said.status === 'ok' ? '' : words[said.status] ?? words.wrong_number);
  if (said.sheets) signing = 'ok';
  await show();
  if (said.status !== 'ok') return;
  sender.soon(0);
  if (said.isAlone) signingOn.now();
}

byId('door-keys').addEventListener('click', (event) => {
  const key = event.target.closest('button')?.dataset.digit;
  if (key) press(key);
});

addEventListener('keydown', (event) => {
  if (byId('door').hidden || event.ctrlKey || event.metaKey) return;
  if (/^\d$/.test(event.key)) press(event.key);
  else if (event.key === 'Backspace') press('back');
});

// The camera reads a badge; any other camera opens the same address. What reads it is opened when it
// is asked for first.
async function scan() {
  showDigits();
  const video = byId('camera');
  const read = await import('../qr_reader.js').then(({ reader }) => reader()).catch(() => null);
  if (!read) {
    showDigits(words.no_reader);
    return;
  }
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  video.srcObject = stream;
  video.hidden = false;
  await video.play();
  const until = Date.now() + 30000;
  let found = '';
  while (!found && Date.now() < until) {
    const [text] = await read(frameOf(video)).catch(() => []);
    found = /#badge=(\d{8})$/.exec(text ?? '')?.[1] ?? '';
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  for (const track of stream.getTracks()) track.stop();
  video.hidden = true;
  if (!found) {
    showDigits(words.no_code_seen);
    return;
  }
  digits = found;
  await openDoor();
}

function frameOf(video) {
  const canvas = document.createElement('canvas');
  const scale = Math.min(1, 800 / Math.max(video.videoWidth, video.videoHeight));
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext('2d').drawImage(video, 0, 0, canvas.width, canvas.height);
  return canvas;
}

let isScanning = false;
byId('scan').hidden = !navigator.mediaDevices?.getUserMedia;
byId('scan').addEventListener('click', async () => {
  if (isScanning) return;
  isScanning = true;
  await scan().catch(() => showDigits(words.no_camera));
  isScanning = false;
});

async function depart() {
  await leave();
  await show();
  signingOn.now(); // tells the house
}

byId('leave').addEventListener('click', depart);
watchPresence({ onIdle: depart, onLeft: show });

// ---- making a tablet known ----

async function pair(code) {
  const said = await door.pair(code).catch(() => ({ status: 'offline' }));
  byId('pairing-fault').textContent = said.status === 'ok' ? '' : words[said.status];
  await show();
  if (said.status === 'ok') byId('state').textContent = fill(words.paired, said);
}

byId('pairing').addEventListener('submit', (event) => {
  event.preventDefault();
  pair(byId('pairing-code').value.trim());
});

// What a QR brought in the address; it does not stay there.
async function takeAddress() {
  const [, what, code] = /^#(pair|badge)=(\w+)$/.exec(location.hash) ?? [];
  if (!what) return;
  history.replaceState(null, '', location.pathname);
  if (what === 'pair') await pair(code);
  else {
    digits = code;
    await openDoor();
  }
}

addEventListener('hashchange', takeAddress); // scanned while this page was open

async function showStorage() {
  const { free, persisted } = await storage();
  byId('persist').hidden = persisted || !navigator.storage?.persist;
  const size = free === null ? '' : fill(words.free, { size: (free / GIGA).toFixed(1) });
  byId('storage').textContent = `${persisted ? words.persisted : words.not_persisted} ${size}`;
  const isLow = free !== null && free < GIGA / 10;
  byId('storage').classList.toggle('bad', isLow);
  byId('space').hidden = !isLow;
  byId('space').textContent = isLow ? fill(words.low_space, { size: Math.floor((free / GIGA) * 1024) }) : '';
}

byId('persist').addEventListener('click', () => navigator.storage.persist().then(showStorage));

byId('export').addEventListener('click', async () => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await backup());
  link.download = `marks-${new Date().toISOString().slice(0, 16).replace(/[:T]/g, '-')}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
});

const sender = new Sender((state) => {
  if (state.status) device = state;
  if (state.status === 'ok') signingOn.hurry();
  show();
});

listen(({ type }) => type !== 'touched' && show());
useTheme();
showDigits();
await show();
byId('home').inert = false;
await takeAddress();
document.body.dataset.ready = 'yes';
canKeep = await startWorker();
if (!canKeep) byId('offline').textContent = words.no_worker;
signingOn.now();
showStorage();
sender.soon(0);
