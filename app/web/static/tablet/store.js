// The tablet's memory: IndexedDB "score". Entries are appended and never deleted; what the server
// said lies apart from what the judge did; the view of a cell is computed when reading.
// What marks say is sealed for the house (vault.js); where a mark stands is not.
import { openDB, unwrap } from '../vendor/idb.js';
import { afterPaint, left, writeNow } from './touched.js';
import * as vault from './vault.js';

export const WAITING = 0;
export const ACCEPTED = 1;
export const HELD = 2;
export const REJECTED = 3;
const STRICT = { durability: 'strict' }; // the default never reaches the disk
const CLEAR = ['id', 'act', 'sheet', 'cell', 'account', 'state', 'version'];
const SET_ASIDE = ['refused', 'too_large']; // the house has not kept these
const NOTES = '#notes'; // stands among a sheet's cells
const ignore = () => {};

let opening = null;
let onOutdated = ignore;

// Tell `listener` when a newer build has changed the database under this page.
export function whenOutdated(listener) {
  onOutdated = listener;
}

// `upgrade` only ever adds; old entries stay readable.
function upgrade(db, from, _to, tx) {
  if (from < 1) {
    db.createObjectStore('meta');
    const entries = db.createObjectStore('entries', { keyPath: 'seq', autoIncrement: true });
    entries.createIndex('id', 'id', { unique: true });
    entries.createIndex('state', ['state', 'seq']);
    entries.createIndex('sheet', ['sheet', 'state', 'seq']);
    db.createObjectStore('cells');
    db.createObjectStore('sheets', { keyPath: 'key' });
    db.createObjectStore('drafts');
  }
  if (from < 2) db.createObjectStore('files', { keyPath: 'digest' }).createIndex('state', 'state');
  if (from < 3) db.createObjectStore('pages', { keyPath: 'key' });
  if (from < 4) tx.objectStore('entries').createIndex('since', ['sheet', 'since']);
}

export function open() {
  opening ??= connect();
  return opening;
}

function connect() {
  const connecting = openDB('score', 4, {
    upgrade,
    blocking(_from, _to, event) {
      event.target.close();
      opening = null;
      onOutdated();
    },
    terminated() {
      opening = null;
    },
  }).then(
    (db) => {
      connecting.db = db;
      return db;
    },
    (error) => {
      opening = null;
      if (error.name === 'VersionError') onOutdated();
      throw error;
    },
  );
  return connecting;
}

// Run `work` at once where the connection stands. It gets the browser's own stores: a request that fails
// ends the transaction, and nobody need listen to each that does not.
function write(stores, work) {
  if (opening?.db) {
    try {
      return run(opening.db, stores, work);
    } catch (error) {
      if (error.name !== 'InvalidStateError') return Promise.reject(error);
      opening = null;
    }
  }
  return open().then((db) => run(db, stores, work));
}

function run(db, stores, work) {
  const tx = db.transaction(stores, 'readwrite', STRICT);
  work((store) => unwrap(tx).objectStore(store));
  tx.commit?.();
  return tx.done;
}

// ---- who judges here ----

// On a shared tablet the judge lives in the window only and is gone with it; on one's own, in the memory.
export async function actor() {
  const known = await meta();
  if (known.revoked) dropActor(); // the worker heard of it, and cannot reach the window's own storage
  const found = judgeHere() ?? known.actor ?? null;
  if (found) await vault.open(found.account, found.vault);
  takenUp ??= takeUp();
  await takenUp;
  return found;
}

// Who judges in this window of a shared tablet, at this very moment.
export const judgeHere = () => JSON.parse(globalThis.sessionStorage?.getItem('actor') ?? 'null');

export function setActor(found, isShared) {
  if (!isShared) return saveMeta({ actor: found });
  sessionStorage.setItem('actor', JSON.stringify(found));
  return vault.open(found.account, found.vault);
}

export function dropActor() {
  writeNow();
  globalThis.sessionStorage?.clear();
  opened.clear();
  vault.close();
}

// ---- sealing ----

function sealed(value, clear = {}) {
  const text = vault.seal(JSON.stringify(value));
  if (text === null) return { ...clear, ...value };
  return typeof text === 'string' ? { ...clear, sealed: text } : text.then((late) => ({ ...clear, sealed: late }));
}

