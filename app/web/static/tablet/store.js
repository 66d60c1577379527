// The tablet's memory: IndexedDB "score". Entries are appended and never deleted; what the server
// said lies apart from what the judge did; the view of a cell is computed when reading.
import { openDB } from '../vendor/idb.js';

export const WAITING = 0;
export const ACCEPTED = 1;
export const HELD = 2;
export const REJECTED = 3;
const STRICT = { durability: 'strict' }; // the default never reaches the disk
const ignore = () => {};

let opening = null;
let onOutdated = ignore;

// Tell `listener` when a newer build has changed the database under this page.
export function whenOutdated(listener) {
  onOutdated = listener;
}

// `upgrade` only ever adds; old entries stay readable.
function upgrade(db, from) {
  if (from >= 1) return;
  db.createObjectStore('meta');
  const entries = db.createObjectStore('entries', { keyPath: 'seq', autoIncrement: true });
  entries.createIndex('id', 'id', { unique: true });
  entries.createIndex('state', ['state', 'seq']);
  entries.createIndex('sheet', ['sheet', 'state', 'seq']);
  db.createObjectStore('cells');
  db.createObjectStore('sheets', { keyPath: 'key' });
  db.createObjectStore('drafts');
}

export function open() {
  opening ??= openDB('score', 1, {
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
      opening.db = db;
      return db;
    },
    (error) => {
      opening = null;
      if (error.name === 'VersionError') onOutdated();
      throw error;
    },
  );
  return opening;
}

// Run `work(tx)` at once where the connection stands: a touch must be written in its own task.
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
  work((store) => tx.objectStore(store));
  tx.commit?.();
  return tx.done;
}

// One mark or submission: all requests issued now, nothing read, done when it is on the disk.
export function addEntry(entry) {
  return write(['entries', 'drafts'], (store) => {
    store('entries').add(entry).catch(ignore);
    store('drafts').delete([entry.sheet, entry.cell]).catch(ignore);
  });
}

export function saveDraft(sheet, cell, text) {
  return write(['drafts'], (store) => {
    const drafts = store('drafts');
    (text === '' ? drafts.delete([sheet, cell]) : drafts.put(text, [sheet, cell])).catch(ignore);
  });
}

export function saveMeta(facts) {
  return write(['meta'], (store) => {
    for (const [name, value] of Object.entries(facts)) store('meta').put(value, name).catch(ignore);
  });
}

export async function meta() {
  const db = await open();
  const tx = db.transaction('meta');
  const [names, values] = await Promise.all([tx.store.getAllKeys(), tx.store.getAll()]);
  return Object.fromEntries(names.map((name, at) => [name, values[at]]));
}

// Remember the sheets of one account; its other sheets are no longer offered, their entries stay.
export async function saveSheets(account, sheets) {
  const db = await open();
  const tx = db.transaction('sheets', 'readwrite', STRICT);
  const known = new Map((await tx.store.getAll()).map((sheet) => [sheet.key, sheet]));
  const offered = new Set(sheets.map((sheet) => sheet.key));
  sheets.forEach((sheet, order) => {
    const version = known.get(sheet.key)?.version ?? 0;
    tx.store.put({ ...known.get(sheet.key), ...sheet, account, order, offered: true, version });
  });
  for (const sheet of known.values()) {
    if (sheet.account === account && !offered.has(sheet.key)) tx.store.put({ ...sheet, offered: false });
  }
  await tx.done;
}

// All that a sheet's page shows, read in one moment.
export async function readSheet(key) {
  const db = await open();
  const tx = db.transaction(['meta', 'sheets', 'cells', 'entries', 'drafts']);
  const range = IDBKeyRange.bound([key], [key, []]);
  const of = (state) => tx.objectStore('entries').index('sheet').getAll(IDBKeyRange.bound([key, state], [key, state, []]));
  const cells = tx.objectStore('cells');
  const drafts = tx.objectStore('drafts');
  const [sheet, actor, cellKeys, cellValues, waiting, held, rejected, draftKeys, draftValues] = await Promise.all([
    tx.objectStore('sheets').get(key),
    tx.objectStore('meta').get('actor'),
    cells.getAllKeys(range),
    cells.getAll(range),
    of(WAITING),
    of(HELD),
    of(REJECTED),
    drafts.getAllKeys(range),
    drafts.getAll(range),
  ]);
  const byCell = (keys, values) => new Map(keys.map(([, cell], at) => [cell, values[at]]));
  return { sheet, actor, server: byCell(cellKeys, cellValues), waiting, held, rejected, drafts: byCell(draftKeys, draftValues) };
}

