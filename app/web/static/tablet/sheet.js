// One sheet: every touch becomes an entry in IndexedDB before the screen says so.
import './press.js';
import { isBounce } from './bounce.js';
import { e4, faultOf, headsOf, isConflict, present, same, text } from './cells.js';
import { Keypad } from './keypad.js';
import { Sender, fetchFile, listen, tell } from './sender.js';
import { SigningOn, keepAwake, keepMissing, startWorker, whenWorkerChanges } from './device.js';
import * as store from './store.js';
import { NoteDialog, PhotoDialog, canKeepFiles, keepable } from './notes.js';
import { fill, isApart, paintCard, paintConflict, paintNotes, paintOthers, paintTouch, put, say } from './paint.js';
import { Place } from './place.js';
import { leave, watchPresence } from './presence.js';
import { SigningPad } from './signing.js';
import { Stopwatch } from './stopwatch.js';
import { useTheme } from './theme.js';
import { timeOf, uuid7 } from './uuid7.js';
import { sumOf } from './worth.js';

const words = JSON.parse(document.getElementById('words').textContent);
const main = document.getElementById('sheet');
const { key, seat, scheme } = main.dataset;
const spread = Number(main.dataset.spread);
const FAREWELL = 5; // seconds that a handed-in sheet stands on a shared tablet
const cards = new Map([...document.querySelectorAll('.aspect')].map((card) => [card.dataset.aspect, card]));
const limit = (value) => (value === '' ? null : Number(value));
const rules = new Map(
  [...cards].map(([name, { dataset }]) => [
    name,
    { low: limit(dataset.low), high: limit(dataset.high), grain: Number(dataset.grain), stride: Number(dataset.stride) },
  ]),
);

let actor = null;
let sheet = null;
let view = new Map(); // aspect -> { heads, others, code }
let writing = []; // entries whose transaction is not done yet
const appended = []; // all that was touched in this window
const typed = new Map(); // aspect -> which reading was the last when its field changed
let inFlight = new Set();
let waiting = 0;
let files = 0;
let refusedFiles = 0;
let isShared = false;
let failed = false;
let submission = null;
let isHandingIn = false; // agreed to, and its signatures are not sealed yet
let device = { status: 'reading' };
let canKeep = false;

const place = new Place(words, () => paintAll());
const cellOf = (aspect) => `${aspect}:${seat}`;
const aspectOf = (cell) => cell.slice(0, cell.length - seat.length - 1);

// ---- reading and showing ----

let loads = 0;
let latest = null;
async function load() {
  loads += 1;
  const done = readAndShow(loads);
  latest = done;
  await done;
  if (latest !== done) await latest;
}

async function readAndShow(turn) {
  const [unsure, from] = [[...writing], appended.length];
  const found = await store.readSheet(key);
  if (turn !== loads) return; // a later reading knows more
  actor = found.actor ?? null;
  sheet = found.sheet ?? null;
  // What was touched while this was read may be missing in it.
  const read = new Set([...found.waiting, ...found.accepted, ...found.held, ...found.rejected].map((entry) => entry.id));
  const entries = [...found.waiting, ...[...unsure, ...appended.slice(from)].filter((entry) => !read.has(entry.id))];
  waiting = entries.length;
  ({ files, refusedFiles } = found);
  isShared = found.isShared;
  const untold = found.accepted.filter((entry) => entry.since !== undefined && entry.since === sheet?.version);
  submission = [...untold, ...entries].find((entry) => entry.act === 'submit') ?? null;
  const told = new Set(found.notes.map((note) => note.id));
  const notes = [
    ...found.notes,
    ...[...found.accepted, ...found.held, ...entries]
      .filter((entry) => entry.act === 'note' && !told.has(entry.id))
      .map(({ id, cell, reason, files: photos }) => ({ id, cell, text: reason, files: photos ?? [] })),
  ];
  const trouble = new Map([...found.held, ...found.rejected].map((entry) => [entry.cell, entry]));
  const made = [...found.accepted, ...entries].filter((entry) => entry.act === 'mark');
  const ids = new Set(made.map((entry) => entry.id));
  // What was held or refused is settled by a later mark of our own, by its own arrival in a backup file,
  // or by the desk after the answer. The clocks of tablets may be hours apart: none is asked about what is
  // held, since only the desk decides on it.
  const isAfter = (head, late) => !ids.has(head.id) && timeOf(head.id) > (late.judged ?? timeOf(late.id));
  const isSettled = (late, heads) =>
    made.some((entry) => entry.cell === late.cell && (entry.seq ?? Infinity) > late.seq) ||
    heads.some((head) => head.id === late.id || (isAfter(head, late) && (head.dev === 'desk' || late.state === store.REJECTED)));
  const seen = new Map();
  for (const aspect of cards.keys()) {
    const cell = cellOf(aspect);
    const said = found.server.get(cell);
    const own = [...untold, ...entries].filter((entry) => entry.act === 'mark' && entry.cell === cell);
    const late = trouble.get(cell);
    seen.set(aspect, {
      heads: headsOf(said?.heads ?? [], own),
      others: said?.others ?? null,
      talk: said?.talk ?? '',
      most: said?.most ?? spread, // this page may be of a day when the rules were others
      hasWord: own.some(isWord),
      isTold: own.length === 0, // the server knows of all that was marked here
      trouble: late && !isSettled(late, said?.heads ?? []) ? late : null,
      draft: (typed.get(aspect) ?? 0) >= turn ? view.get(aspect).draft : found.drafts.get(cell) ?? null,
      notes: notes.filter((note) => note.cell === cell),
    });
  }
  view = seen;
  keepChanged([found.sheet, ...found.beside]);
  place.show(found, isOpen());
  paintAll();
  const last = [...found.accepted, ...found.rejected].filter((entry) => entry.act === 'submit').sort((one, other) => one.seq - other.seq).pop();
  paintNotice(last?.state === store.REJECTED && !submission && sheet?.status === 'open' ? last : null);
}