// With what an account's news is sealed, whoever comes on meanwhile: { key }, null where there is none
// to seal with; null alone where the account is not on any more and its news may not be kept.
async function sealFor(account) {
  const { shared } = await meta();
  const who = await actor();
  const key = vault.keyFor(account);
  if ((who?.account ?? null) !== (account ?? null) || (shared && vault.isPossible && !key)) return null;
  return { key };
}

// As `sealed`, but from no pad: those are for touches.
async function sealedLate(value, clear, { key }) {
  const text = await vault.sealLate(JSON.stringify(value), key);
  return text === null ? { ...clear, ...value } : { ...clear, sealed: text };
}

// A sheet is read anew after every answer, amid touches: what was unsealed once stays open.
const MOST_OPENED = 2000;
const opened = new Map();
async function openedOnce(text) {
  if (opened.has(text)) return opened.get(text);
  const found = JSON.parse(await vault.unseal(text));
  if (opened.size >= MOST_OPENED) opened.clear();
  opened.set(text, found);
  return found;
}

async function plain(value) {
  if (!value?.sealed) return value;
  const { sealed: text, ...clear } = value;
  return { ...(await openedOnce(text)), ...clear };
}

// What a sheet is (`sealed`), and why it came back (`told`).
async function plainSheet({ sealed: text, told, ...clear }) {
  return { ...(text ? await openedOnce(text) : {}), ...clear, ...(told ? await openedOnce(told) : {}) };
}

// Why a sheet came back is written by people; the rest of an answer is not.
async function sealedTold({ reason, ...facts }, { key }) {
  const told = await vault.sealLate(JSON.stringify({ reason }), key);
  return told === null ? { ...facts, reason } : { ...facts, told };
}

// What another judge or another house has sealed does not open, and must not stand in the way.
const ifPlain = (value) => plain(value).catch(() => null);
const allPlain = async (values) => (await Promise.all(values.map(ifPlain))).filter(Boolean);
async function plainByCell(keys, values) {
  const found = await Promise.all(values.map(ifPlain));
  return new Map(keys.map(([, cell], at) => [cell, found[at]]).filter(([, value]) => value));
}

// ---- writing ----

// A mark that was touched, as it is now, done when it is on the disk: from now on no reload takes it, and it is
// written when its frame is painted.
export function addTouch(entry) {
  const made = { ...entry };
  return afterPaint(made, () => writeEntry(made));
}

// One note or submission, and the files it names, written in this very task; done when it is on the disk.
export function addEntry(entry, files) {
  writeNow();
  return writeEntry(entry, files);
}

// All requests are issued now, and nothing is read.
function writeEntry(entry, files) {
  const kept = sealedEntry(entry);
  return kept.then ? kept.then((late) => putEntry(late, files)) : putEntry(kept, files);
}

// Write what the page before this one left in the instant of a touch, before anything is read.
let takenUp = null;
async function takeUp() {
  for (const { place, mark } of left()) {
    const kept = await sealedEntry(mark);
    const db = await open();
    const tx = db.transaction(['entries', 'drafts'], 'readwrite', STRICT);
    const entries = tx.objectStore('entries');
    if (!(await entries.index('id').getKey(kept.id))) { // else its page had the time after all
      entries.add(kept);
      tx.objectStore('drafts').delete([kept.sheet, kept.cell]);
    }
    await tx.done;
    sessionStorage.removeItem(place);
  }
}

function sealedEntry(entry) {
  const { state, account, ...said } = entry;
  const clear = Object.fromEntries(CLEAR.map((name) => [name, entry[name]]));
  clear.marked = entry.act === 'mark' && entry.mark !== 'cleared';
  return sealed(said, clear);
}

function putEntry(kept, files = []) {
  return write(['entries', 'drafts', 'files'], (store) => {
    store('entries').add(kept);
    if (kept.act === 'mark') store('drafts').delete([kept.sheet, kept.cell]);
    for (const file of files) store('files').put({ ...file, sheet: kept.sheet, state: WAITING });
  });
}

export function saveDraft(sheet, cell, text) {
  writeNow();
  const kept = text === '' ? null : sealed({ text });
  return write(['drafts'], (store) => {
    const drafts = store('drafts');
    if (kept) drafts.put(kept, [sheet, cell]);
    else drafts.delete([sheet, cell]);
  });
}

