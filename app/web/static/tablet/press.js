// A finger on a button is answered in the very next frame: the button looks pressed. That is not yet a
// mark; what follows when the finger lifts is the page's own work, and this look gives way after it.
const AFTER = 100; // ms
let pressed = null;

function release() {
  pressed?.classList.remove('pressed');
  pressed = null;
}

// A finger that has lifted before the frame is answered by what it did.
document.addEventListener('pointerdown', (event) => {
  release();
  const button = event.target.closest('button, .choice');
  pressed = button;
  requestAnimationFrame(() => pressed === button && button?.classList.add('pressed'));
});
document.addEventListener('pointercancel', release); // it scrolls
document.addEventListener('pointerup', () => {
  const lifted = pressed;
  if (!lifted?.classList.contains('pressed')) pressed = null;
  else setTimeout(() => lifted === pressed && release(), AFTER);
});