// A page of a scheme that has changed opens nothing: the new one is kept as soon as it is known.
let schemes = '';
function keepChanged(sheets) {
  const found = sheets.map((one) => one?.scheme ?? '').join(' ');
  if (canKeep && schemes && found !== schemes) keepMissing().catch(() => {});
  schemes = found;
}

function paintAll() {
  for (const aspect of cards.keys()) paint(aspect);
  paintBar();
  paintLater();
}

function paint(aspect) {
  const card = cards.get(aspect);
  const cell = view.get(aspect);
  paintCard(card, cell, { words, inFlight, isZeroed: zeroed().has(aspect) });
  paintConflict(card, cell, words);
  paintOthers(card, cell, { words, talk: talkOf(cell) });
  paintNotes(card, cell, words);
}

// Scores too far apart are talked over: whether this seat still owes its word, or has "given" it. The
// server says so, by the rules of today; what was just marked here counts already.
const isWord = (entry) => Boolean(entry.reason) && entry.mark !== 'cleared' && entry.reason !== words.decided;
function talkOf(cell) {
  const talk = cell.talk || (!cell.isTold && isApart(cell) ? 'owed' : '');
  return talk === 'owed' && cell.hasWord ? 'given' : talk;
}

// Aspects that a failed gate makes worthless need no mark.
const gates = [...cards].filter(([, card]) => card.dataset.kind === 'gate').map(([aspect, { dataset }]) => [aspect, dataset.zeroes.split(' ')]);
function zeroed() {
  const failedGates = gates.filter(([aspect]) => present(view.get(aspect)?.heads ?? [])?.v === '0');
  return new Set(failedGates.flatMap(([, names]) => names));
}

function openAspects() {
  const free = zeroed();
  return [...cards.keys()].filter((aspect) => !free.has(aspect) && isOwed(view.get(aspect)));
}
// Where nothing could be read, everything is open.
const isOwed = (cell) => !cell || !present(cell.heads) || talkOf(cell) === 'owed';

const byId = (id) => document.getElementById(id);

function paintBar() {
  const open = openAspects();
  say(byId('open-count'), String(open.length));
  byId('next-open').disabled = !open.length;
  put(byId('progress'), 'value', String(cards.size - open.length));
  say(byId('judge'), actor ? ` ${actor.name}` : '');
  say(byId('state'), failed ? words.not_saved : stateLine());
  put(byId('bar'), 'data-state', failed ? 'bad' : device.status);
  byId('submit').disabled = Boolean(open.length) || !isOpen();
  shut(!isOpen() || place.isOpen);
  main.classList.toggle('others', !isMine());
  return open;
}

// Where nothing may be marked, photos beside notes can still be seen.
const MARKING = '.choices, .stepper, .watch, .conflict, .discuss, .more';
function shut(isShut) {
  const list = byId('aspects');
  if (list.classList.contains('shut') === isShut) return;
  list.classList.toggle('shut', isShut);
  for (const part of list.querySelectorAll(MARKING)) part.inert = isShut;
}

