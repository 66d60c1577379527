// A finger on a button is answered in the very next frame: the button looks pressed. That is not yet a
// mark; what follows when the finger lifts is the page's own work, and this look gives way after it.
const AFTER = 100; // ms
let pressed = null;

function release() {
  pressed?.classList.remove('pressed');
  pressed = null;
}

document.addEventListener('pointerdown', (event) => {
  release();
  pressed = event.target.closest('button, .choice');
  pressed?.classList.add('pressed');
});
document.addEventListener('pointercancel', release); // it scrolls
document.addEventListener('pointerup', () => {
  const lifted = pressed;
  setTimeout(() => lifted === pressed && release(), AFTER);
});
