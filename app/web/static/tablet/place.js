// Is this the sheet of the workstation in front of the judge? Asked whenever the code is another than
// the last one, by one touch: which number stands there. A wrong one is a warning in large type.
import { fill } from './paint.js';

const MOST = 6;
const byId = (id) => document.getElementById(id);

// The right code among its neighbors, in their order.
export function choices(code, beside) {
  const codes = [...new Set([code, ...beside.map((sheet) => sheet.code)])].sort((one, other) => one.length - other.length || (one < other ? -1 : 1));
  const from = Math.max(0, Math.min(codes.indexOf(code) - MOST / 2, codes.length - MOST));
  return codes.slice(from, from + MOST);
}

export class Place {
  constructor(words, onRight) {
    this.words = words;
    this.onRight = onRight;
    this.box = byId('place');
    this.isRight = false;
    this.box.addEventListener('click', (event) => {
      const seen = event.target.closest('button')?.dataset.code;
      if (seen) this.answer(seen);
    });
  }

  // `isAsked` only while the sheet takes marks; one code alone cannot be mistaken.
  show({ sheet, beside, atCode }, isAsked) {
    if (!sheet) return;
    this.sheet = sheet;
    this.beside = beside;
    const codes = choices(sheet.code, beside);
    this.isRight ||= codes.length < 2 || atCode === sheet.code;
    this.box.hidden = !isAsked || this.isRight;
    if (this.box.hidden || this.box.querySelector('[data-code]')) return;
    byId('place-codes').replaceChildren(
      ...codes.map((code) => {
        const button = document.createElement('button');
        button.type = 'button';
        button.dataset.code = code;
        button.textContent = code;
        return button;
      }),
    );
  }

  get isOpen() {
    return !this.box.hidden;
  }

  answer(seen) {
    const { code } = this.sheet;
    const warning = byId('place-warning');
    if (seen === code) {
      this.isRight = true;
      this.box.hidden = true;
      sessionStorage.setItem('at_code', code);
      this.onRight();
      return;
    }
    const other = this.beside.find((sheet) => sheet.code === seen && sheet.form_title === this.sheet.form_title) ?? this.beside.find((sheet) => sheet.code === seen);
    warning.textContent = fill(this.words.wrong_code, { code, seen });
    warning.hidden = false;
    if (!other) return;
    const link = document.createElement('a');
    link.href = `/j/sheets/${other.key}`;
    link.textContent = fill(this.words.open_other, { seen });
    warning.append(link);
  }
}