export function saveMeta(facts) {
  return write(['meta'], (store) => {
    for (const [name, value] of Object.entries(facts)) store('meta').put(value, name);
  });
}

export async function meta() {
  const db = await open();
  const tx = db.transaction('meta');
  const [names, values] = await Promise.all([tx.store.getAllKeys(), tx.store.getAll()]);
  return Object.fromEntries(names.map((name, at) => [name, values[at]]));
}

// Remember the sheets of one account; its other sheets are no longer offered, their entries stay.
// Of a sheet that was another judge's, or that does not open any more, all is asked for anew.
export async function saveSheets(account, sheets) {
  const seal = await sealFor(account);
  if (!seal) return;
  const facts = await Promise.all(
    sheets.map(async ({ key, version, status, aspect_count, reason, ...about }) => ({
      listed: version,
      about: await sealedLate(about, { key, aspect_count }, seal),
      told: await sealedTold({ status, reason }, seal),
    })),
  );
  const db = await open();
  const closed = await doNotOpen(await db.getAll('sheets'));
  if (vault.keyFor(account) !== seal.key) return;
  const tx = db.transaction(['sheets', 'pages', 'cells', 'drafts'], 'readwrite', STRICT);
  const store = tx.objectStore('sheets');
  const known = new Map((await store.getAll()).map((sheet) => [sheet.key, sheet]));
  const offered = new Set(sheets.map((sheet) => sheet.key));
  facts.forEach(({ listed, about, told }, order) => {
    const { key } = about;
    const before = known.get(key);
    const isKept = before?.account === account && !closed.has(key);
    if (before && !isKept) {
      tx.objectStore('pages').delete(key);
      for (const name of ['cells', 'drafts']) tx.objectStore(name).delete(IDBKeyRange.bound([key], [key, []]));
    }
    const { version = 0, scheme, root } = isKept ? before : {};
    const said = version > listed ? toldOf(before) : told; // the list may have been long on its way
    store.put({ version, scheme, root, ...about, ...said, account, order, offered: true });
  });
  for (const sheet of known.values()) {
    if (sheet.account !== account || offered.has(sheet.key)) continue;
    store.put({ ...sheet, offered: false });
    tx.objectStore('pages').delete(sheet.key);
  }
  await tx.done;
}

const toldOf = ({ status, reason, told }) => (told ? { status, told } : { status, reason });

async function doNotOpen(sheets) {
  const opens = await Promise.all(sheets.map((sheet) => plainSheet(sheet).then(() => true, () => false)));
  return new Set(sheets.filter((_, at) => !opens[at]).map((sheet) => sheet.key));
}

// ---- pages ----

// Keep a sheet's page for the time without a network; sealed, because it tells codes and the scheme.
export async function keepPage(key, { account, scheme, build, language, html }) {
  const seal = await sealFor(account);
  if (!seal?.key) throw new Error('left meanwhile');
  const bytes = await vault.sealBytes(new TextEncoder().encode(html), seal.key);
  const db = await open();
  await db.put('pages', { key, account, scheme, build, language, bytes });
}

const isPast = (page, sheet) => Boolean(sheet?.scheme) && page.scheme !== sheet.scheme;

// The sheets of the judge who is on whose pages are not kept as they are now, with the files of `build` and
// in the judge's language.
export async function missingPages(build, language) {
  const who = await actor();
  const db = await open();
  const tx = db.transaction(['sheets', 'pages']);
  const [sheets, pages] = await Promise.all([tx.objectStore('sheets').getAll(), tx.objectStore('pages').getAll()]);
  const kept = new Map(pages.filter((page) => page.account === who?.account && page.build === build && page.language === language).map((page) => [page.key, page]));
  const isMissing = ({ key, ...sheet }) => !kept.has(key) || isPast(kept.get(key), sheet);
  return sheets.filter((sheet) => sheet.account === who?.account && sheet.offered && isMissing(sheet)).map((sheet) => sheet.key);
}

// A sheet's page as it was kept for the judge who is on: { html }, or { why } there is none.
export async function keptPage(key) {
  const who = await actor();
  if (!who) return { why: 'no_actor' };
  const db = await open();
  const [page, sheet] = await Promise.all([db.get('pages', key), db.get('sheets', key)]);
  if ((sheet ?? page ?? who).account !== who.account) return { why: 'not_yours' };
  if (page?.account !== who.account || !vault.isOpenFor(who.account)) return { why: 'not_kept' };
  if (isPast(page, sheet)) return { why: 'past' };
  const bytes = await vault.unsealBytes(page.bytes).catch(() => null);
  return bytes ? { html: new TextDecoder().decode(bytes) } : { why: 'not_kept' };
}

