// Shows a cell: the control's position, the honest state of saving, conflict, and the others' scores.
import { isConflict, present } from './cells.js';

// English words that go by a number are marked as in app/web/locale.py: {count} [count:photo|photos].
export function fill(sentence, facts) {
  const chosen = sentence.replace(/\[(\w+):([^|\]]*)\|([^\]]*)\]/g, (_, name, one, many) => (`${facts[name]}` === '1' ? one : many));
  return chosen.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? '');
}

// Text that stands there already is not written again: each writing costs a layout.
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// As `say`, for an attribute.
export function put(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

export function shown(head, words) {
  return head.m === 'marked' ? head.v : words[head.m];
}

// What a card's painting touches, looked up once: a touch has no time for it.
const known = new WeakMap();
function partsOf(card) {
  if (!known.has(card)) {
    known.set(card, {
      choices: [...card.querySelectorAll('input[type=radio]')],
      toggles: [...card.querySelectorAll('[data-say]')],
      field: card.querySelector('.number'),
      clear: card.querySelector('[data-clear]'),
      saved: card.querySelector('.saved'),
      conflict: card.querySelector('.conflict'),
      others: card.querySelector('.others'),
      discuss: card.querySelector('[data-discuss]'),
      notes: card.querySelector('.notes'),
    });
  }
  return known.get(card);
}

// What a touch shows at once: where the control stands, and that this is being written. Nothing here
// moves a line on the page, so that it is painted within a frame.
export function paintTouch(card, cell) {
  const now = present(cell.heads);
  const { choices, toggles, field, saved } = partsOf(card);
  const isWriting = now?.state === 'writing';
  for (const choice of choices) {
    choice.checked = now?.m === 'marked' && now.v === choice.value;
    choice.parentNode.classList.toggle('writing', isWriting && choice.checked);
  }
  if (field && document.activeElement !== field) field.value = cell.draft ?? (now?.m === 'marked' ? now.v : '');
  else if (field && cell.draft === null) field.value = now?.m === 'marked' ? now.v : '';
  for (const toggle of toggles) {
    put(toggle, 'aria-pressed', String(now?.m === toggle.dataset.say));
    toggle.classList.toggle('writing', isWriting && now.m === toggle.dataset.say);
  }
  saved.classList.toggle('writing', isWriting);
}

export function paintCard(card, cell, { words, inFlight, isZeroed }) {
  const now = present(cell.heads);
  const state = stateOf(cell, now, isConflict(cell.heads), inFlight);
  const { clear, saved } = partsOf(card);
  paintTouch(card, cell);
  clear.hidden = !now;
  card.classList.toggle('zeroed', isZeroed);
  put(saved, 'data-state', state);
  const usual = isZeroed && !now ? words.zeroed : words[`cell_${state}`] ?? '';
  say(saved, words[`fault_${cell.trouble?.code}`] ?? usual);
}

function stateOf(cell, now, isClash, inFlight) {
  if (cell.trouble) return cell.trouble.state === 2 ? 'held' : 'rejected';
  if (isClash) return 'conflict';
  if (cell.draft !== null) return 'draft';
  if (!now) return 'open';
  if (now.state === 'saved' && inFlight.has(now.id)) return 'sent';
  return now.state;
}

export function paintConflict(card, cell, words) {
  const box = partsOf(card).conflict;
  const isClash = isConflict(cell.heads);
  if (!isClash && box.hidden) return;
  box.hidden = !isClash;
  if (!isClash) {
    box.replaceChildren();
    return;
  }
  const title = document.createElement('p');
  title.textContent = words.conflict;
  const buttons = cell.heads.map((head) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.dataset.head = head.id;
    const value = document.createElement('b');
    value.textContent = shown(head, words);
    const who = document.createElement('span');
    who.textContent = head.state === 'received' ? `${head.by} · ${head.dev}` : words.this_device;
    button.append(value, who);
    return button;
  });
  box.replaceChildren(title, ...buttons);
}

// All scores of a judgement that are in; empty while some are still sealed.
function scores(cell) {
  const now = present(cell.heads);
  return [...(cell.others ?? []), ...(now ? [now] : [])].filter((head) => head.m === 'marked').map((head) => Number(head.v));
}

export function isApart(cell) {
  const given = cell.others ? scores(cell) : [];
  return given.length > 1 && Math.max(...given) - Math.min(...given) > cell.most;
}

// `talk`: a word about scores too far apart is "owed" by this judge, "given", or ''.
export function paintOthers(card, cell, { words, talk }) {
  const { others: line, discuss } = partsOf(card);
  if (!line) return; // only judgements are sealed
  line.hidden = false;
  const isWide = talk !== '' && isApart(cell);
  line.classList.toggle('apart', talk !== '');
  discuss.hidden = talk !== 'owed';
  card.classList.toggle('untalked', talk === 'owed');
  if (!cell.others) {
    say(line, words.sealed);
    return;
  }
  const values = cell.others.map((other) => `${other.seat} ${shown(other, words)}`).join('　');
  const text = fill(isWide ? words.apart : words.revealed, { values, most: cell.most });
  const rest = { owed: words.apart_open, given: words.apart_done }[talk] ?? '';
  if (line.textContent === text + rest) return;
  line.textContent = text;
  if (rest) line.append(document.createElement('br'), rest);
}

export function paintNotes(card, cell, words) {
  const list = partsOf(card).notes;
  const ids = cell.notes.map((note) => note.id).join(' ');
  if ((list.dataset.ids ?? '') === ids) return;
  list.dataset.ids = ids;
  list.hidden = !cell.notes.length;
  list.replaceChildren(
    ...cell.notes.map((note) => {
      const item = document.createElement('li');
      item.textContent = note.text;
      if (note.files.length) {
        const photos = document.createElement('button');
        photos.type = 'button';
        photos.className = 'quiet';
        photos.dataset.photo = note.files.join(' ');
        photos.textContent = fill(words.show_photos, { count: note.files.length });
        item.append(' ', photos);
      }
      return item;
    }),
  );
}