function paintEnd(open) {
  say(byId('finish-text'), open.length ? fill(words.still_open, { count: open.length }) : words.all_marked);
  paintOpen(open);
  paintSum();
}

// What stands around the cards follows when the touch is painted and the browser has nothing better to do.
const whenIdle = globalThis.requestIdleCallback ?? ((work) => setTimeout(work, 100));
let isDue = false;
function paintLater() {
  if (isDue) return;
  isDue = true;
  whenIdle(() => {
    isDue = false;
    for (const entry of writing) if (entry.cell) paint(aspectOf(entry.cell));
    paintEnd(paintBar());
  }, { timeout: 250 });
}

function paintSum() {
  const line = document.getElementById('sum');
  if (line && isMine()) line.textContent = fill(words.sum, sumOf(cards, view, zeroed()));
}

// The links to what is open change seldom; 120 of them are not made anew at each touch.
let shownOpen = '';
function paintOpen(open) {
  const names = open.join(' ');
  if (names === shownOpen) return;
  shownOpen = names;
  const list = document.getElementById('finish-open');
  const wanted = new Set(open);
  const there = new Map([...list.children].map((link) => [link.textContent, link]));
  if (open.every((aspect) => there.has(aspect))) {
    for (const [aspect, link] of there) if (!wanted.has(aspect)) link.remove();
  } else list.replaceChildren(...open.map(linkTo));
}

function linkTo(aspect) {
  const link = document.createElement('a');
  link.href = `#aspect-${aspect}`;
  link.textContent = aspect;
  return link;
}

function stateLine() {
  if (isHandingIn) return words.cell_writing;
  if (waiting) {
    if (inFlight.size) return fill(words.sending, { count: waiting });
    const why = { offline: 'waiting', signed_out: 'waiting_sign_in', unpaired: 'waiting_sign_in' }[device.status] ?? 'saved_here';
    return fill(words[why], { count: waiting });
  }
  if (files) return fill(words.files_waiting, { count: files });
  if (refusedFiles) return fill(words.files_refused, { count: refusedFiles });
  if (device.status === 'reading') return words.read;
  return device.status === 'offline' ? words.received_offline : words.received;
}

const isMine = () => Boolean(actor && sheet && sheet.account === actor.account);
// The scheme has changed since this page was opened: the judge goes on with the new sheet.
const isPast = () => Boolean(sheet?.scheme && sheet.scheme !== scheme);
const isOpen = () => isMine() && !submission && !isPast() && (sheet.status ?? 'open') === 'open';

function paintNotice(refused) {
  const notice = document.getElementById('notice');
  let line = '';
  if (failed) line = words.use_paper;
  else if (device.status === 'revoked') line = words.revoked;
  else if (!actor || !sheet) line = words.no_actor;
  else if (!isMine()) line = words.not_yours;
  else if (submission) line = words.submitted_here;
  else if (isPast()) line = words.scheme_changed;
  else if (sheet.status !== 'open') line = fill(words[sheet.status], { root: (sheet.root ?? '').slice(0, 16) });
  else if (refused) line = words[`fault_${refused.code}`] ?? words.submit_refused;
  else if (sheet.reason) line = sheet.reason === main.dataset.talk ? words.apart_back : fill(words.returned, { reason: sheet.reason });
  notice.textContent = line;
  notice.hidden = !line;
  const isDone = submission || ['submitted', 'signed', 'locked'].includes(sheet?.status);
  notice.classList.toggle('good', Boolean(isDone && isMine()));
  if (line && !failed && !isOpen()) {
    const home = document.createElement('a');
    home.href = '/j/';
    home.textContent = words.home;
    notice.append(home);
  }
}

// ---- writing ----

// What stands in a field counts more than a reading that began before.
function setDraft(aspect, draft) {
  view.get(aspect).draft = draft;
  typed.set(aspect, loads);
}

