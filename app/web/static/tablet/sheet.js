// One sheet: every touch becomes an entry in IndexedDB before the screen says so.
import { e4, faultOf, headsOf, isConflict, present, same, text } from './cells.js';
import { Keypad } from './keypad.js';
import { Sender, listen, tell } from './sender.js';
import { ensureActor, keepAwake, startWorker } from './device.js';
import * as store from './store.js';
import { fill, paintCard, paintConflict, paintOthers } from './paint.js';
import { uuid7 } from './uuid7.js';

const words = JSON.parse(document.getElementById('words').textContent);
const main = document.getElementById('sheet');
const { key, seat, scheme } = main.dataset;
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
let inFlight = new Set();
let waiting = 0;
let failed = false;
let submission = null;
let device = { status: 'reading' };

const cellOf = (aspect) => `${aspect}:${seat}`;
const aspectOf = (cell) => cell.slice(0, cell.length - seat.length - 1);

// ---- reading and showing ----

async function load() {
  const found = await store.readSheet(key);
  actor = found.actor ?? null;
  sheet = found.sheet ?? null;
  const entries = [...found.waiting, ...writing.filter((entry) => !found.waiting.some((other) => other.id === entry.id))];
  waiting = entries.length;
  submission = entries.find((entry) => entry.act === 'submit') ?? null;
  const trouble = new Map([...found.held, ...found.rejected].map((entry) => [entry.cell, entry]));
  view = new Map();
  for (const aspect of cards.keys()) {
    const cell = cellOf(aspect);
    const said = found.server.get(cell);
    const own = entries.filter((entry) => entry.act === 'mark' && entry.cell === cell);
    const late = trouble.get(cell);
    const isSettled = late && said?.heads.some((head) => head.id > late.id);
    view.set(aspect, {
      heads: headsOf(said?.heads ?? [], own),
      others: said?.others ?? null,
      trouble: isSettled ? null : late ?? null,
      draft: found.drafts.get(cell) ?? null,
    });
  }
  paintAll();
  const refused = found.rejected.filter((entry) => entry.act === 'submit').pop();
  paintNotice(refused && !submission && sheet?.status === 'open' ? refused : null);
}

function paintAll() {
  for (const aspect of cards.keys()) paint(aspect);
  paintBar();
}

function paint(aspect) {
  const card = cards.get(aspect);
  const cell = view.get(aspect);
  paintCard(card, cell, { words, inFlight, isZeroed: zeroed().has(aspect) });
  paintConflict(card, cell, words);
  paintOthers(card, cell, words);
}

// Aspects that a failed gate makes worthless need no mark.
function zeroed() {
  const names = new Set();
  for (const [aspect, card] of cards) {
    if (card.dataset.kind !== 'gate' || present(view.get(aspect)?.heads ?? [])?.v !== '0') continue;
    for (const name of card.dataset.zeroes.split(' ')) names.add(name);
  }
  return names;
}

function openAspects() {
  const free = zeroed();
  return [...cards.keys()].filter((aspect) => !free.has(aspect) && !present(view.get(aspect).heads));
}

function paintBar() {
  const open = openAspects();
  document.getElementById('open-count').textContent = String(open.length);
  document.getElementById('next-open').disabled = !open.length;
  document.getElementById('progress').value = cards.size - open.length;
  document.getElementById('judge').textContent = actor ? ` ${actor.name}` : '';
  document.getElementById('state').textContent = failed ? words.not_saved : stateLine();
  document.getElementById('bar').dataset.state = failed ? 'bad' : device.status;
  const text = document.getElementById('finish-text');
  text.textContent = open.length ? fill(words.still_open, { count: open.length }) : words.all_marked;
  document.getElementById('finish-open').replaceChildren(...open.map(linkTo));
  document.getElementById('submit').disabled = Boolean(open.length) || !isOpen();
  document.getElementById('aspects').inert = !isOpen();
}

function linkTo(aspect) {
  const link = document.createElement('a');
  link.href = `#aspect-${aspect}`;
  link.textContent = aspect;
  return link;
}

