// A gloved or wet finger touches twice: a second touch of the same button within a moment is none.
const MOMENT = 300; // ms
let last = { button: null, at: 0 };

// Keys and scripts do not bounce.
export function isBounce(button, event) {
  const now = performance.now();
  const again = event.detail > 0 && last.button === button && now - last.at < MOMENT;
  if (!again) last = { button, at: now };
  return again;
}