// Struck off: forget names, keys, sheets and what the server said; what was not sent stays, sealed.
export async function forgetAll() {
  dropActor();
  const db = await open();
  const tx = db.transaction(['meta', 'cells', 'drafts', 'sheets', 'pages', 'entries'], 'readwrite', STRICT);
  for (const name of ['cells', 'drafts', 'sheets', 'pages']) tx.objectStore(name).clear();
  for (const name of ['actor', 'doors', 'token', 'label', 'shared', 'at_code', 'links']) tx.objectStore('meta').delete(name);
  tx.objectStore('meta').put(true, 'revoked');
  const state = tx.objectStore('entries').index('state');
  for (const seq of await state.getAllKeys(IDBKeyRange.bound([ACCEPTED], [ACCEPTED, []]))) tx.objectStore('entries').delete(seq);
  await tx.done;
}

// ---- reading ----

const of = (tx, key, state) =>
  tx.objectStore('entries').index('sheet').getAll(IDBKeyRange.bound([key, state], [key, state, []]));

// All that a sheet's page shows, read in one moment; only what its own judge wrote.
export async function readSheet(key) {
  const who = await actor();
  const db = await open();
  const tx = db.transaction(['meta', 'sheets', 'cells', 'entries', 'drafts', 'files']);
  const range = IDBKeyRange.bound([key], [key, []]);
  const cells = tx.objectStore('cells');
  const drafts = tx.objectStore('drafts');
  const [stored, isShared, all, files, refusedFiles, cellKeys, cellValues, draftKeys, draftValues, ...entries] = await Promise.all([
    tx.objectStore('sheets').get(key),
    tx.objectStore('meta').get('shared'),
    tx.objectStore('sheets').getAll(),
    tx.objectStore('files').index('state').count(WAITING),
    tx.objectStore('files').index('state').count(REJECTED),
    cells.getAllKeys(range),
    cells.getAll(range),
    drafts.getAllKeys(range),
    drafts.getAll(range),
    ...[WAITING, ACCEPTED, HELD, REJECTED].map((state) => of(tx, key, state)),
  ]);
  const isMine = Boolean(who) && stored?.account === who.account;
  const sheet = isMine ? await plainSheet(stored).catch(() => null) : stored;
  const atCode = sessionStorage.getItem('at_code');
  const found = { actor: who, sheet, atCode, isShared: Boolean(isShared), files, refusedFiles, server: new Map(), notes: [], drafts: new Map(), beside: [] };
  if (!isMine || !sheet) return { ...found, waiting: [], accepted: [], held: [], rejected: [] };
  found.beside = (await offeredTo(all, who.account)).filter((other) => other.ledger === sheet.ledger);
  const own = entries.map((list) => list.filter((entry) => entry.account === who.account || entry.account === undefined));
  const [waiting, accepted, held, rejected] = await Promise.all(own.map(allPlain));
  found.server = await plainByCell(cellKeys, cellValues);
  found.notes = found.server.get(NOTES)?.notes ?? [];
  for (const [cell, value] of await plainByCell(draftKeys, draftValues)) found.drafts.set(cell, value.text ?? value);
  return { ...found, waiting, accepted, held, rejected };
}

// What a judge is offered; one sealed by a house that has changed its key is asked for anew.
async function offeredTo(sheets, account) {
  const mine = sheets.filter((sheet) => sheet.account === account && sheet.offered);
  return (await Promise.all(mine.map((sheet) => plainSheet(sheet).catch(() => null)))).filter(Boolean);
}

