// "My sheets": the list from the tablet's own memory, brought up to date when the server answers.
import { backup, keepPages, signOn, startWorker, storage } from './device.js';
import { fill } from './paint.js';
import { Sender, listen } from './sender.js';
import * as store from './store.js';

const words = JSON.parse(document.getElementById('words').textContent);
const byId = (id) => document.getElementById(id);
const GIGA = 2 ** 30;
let device = { status: 'reading' };
let signedOut = false;

async function show() {
  const { actor } = await store.meta();
  const { sheets, marked, waiting, rejected } = await store.readHome(actor?.account);
  byId('judge').textContent = actor?.name ?? '';
  byId('pending').textContent = String(waiting.length);
  byId('rejected').textContent = String(rejected.length);
  byId('nothing').hidden = Boolean(sheets.length) || !actor;
  byId('sign-in').hidden = !signedOut && Boolean(actor);
  const notice = byId('notice');
  notice.hidden = !signedOut || !waiting.length;
  notice.textContent = words.sign_in_to_send;
  const groups = new Map();
  for (const sheet of sheets.sort((one, other) => one.order - other.order)) {
    if (!groups.has(sheet.ledger)) groups.set(sheet.ledger, []);
    groups.get(sheet.ledger).push(sheet);
  }
  byId('sheets').replaceChildren(...[...groups].map(([ledger, members]) => section(ledger, members, marked, waiting)));
  byId('state').textContent = line(waiting.length);
}

function line(count) {
  if (signedOut) return words.signed_out;
  if (count) return fill(device.status === 'offline' ? words.waiting : words.sending, { count });
  return { offline: words.received_offline, reading: words.read }[device.status] ?? words.received;
}

function section(ledger, sheets, marked, waiting) {
  const made = element('section', 'ledger');
  made.append(element('h2', '', ledger));
  const list = element('ul', 'sheets');
  for (const sheet of sheets) list.append(item(sheet, marked.get(sheet.key)?.size ?? 0, waiting));
  made.append(list);
  return made;
}

function item(sheet, count, waiting) {
  const made = element('li');
  const link = element('a', `sheet-link ${statusOf(sheet, waiting)}`);
  link.href = `/j/sheets/${sheet.key}`;
  const code = element('span', 'code');
  code.append(element('small', '', sheet.subject_word), element('b', '', sheet.code));
  const about = element('span', 'about');
  about.append(element('span', 'title', sheet.form_title));
  if (sheet.station) about.append(element('span', 'station', fill(words.station, { station: sheet.station })));
  const status = statusOf(sheet, waiting);
  about.append(element('span', `status ${status}`, fill(words[`status_${status}`], { marked: count, of: sheet.aspect_count })));
  link.append(code, about);
  made.append(link);
  return made;
}

function statusOf(sheet, waiting) {
  if (sheet.status === 'open' && waiting.some((entry) => entry.sheet === sheet.key && entry.act === 'submit')) return 'submitting';
  return sheet.status === 'open' && sheet.reason ? 'returned' : sheet.status;
}

function element(name, className = '', content = '') {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (content) made.textContent = content;
  return made;
}

async function refresh() {
  const canKeep = await startWorker();
  if (!canKeep) byId('offline').textContent = words.no_worker;
  try {
    const said = await signOn();
    signedOut = said.status === 'signed_out';
    if (said.status === 'ok' && canKeep) {
      keepPages(['/j/', ...said.sheets.map((sheet) => `/j/sheets/${sheet.key}`)]).then((kept) => {
        byId('offline').textContent = fill(kept.missing ? words.kept_part : words.kept, kept);
      });
    }
  } catch {
    device = { status: 'offline' };
  }
  await show();
}

async function showStorage() {
  const { free, persisted } = await storage();
  byId('persist').hidden = persisted || !navigator.storage?.persist;
  const size = free === null ? '' : fill(words.free, { size: (free / GIGA).toFixed(1) });
  byId('storage').textContent = `${persisted ? words.persisted : words.not_persisted} ${size}`;
  byId('storage').classList.toggle('bad', free !== null && free < GIGA / 10);
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
  show();
});

listen(() => show());
await show();
byId('home').inert = false;
document.body.dataset.ready = 'yes';
await refresh();
showStorage();
sender.soon(0);
