// A gloved or wet finger touches twice: a second touch of the same button within a moment is none.
const MOMENT = 300; // ms
const COUNTED = 150; // of a counter, which an honest finger may press four times a second
let last = { button: null, at: 0 };

// Keys and scripts do not bounce.
export function isBounce(button, event) {
  const now = performance.now();
  const moment = button.dataset.step ? COUNTED : MOMENT;
  const again = event.detail > 0 && last.button === button && now - last.at < moment;
  if (!again) last = { button, at: now };
  return again;
}