// The sheets of an account with how many cells the server knows and how many entries wait.
export async function readHome(account) {
  const db = await open();
  const tx = db.transaction(['sheets', 'cells', 'entries']);
  const [sheets, cellKeys, cells, waiting, rejected] = await Promise.all([
    tx.objectStore('sheets').getAll(),
    tx.objectStore('cells').getAllKeys(),
    tx.objectStore('cells').getAll(),
    tx.objectStore('entries').index('state').getAll(IDBKeyRange.bound([WAITING], [WAITING, []])),
    tx.objectStore('entries').index('state').getAll(IDBKeyRange.bound([REJECTED], [REJECTED, []])),
  ]);
  const marked = new Map();
  const mark = (sheet, cell, isMarked) => {
    if (!marked.has(sheet)) marked.set(sheet, new Set());
    marked.get(sheet)[isMarked ? 'add' : 'delete'](cell);
  };
  cellKeys.forEach(([sheet, cell], at) => mark(sheet, cell, cells[at].heads.some((head) => head.m !== 'cleared')));
  for (const entry of waiting) if (entry.act === 'mark') mark(entry.sheet, entry.cell, entry.mark !== 'cleared');
  const mine = sheets.filter((sheet) => sheet.account === account && sheet.offered);
  return { sheets: mine, marked, waiting, rejected };
}

export async function nextBatch(most) {
  const db = await open();
  const tx = db.transaction(['entries', 'meta', 'sheets']);
  const state = tx.objectStore('entries').index('state');
  const open_ = IDBKeyRange.bound([WAITING], [WAITING, []]);
  const [entries, pending, last, token, device, actor, sheets] = await Promise.all([
    state.getAll(open_, most),
    state.count(open_),
    tx.objectStore('entries').openKeyCursor(null, 'prev'),
    tx.objectStore('meta').get('token'),
    tx.objectStore('meta').get('device'),
    tx.objectStore('meta').get('actor'),
    tx.objectStore('sheets').getAll(),
  ]);
  const mine = sheets.filter((sheet) => sheet.offered && sheet.account === actor?.account);
  const known = Object.fromEntries(mine.map((sheet) => [sheet.key, sheet.version]));
  return { entries, pending, seq: last ? last.key : 0, token, device, known };
}

// Take over an answer in one transaction: states of entries, then what the server says of sheets.
export async function takeAnswer(entries, answer) {
  const db = await open();
  const tx = db.transaction(['entries', 'cells', 'sheets'], 'readwrite', STRICT);
  const states = { ok: ACCEPTED, held: HELD, rejected: REJECTED };
  answer.results.forEach((result, at) => {
    const entry = { ...entries[at], state: states[result.status] ?? REJECTED };
    if (result.code) entry.code = result.code;
    tx.objectStore('entries').put(entry);
  });
  const sheets = tx.objectStore('sheets');
  const cells = tx.objectStore('cells');
  for (const [key, said] of Object.entries(answer.sheets)) {
    const known = await sheets.get(key);
    if (!known || known.version > said.version) continue;
    const { cells: changed, since, ...facts } = said;
    sheets.put({ ...known, ...facts });
    if (since === 0) cells.delete(IDBKeyRange.bound([key], [key, []]));
    for (const [cell, value] of Object.entries(changed)) cells.put(value, [key, cell]);
  }
  await tx.done;
}

// One entry that the server cannot read is set aside; the others go on.
export async function setAside(entry, code) {
  const db = await open();
  const tx = db.transaction('entries', 'readwrite', STRICT);
  tx.store.put({ ...entry, state: REJECTED, code });
  await tx.done;
}

// What has not reached the server: for the backup file.
export async function unsent() {
  const db = await open();
  const index = db.transaction('entries').store.index('state');
  return index.getAll(IDBKeyRange.bound([WAITING], [WAITING, []]));
}