function record(aspect, mark, value, reason = '') {
  const cell = view.get(aspect);
  if (!isOpen() || place.isOpen) return;
  const wanted = { m: mark, v: value };
  if (!reason && !isConflict(cell.heads) && cell.heads.length && same(cell.heads[0], wanted)) {
    store.saveDraft(key, cellOf(aspect), '').catch(fail);
    setDraft(aspect, null);
    paint(aspect);
    return;
  }
  const parents = cell.heads.map((head) => head.id);
  if (store.mayComeIn(cell.trouble)) parents.push(cell.trouble.id);
  append({ act: 'mark', cell: cellOf(aspect), mark, value, parents, reason }, (entry) => {
    cell.heads = headsOf(cell.heads, [entry]);
    setDraft(aspect, null);
    cell.trouble = null;
    cell.hasWord ||= isWord(entry);
    cell.isTold = false;
    paintTouch(cards.get(aspect), cell);
    paintLater();
  });
}

function append(facts, show, kept = []) {
  const entry = {
    id: uuid7(), sheet: key, actor: actor.pass, account: actor.account, at: Date.now(), scheme, state: store.WAITING, version: sheet?.version, ...facts,
  };
  files += kept.length;
  const done = entry.act === 'mark' ? store.addTouch(entry) : store.addEntry(entry, kept);
  entry.saved = false;
  writing.push(entry);
  appended.push(entry);
  waiting += 1;
  show(entry);
  done.then(() => {
    entry.saved = true;
    writing = writing.filter((other) => other !== entry);
    for (const cell of view.values()) for (const head of cell.heads) if (head.id === entry.id && head.state === 'writing') head.state = 'saved';
    if (entry.cell) paint(aspectOf(entry.cell));
    paintLater();
    tell({ type: 'added' });
    sender.soon();
  }, fail);
}

function fail() {
  failed = true;
  document.body.classList.add('failed');
  paintNotice(null);
  paintBar();
}

function commit(field) {
  const card = field.closest('.aspect');
  const aspect = card.dataset.aspect;
  const cell = view.get(aspect);
  if (cell.draft === null) return true;
  const value = e4(field.value);
  const fault = field.value.trim() === '' ? '' : faultOf(value, rules.get(aspect));
  showFault(card, fault);
  if (fault) {
    paint(aspect);
    return false;
  }
  if (field.value.trim() === '') {
    setDraft(aspect, null);
    store.saveDraft(key, cellOf(aspect), '').catch(fail);
    paint(aspect);
  } else {
    record(aspect, 'marked', text(value));
  }
  return true;
}

function showFault(card, fault) {
  const line = card.querySelector('.fault');
  const field = card.querySelector('.number');
  say(line, fault ? fill(words[`number_${fault}`], { range: card.querySelector('.range').textContent }) : '');
  put(field, 'aria-invalid', String(Boolean(fault)));
  card.classList.toggle('at-fault', Boolean(fault));
}

function step(card, direction) {
  const aspect = card.dataset.aspect;
  const { low, high, stride } = rules.get(aspect);
  const now = present(view.get(aspect).heads);
  const from = now?.v === undefined || now.v === null ? (direction > 0 ? low ?? 0 : stride) : e4(now.v);
  const wanted = Math.min(Math.max(from + direction * stride, low ?? -Infinity), high ?? Infinity);
  setDraft(aspect, null);
  showFault(card, '');
  record(aspect, 'marked', text(wanted));
}

// ---- touches ----

const keypad = new Keypad(document.getElementById('keypad'), { onDone: (field) => commit(field) && toNext(field) });

function toNext(field) {
  const fields = [...document.querySelectorAll('.number')];
  const next = fields.slice(fields.indexOf(field) + 1).find((other) => !present(view.get(other.closest('.aspect').dataset.aspect).heads));
  if (next) next.focus();
  else field.blur();
}

main.addEventListener('change', (event) => {
  const choice = event.target;
  if (choice.type !== 'radio') return;
  const { aspect } = choice.closest('.aspect').dataset;
  if (talkOf(view.get(aspect)) !== 'owed') record(aspect, 'marked', choice.value);
  else {
    paint(aspect); // a new mark needs its word first
    discuss(aspect, choice.value);
  }
});

main.addEventListener('input', (event) => {
  const field = event.target;
  if (!field.classList.contains('number')) return;
  const aspect = field.closest('.aspect').dataset.aspect;
  setDraft(aspect, field.value);
  keypad.echo();
  paint(aspect);
  store.saveDraft(key, cellOf(aspect), field.value).catch(fail);
});

// Told by the fields alone: a touch of anything else calls nobody here.
for (const field of document.querySelectorAll('.number')) {
  field.addEventListener('focus', takeUp);
  field.addEventListener('blur', putDown);
}