// The sheets of an account with how many cells the server knows and how many entries wait, or came in
// without the server having told of it; and the submissions whose refusal is the last word on them.
export async function readHome(account) {
  const db = await open();
  const tx = db.transaction(['sheets', 'cells', 'entries', 'files']);
  const entries = tx.objectStore('entries');
  const state = entries.index('state');
  const [sheets, cellKeys, cells, waiting, rejected, files, refusedFiles] = await Promise.all([
    tx.objectStore('sheets').getAll(),
    tx.objectStore('cells').getAllKeys(),
    tx.objectStore('cells').getAll(),
    state.getAll(IDBKeyRange.bound([WAITING], [WAITING, []])),
    state.getAll(IDBKeyRange.bound([REJECTED], [REJECTED, []])),
    tx.objectStore('files').index('state').count(WAITING),
    tx.objectStore('files').index('state').count(REJECTED),
  ]);
  const mine = sheets.filter((sheet) => sheet.account === account && sheet.offered);
  const refusals = rejected.filter((entry) => entry.act === 'submit');
  const [silent, later] = await Promise.all([
    Promise.all(mine.map(({ key, version }) => entries.index('since').getAll([key, version]))),
    Promise.all(refusals.map(({ sheet, seq }) => entries.index('sheet').getAll(IDBKeyRange.bound([sheet, ACCEPTED, seq], [sheet, ACCEPTED, []])))),
  ]);
  const untold = silent.flat().filter((entry) => entry.state === ACCEPTED);
  const marked = new Map();
  const mark = (sheet, cell, isMarked) => {
    if (!marked.has(sheet)) marked.set(sheet, new Set());
    marked.get(sheet)[isMarked ? 'add' : 'delete'](cell);
  };
  cellKeys.forEach(([sheet, cell], at) => mark(sheet, cell, cells[at].marked ?? cells[at].heads.some((head) => head.m !== 'cleared')));
  for (const entry of [...untold, ...waiting]) if (entry.act === 'mark') mark(entry.sheet, entry.cell, entry.marked ?? entry.mark !== 'cleared');
  return {
    sheets: await offeredTo(mine, account),
    refusals: refusals.filter((_, at) => !later[at].some((entry) => entry.act === 'submit')),
    marked, untold, waiting, rejected, files, refusedFiles,
  };
}

// ---- sending ----

export async function nextBatch(most) {
  const who = await actor();
  const db = await open();
  const tx = db.transaction(['entries', 'meta', 'sheets', 'files']);
  const state = tx.objectStore('entries').index('state');
  const open_ = IDBKeyRange.bound([WAITING], [WAITING, []]);
  const [entries, pending, files, last, token, device, links, sheets] = await Promise.all([
    state.getAll(open_, most),
    state.count(open_),
    tx.objectStore('files').index('state').count(WAITING),
    tx.objectStore('entries').openKeyCursor(null, 'prev'),
    tx.objectStore('meta').get('token'),
    tx.objectStore('meta').get('device'),
    tx.objectStore('meta').get('links'),
    tx.objectStore('sheets').getAll(),
  ]);
  const mine = sheets.filter((sheet) => sheet.offered && sheet.account === who?.account);
  const known = Object.fromEntries(mine.map((sheet) => [sheet.key, sheet.version]));
  return { account: who?.account, entries, pending, files, seq: last ? last.key : 0, token, device, known, links };
}

// Take over an answer in one transaction: states of entries, then what the server says of sheets;
// this only while the judge who asked is on.
export async function takeAnswer({ account, entries }, answer) {
  const seal = await sealFor(account);
  const sheets = seal ? answer.sheets : {};
  const changed = [];
  for (const [key, { cells, notes }] of Object.entries(sheets)) {
    for (const [cell, value] of Object.entries(cells)) {
      const isMarked = value.heads.some((head) => head.m !== 'cleared');
      changed.push([[key, cell], await sealedLate(value, { marked: isMarked }, seal)]);
    }
    if (notes) changed.push([[key, NOTES], await sealedLate({ notes }, { marked: false }, seal)]);
  }
  const told = new Map();
  for (const [key, { cells: _, notes: __, since: ___, ...facts }] of Object.entries(sheets)) told.set(key, await sealedTold(facts, seal));
  const db = await open();
  const tx = db.transaction(['meta', 'entries', 'cells', 'sheets'], 'readwrite', STRICT);
  if (answer.behind) await waitAgain(tx);
  await keepLinks(tx, answer);
  const states = { ok: ACCEPTED, held: HELD, rejected: REJECTED };
  // The worker sends while nobody judges here, and hears nothing of the sheets: until the page does,
  // what was taken in goes on standing on its sheet (`since`: the version that does not tell of it).
  const silent = new Map();
  for (const key of new Set(entries.map((entry) => entry.sheet))) {
    if (!sheets[key]) silent.set(key, (await tx.objectStore('sheets').get(key))?.version);
  }
  answer.results.forEach((result, at) => {
    const entry = { ...entries[at], state: states[result.status] ?? REJECTED, judged: entries[at].judged ?? Date.parse(answer.server_at) };
    const version = silent.get(entry.sheet);
    // Taken in before, it may be told of already, but not in a version that its judge had then.
    if (!result.dup || entry.version === version) entry.since = version;
    if (result.code) entry.code = result.code;
    tx.objectStore('entries').put(entry);
  });
  const taken = new Set();
  for (const [key, { since, version }] of Object.entries(sheets)) {
    const known = await tx.objectStore('sheets').get(key);
    if (known?.account !== account || known.version > version) continue;
    taken.add(key);
    tx.objectStore('sheets').put({ ...known, ...told.get(key) });
    if (since === 0) tx.objectStore('cells').delete(IDBKeyRange.bound([key], [key, []]));
  }
  for (const [place, value] of changed) if (taken.has(place[0])) tx.objectStore('cells').put(value, place);
  await tx.done;
}