function stateLine() {
  if (waiting) {
    if (inFlight.size) return fill(words.sending, { count: waiting });
    const why = { offline: 'waiting', signed_out: 'waiting_sign_in', unpaired: 'waiting_sign_in' }[device.status] ?? 'saved_here';
    return fill(words[why], { count: waiting });
  }
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
  else if (!actor || !sheet) line = words.no_actor;
  else if (!isMine()) line = words.not_yours;
  else if (submission) line = words.submitted_here;
  else if (isPast()) line = words.scheme_changed;
  else if (sheet.status !== 'open') line = fill(words[sheet.status], { root: (sheet.root ?? '').slice(0, 16) });
  else if (refused) line = words[`fault_${refused.code}`] ?? words.submit_refused;
  else if (sheet.reason) line = fill(words.returned, { reason: sheet.reason });
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

function record(aspect, mark, value, reason = '') {
  const cell = view.get(aspect);
  if (!isOpen()) return;
  const wanted = { m: mark, v: value };
  if (!isConflict(cell.heads) && cell.heads.length && same(cell.heads[0], wanted)) {
    store.saveDraft(key, cellOf(aspect), '').catch(fail);
    cell.draft = null;
    paint(aspect);
    return;
  }
  const parents = cell.heads.map((head) => head.id);
  if (cell.trouble?.state === store.HELD) parents.push(cell.trouble.id);
  append({ act: 'mark', cell: cellOf(aspect), mark, value, parents, reason }, (entry) => {
    cell.heads = headsOf(cell.heads, [entry]);
    cell.draft = null;
    cell.trouble = null;
    paint(aspect);
    paintBar();
  });
}

function append(facts, show) {
  const entry = {
    id: uuid7(), sheet: key, actor: actor.pass, account: actor.account, at: Date.now(), scheme, state: store.WAITING, ...facts,
  };
  const done = store.addEntry(entry); // issued in this very task
  entry.saved = false;
  writing.push(entry);
  waiting += 1;
  show(entry);
  done.then(() => {
    entry.saved = true;
    writing = writing.filter((other) => other !== entry);
    for (const cell of view.values()) for (const head of cell.heads) if (head.id === entry.id && head.state === 'writing') head.state = 'saved';
    if (entry.act === 'mark') paint(aspectOf(entry.cell));
    paintBar();
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
    cell.draft = null;
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
  line.textContent = fault ? fill(words[`number_${fault}`], { range: card.querySelector('.range').textContent }) : '';
  field.setAttribute('aria-invalid', String(Boolean(fault)));
  card.classList.toggle('at-fault', Boolean(fault));
}

function step(card, direction) {
  const aspect = card.dataset.aspect;
  const { low, high, stride } = rules.get(aspect);
  const now = present(view.get(aspect).heads);
  const from = now?.v === undefined || now.v === null ? (direction > 0 ? low ?? 0 : stride) : e4(now.v);
  const wanted = Math.min(Math.max(from + direction * stride, low ?? -Infinity), high ?? Infinity);
  view.get(aspect).draft = null;
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
  if (choice.type === 'radio') record(choice.closest('.aspect').dataset.aspect, 'marked', choice.value);
});

main.addEventListener('input', (event) => {
  const field = event.target;
  if (!field.classList.contains('number')) return;
  const aspect = field.closest('.aspect').dataset.aspect;
  view.get(aspect).draft = field.value;
  keypad.echo();
  paint(aspect);
  store.saveDraft(key, cellOf(aspect), field.value).catch(fail);
});

main.addEventListener('focusin', (event) => {
  const field = event.target;
  if (!field.classList.contains('number')) return;
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
});

main.addEventListener('focusout', (event) => {
  if (!event.target.classList.contains('number')) return;
  commit(event.target);
  if (!event.relatedTarget?.classList?.contains('number')) keypad.hide();
});

main.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && event.target.classList.contains('number')) {
    event.preventDefault();
    if (commit(event.target)) toNext(event.target);
  }
});

main.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  const card = button?.closest('.aspect');
  if (!card) return;
  const aspect = card.dataset.aspect;
  if (button.dataset.step) step(card, Number(button.dataset.step));
  else if (button.dataset.put) {
    view.get(aspect).draft = null;
    showFault(card, '');
    record(aspect, 'marked', text(e4(button.dataset.put)));
  } else if (button.dataset.say) record(aspect, button.dataset.say, null);
  else if (button.dataset.head) {
    const head = view.get(aspect).heads.find((other) => other.id === button.dataset.head);
    if (head) record(aspect, head.m, head.v ?? null, words.decided);
  } else if ('clear' in button.dataset) ask(document.getElementById('clear')).then((reason) => reason && record(aspect, 'cleared', null, reason));
});

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
  if ((await ask(document.getElementById('summary'))) !== 'yes' || !isOpen() || openAspects().length) return;
  append({ act: 'submit', cell: '', mark: '', value: null, parents: [], reason: '' }, (entry) => {
    submission = entry;
    paintBar();
    paintNotice(null);
    document.getElementById('notice').scrollIntoView({ block: 'center' });
  });
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
  const moved = inFlight;
  if (state.sending) inFlight = new Set(state.sending);
  if (state.status) {
    inFlight = new Set();
    device = state;
  }
  for (const [aspect, cell] of view) if (cell.heads.some((head) => moved.has(head.id) || inFlight.has(head.id))) paint(aspect);
  paintBar();
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

try {
  await load();
  if (!isMine()) {
    await ensureActor().catch(() => {});
    await load();
  }
  main.inert = false;
  document.body.dataset.ready = 'yes';
} catch {
  fail();
}
startWorker();
keepAwake();
sender.soon(0);
