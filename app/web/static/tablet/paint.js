// Shows a cell: the control's position, the honest state of saving, conflict, and the others' scores.
import { isConflict, present } from './cells.js';

export function fill(sentence, facts) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? '');
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
  saved.textContent = isZeroed && !now ? words.zeroed : words[`cell_${state}`] ?? '';
  if (cell.trouble?.code) saved.textContent = words[`fault_${cell.trouble.code}`] ?? saved.textContent;
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

export function paintOthers(card, cell, words) {
  const line = card.querySelector('.others');
  if (card.dataset.kind !== 'judgement') return;
  line.hidden = false;
  if (!cell.others) {
    line.textContent = words.sealed;
    line.classList.remove('apart');
    return;
  }
  const values = cell.others.map((other) => `${other.seat} ${shown(other, words)}`).join('　');
  const now = present(cell.heads);
  const given = [...cell.others, ...(now ? [now] : [])].filter((head) => head.m === 'marked').map((head) => Number(head.v));
  const isApart = given.length > 1 && Math.max(...given) - Math.min(...given) > 1;
  line.textContent = fill(isApart ? words.apart : words.revealed, { values });
  line.classList.toggle('apart', isApart);
}