function takeUp({ target: field }) {
  const card = field.closest('.aspect');
  const { low, grain } = rules.get(card.dataset.aspect);
  const found = field.value;
  field.select();
  // The tap's caret comes late; what was typed meanwhile must stay.
  setTimeout(() => document.activeElement === field && field.value === found && field.select(), 60);
  keypad.show(field, {
    title: card.querySelector('h3').textContent.trim(),
    range: card.querySelector('.range').textContent,
    isSigned: low === null || low < 0,
    isWhole: grain === 10000,
  });
}

function putDown(event) {
  commit(event.target);
  if (!event.relatedTarget?.classList?.contains('number')) keypad.hide();
}

main.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && event.target.classList.contains('number')) {
    event.preventDefault();
    if (commit(event.target)) toNext(event.target);
  }
});

main.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  const card = button?.closest('.aspect');
  if (!card || isBounce(button, event)) return;
  const aspect = card.dataset.aspect;
  if (button.dataset.step) step(card, Number(button.dataset.step));
  else if (button.dataset.put) {
    setDraft(aspect, null);
    showFault(card, '');
    record(aspect, 'marked', text(e4(button.dataset.put)));
  } else if ('note' in button.dataset) takeNote(aspect);
  else if (button.dataset.photo) photos.show(button.dataset.photo.split(' '));
  else if ('discuss' in button.dataset) discuss(aspect);
  else if (button.dataset.say) {
    if (talkOf(view.get(aspect)) === 'owed') discuss(aspect, button.dataset.say);
    else record(aspect, button.dataset.say, null);
  }
  else if (button.dataset.head) {
    const head = view.get(aspect).heads.find((other) => other.id === button.dataset.head);
    if (head) record(aspect, head.m, head.v ?? null, words.decided);
  } else if ('clear' in button.dataset) ask(document.getElementById('clear')).then((reason) => reason && record(aspect, 'cleared', null, reason));
});

// ---- notes and discussions ----

const noteDialog = new NoteDialog(document.getElementById('note'));
const photos = new PhotoDialog(document.getElementById('photos'), (digest) => store.fileHere(digest).then((bytes) => bytes ?? fetchFile(key, digest)), words);

const titleOf = (aspect) => cards.get(aspect).querySelector('h3').textContent.trim().replace(/\s+/g, ' ');

async function takeNote(aspect) {
  const said = await noteDialog.ask({ title: titleOf(aspect), isDiscussion: false, words });
  if (!said || !actor) return; // the sheet may have closed meanwhile: a note is never too late
  const kept = await Promise.all(said.photos.map((bytes) => keepable(bytes, actor.account)));
  const names = kept.map((file) => file.digest);
  append({ act: 'note', cell: cellOf(aspect), mark: '', value: null, parents: [], reason: said.text, files: names }, (entry) => {
    view.get(aspect).notes.push({ id: entry.id, text: said.text, files: names });
    paint(aspect);
    paintLater();
  }, kept);
}

async function discuss(aspect, value = '') {
  const said = await noteDialog.ask({ title: titleOf(aspect), isDiscussion: true, value, words });
  if (!said || !isOpen()) return;
  const isScore = /^\d$/.test(said.value);
  record(aspect, isScore ? 'marked' : said.value, isScore ? said.value : null, said.text);
}

for (const [aspect, card] of cards) {
  if (!card.querySelector('[data-watch]')) continue;
  new Stopwatch(card, `${key} ${aspect}`, {
    say: (seconds) => fill(words.watch_running, { seconds }),
    onTime: (time, isSure) => {
      const { grain } = rules.get(aspect);
      const found = text(Math.round((time * 10000) / grain) * grain);
      if (!isSure) {
        propose(card, found);
        return;
      }
      setDraft(aspect, null);
      record(aspect, 'marked', found);
    },
  });
}

// A time that nobody can vouch for stands in its field until the judge agrees.
function propose(card, found) {
  const { aspect } = card.dataset;
  if (!isOpen() || place.isOpen) return;
  setDraft(aspect, found);
  store.saveDraft(key, cellOf(aspect), found).catch(fail);
  paint(aspect);
  const fault = card.querySelector('.fault');
  say(fault, words.watch_unsure);
  card.querySelector('.number').focus();
  requestAnimationFrame(() => fault.scrollIntoView({ block: 'nearest' })); // above the keypad
}

document.getElementById('next-open').addEventListener('click', () => {
  const [aspect] = openAspects();
  const card = cards.get(aspect);
  card.scrollIntoView({ block: 'start' });
  card.querySelector('input').focus({ preventScroll: true });
});

