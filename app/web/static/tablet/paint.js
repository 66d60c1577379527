// Shows a cell: the control's position, the honest state of saving, conflict, and the others' scores.
import { isConflict, present } from './cells.js';

export function fill(sentence, facts) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? '');
}

// Text that stands there already is not written again: each writing costs a layout.
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function shown(head, words) {
  return head.m === 'marked' ? head.v : words[head.m];
}

export function paintCard(card, cell, { words, inFlight, isZeroed }) {
  const now = present(cell.heads);
  const isClash = isConflict(cell.heads);
  for (const choice of card.querySelectorAll('input[type=radio]')) choice.checked = now?.m === 'marked' && now.v === choice.value;
  const field = card.querySelector('.number');
  if (field && document.activeElement !== field) field.value = cell.draft ?? (now?.m === 'marked' ? now.v : '');
  else if (field && cell.draft === null) field.value = now?.m === 'marked' ? now.v : '';
  for (const toggle of card.querySelectorAll('[data-say]')) toggle.setAttribute('aria-pressed', String(now?.m === toggle.dataset.say));
  card.querySelector('[data-clear]').hidden = !now;
  card.classList.toggle('done', Boolean(now));
  card.classList.toggle('clash', isClash);
  card.classList.toggle('zeroed', isZeroed);
  const state = stateOf(cell, now, isClash, inFlight);
  const saved = card.querySelector('.saved');
  saved.dataset.state = state;
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
  const box = card.querySelector('.conflict');
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

export function isApart(cell, spread) {
  const given = cell.others ? scores(cell) : [];
  return given.length > 1 && Math.max(...given) - Math.min(...given) > spread;
}

// `talk`: a word about scores too far apart is "owed" by this judge, "given", or ''.
export function paintOthers(card, cell, { words, spread, talk }) {
  const line = card.querySelector('.others');
  if (card.dataset.kind !== 'judgement') return;
  line.hidden = false;
  const isWide = isApart(cell, spread);
  line.classList.toggle('apart', isWide || talk !== '');
  card.querySelector('[data-discuss]').hidden = talk !== 'owed';
  card.classList.toggle('untalked', talk === 'owed');
  if (!cell.others) {
    say(line, words.sealed);
    return;
  }
  const values = cell.others.map((other) => `${other.seat} ${shown(other, words)}`).join('　');
  line.textContent = fill(isWide ? words.apart : words.revealed, { values, most: spread });
  if (talk) line.append(document.createElement('br'), talk === 'owed' ? words.apart_open : words.apart_done);
}

export function paintNotes(card, cell, words) {
  const list = card.querySelector('.notes');
  if (!cell.notes.length && !list.children.length) return;
  list.hidden = !cell.notes.length;
  list.replaceChildren(
    ...cell.notes.map((note) => {
      const item = document.createElement('li');
      item.textContent = note.text;
      if (note.files.length) {
        const photos = document.createElement('button');
        photos.type = 'button';
        photos.dataset.photo = note.files.join(' ');
        photos.textContent = fill(words.show_photos, { count: note.files.length });
        item.append(' ', photos);
      }
      return item;
    }),
  );
}