// The house was restored from an older backup: what it told does not hold, and all that it has taken in
// waits again. Its ids let each count once.
async function waitAgain(tx) {
  const entries = tx.objectStore('entries');
  const sheets = tx.objectStore('sheets');
  for (const state of [ACCEPTED, HELD]) {
    const taken = await entries.index('state').getAll(IDBKeyRange.bound([state], [state, []]));
    for (const { since, code, ...entry } of taken) entries.put({ ...entry, state: WAITING, version: 0 });
  }
  for (const sheet of await sheets.getAll()) sheets.put({ ...sheet, version: 0 });
  tx.objectStore('cells').clear();
}

// How far this tablet was told of each ledger, in the house's own words: it looks whether it still knows.
async function keepLinks(tx, { behind, house, links = {} }) {
  const meta = tx.objectStore('meta');
  const known = await meta.get('links');
  const isNone = behind || known?.house !== house;
  if (isNone || Object.keys(links).length) meta.put({ house, ledgers: isNone ? links : { ...known.ledgers, ...links } }, 'links');
}

// One entry that the server cannot read is set aside; the others go on.
export async function setAside(entry, code) {
  const db = await open();
  const tx = db.transaction('entries', 'readwrite', STRICT);
  tx.store.put({ ...entry, state: REJECTED, code });
  await tx.done;
}

// A file that is still here, as the judge of this tablet may see it; null where its bytes have gone.
export async function fileHere(digest) {
  const db = await open();
  const file = await db.get('files', digest);
  if (!file?.bytes || (file.vault && !vault.isOpenFor(file.vault))) return null;
  return file.vault ? vault.unsealBytes(file.bytes) : file.bytes;
}

export async function nextFile() {
  const db = await open();
  return db.transaction('files').store.index('state').get(WAITING);
}

// The bytes have arrived; only their name stays, so that the tablet does not fill up.
export async function fileSent(file, state = ACCEPTED) {
  const db = await open();
  const tx = db.transaction('files', 'readwrite', STRICT);
  tx.store.put(state === ACCEPTED ? { ...file, bytes: null, state } : { ...file, state });
  await tx.done;
}

const isAside = ({ state, code }) => state === REJECTED && SET_ASIDE.includes(code);

// Whether an entry that stands on no sheet now may stand there yet: by the lead's decision, or from the backup
// file.
export const mayComeIn = (entry) => entry?.state === HELD || Boolean(entry && isAside(entry));

// What has not reached the server, what it refused unseen with it, and this tablet's counter: for the backup
// file.
export async function unsent() {
  const db = await open();
  const tx = db.transaction(['entries', 'files']);
  const files = tx.objectStore('files').index('state');
  const state = tx.objectStore('entries').index('state');
  const [open_, rejected, waiting, refused, last] = await Promise.all([
    state.getAll(IDBKeyRange.bound([WAITING], [WAITING, []])),
    state.getAll(IDBKeyRange.bound([REJECTED], [REJECTED, []])),
    files.getAll(WAITING),
    files.getAll(REJECTED),
    tx.objectStore('entries').openKeyCursor(null, 'prev'),
  ]);
  const aside = rejected.filter(isAside);
  const entries = [...open_, ...aside].sort((one, other) => one.seq - other.seq);
  return { entries, files: [...waiting, ...refused], seq: last ? last.key : 0 };
}