document.getElementById('submit').addEventListener('click', async () => {
  const states = [...view.values()].map((cell) => present(cell.heads)?.m);
  const count = (state) => states.filter((other) => other === state).length;
  const lines = [
    [words.count_marked, count('marked')],
    [words.count_not_attempted, count('not_attempted')],
    [words.count_missing, count('missing')],
  ].filter(([, number], at) => at === 0 || number);
  document.getElementById('summary-lines').replaceChildren(
    ...lines.flatMap(([name, number]) => [element('dt', name), element('dd', String(number))]),
  );
  for (const pad of pads) pad.clear();
  if ((await ask(document.getElementById('summary'))) !== 'yes' || !isOpen() || openAspects().length) return;
  isHandingIn = true;
  paintBar();
  try {
    const drawn = await Promise.all(pads.map((pad) => pad.bytes()));
    handIn(await Promise.all(drawn.map((bytes) => keepable(bytes, actor.account))));
  } catch {
    fail();
  }
});

function handIn(kept) {
  const names = kept.map((file) => file.digest);
  append({ act: 'submit', cell: '', mark: '', value: null, parents: [], reason: '', files: names }, (entry) => {
    isHandingIn = false;
    submission = entry;
    paintBar();
    paintLater();
    paintNotice(null);
    document.getElementById('notice').scrollIntoView({ block: 'center' });
    if (isShared) sayFarewell();
  }, kept);
}

const boxes = [...document.querySelectorAll('.signing')];
for (const box of boxes) box.hidden = !canKeepFiles();
const pads = canKeepFiles() ? boxes.map((box) => new SigningPad(box)) : [];
document.querySelector('#summary form').addEventListener('submit', (event) => {
  const blank = event.submitter?.value === 'yes' ? pads.find((pad) => !pad.isSigned) : null;
  if (!blank) return;
  event.preventDefault();
  blank.fault.textContent = words.sign_needed;
  blank.typed.focus();
});

// ---- a shared tablet lets its judge go ----

function sayFarewell() {
  let left = FAREWELL;
  const line = document.getElementById('farewell');
  line.hidden = false;
  const tick = () => {
    line.textContent = fill(words.leaving, { seconds: left });
    if (left < FAREWELL) line.setAttribute('aria-live', 'off'); // said once, not each second
    if (left === 0) depart();
    else setTimeout(tick, 1000);
    left -= 1;
  };
  tick();
}

async function depart() {
  main.inert = true;
  await leave().catch(() => {}); // the list tells the house
  location.replace('/j/');
}

watchPresence({
  onIdle: depart,
  onLeft() {
    main.inert = true;
    location.replace('/j/');
  },
});

function element(name, content) {
  const made = document.createElement(name);
  made.textContent = content;
  return made;
}

function ask(dialog) {
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener('close', () => resolve(dialog.returnValue), { once: true }));
}

// ---- sending ----

const sender = new Sender((state) => {
  if (state.status === 'revoked') {
    location.replace('/j/');
    return;
  }
  const moved = inFlight;
  if (state.sending) inFlight = new Set(state.sending);
  if (state.status) {
    inFlight = new Set();
    device = state;
  }
  if (!view.size) return; // nothing was read yet
  for (const [aspect, cell] of view) if (cell.heads.some((head) => moved.has(head.id) || inFlight.has(head.id))) paint(aspect);
  paintLater();
  if (state.taken) load();
});

listen((message) => {
  if (message.type === 'changed' || message.type === 'added') load();
});

store.whenOutdated(() => {
  const notice = document.getElementById('notice');
  notice.textContent = words.outdated;
  notice.hidden = false;
  main.inert = true;
});

// Who judges here is asked for until the server has said so.
function findJudge() {
  return new Promise((resolve) => {
    const signing = new SigningOn(async ({ status }) => {
      if (status === 'asking') return;
      if (!isMine()) await load();
      resolve();
    });
    signing.now();
  });
}

useTheme();
try {
  await load();
  if (!isMine()) await findJudge();
  main.inert = false;
  document.body.dataset.ready = 'yes';
} catch {
  fail();
}
whenWorkerChanges(() => keepMissing().catch(() => {}));
startWorker().then((found) => {
  canKeep = found;
  return found && keepMissing();
}).catch(() => {});
keepAwake();
sender.soon(0);
