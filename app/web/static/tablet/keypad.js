// Our own numeric keypad: large keys for gloves and wet hands, with the range and unit in sight.
// It types into the focused number field, so a real keyboard works the same way.

export class Keypad {
  constructor(panel, { onDone }) {
    this.panel = panel;
    this.field = null;
    this.onDone = onDone;
    panel.addEventListener('pointerdown', (event) => event.preventDefault()); // keeps the focus in the field
    panel.addEventListener('mousedown', (event) => event.preventDefault());
    panel.addEventListener('click', (event) => {
      const key = event.target.closest('button')?.dataset.key;
      if (key && this.field) this.press(key);
    });
  }

  show(field, { title, range, isSigned, isWhole }) {
    this.field = field;
    this.panel.querySelector('#keypad-aspect').textContent = title;
    this.panel.querySelector('#keypad-range').textContent = range;
    this.panel.querySelector('[data-key="sign"]').hidden = !isSigned;
    this.panel.querySelector('[data-key="."]').disabled = isWhole;
    this.panel.hidden = false;
    this.echo();
    makeRoom(`${this.panel.offsetHeight}px`);
    requestAnimationFrame(() => field.closest('.stepper').scrollIntoView({ block: 'nearest' }));
  }

  echo() {
    if (this.field) this.panel.querySelector('#keypad-value').textContent = this.field.value;
  }

  hide() {
    this.field = null;
    this.panel.hidden = true;
    makeRoom('');
  }

  press(key) {
    const field = this.field;
    if (key === 'close') {
      field.blur();
      return;
    }
    if (key === 'done') {
      this.onDone(field);
      return;
    }
    const isChosen = field.selectionStart === 0 && field.selectionEnd === field.value.length && field.value !== '';
    const old = isChosen ? '' : field.value;
    field.value = typed(old, key).slice(0, field.maxLength);
    field.setSelectionRange(field.value.length, field.value.length);
    field.dispatchEvent(new Event('input', { bubbles: true }));
    this.echo();
  }
}

// Room below the last aspect, said to the two elements alone: a property or class that is inherited
// would style all aspects anew.
function makeRoom(height) {
  document.body.style.paddingBottom = height;
  document.documentElement.style.scrollPaddingBottom = height && `calc(${height} + .5rem)`;
}

function typed(old, key) {
  if (key === 'back') return old.slice(0, -1);
  if (key === 'sign') return old.startsWith('-') ? old.slice(1) : `-${old}`;
  if (key === '.') return old.includes('.') ? old : `${old || '0'}.`;
  return old === '0' ? key : old + key;
}
