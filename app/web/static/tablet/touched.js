// A touch is shown within a frame, and sealing a mark and opening a transaction take a good part of one. So a
// mark is left in the window's storage in the touch's own task, beside the key that seals it, where no reload
// takes it; it goes into the database when its frame is painted.
const LONGEST = 100; // ms that a page waits that is given no frames
const PLACE = 'touched ';
let due = [];
let timer = 0;
const painted = new MessageChannel();
painted.port1.onmessage = writeNow;

// Leave a mark here now, and have `write` do its work after the frame; `write` promises when it is done.
// Where nothing can be left, it is written at once.
export function afterPaint(mark, write) {
  const place = PLACE + mark.id;
  try {
    sessionStorage.setItem(place, JSON.stringify(mark));
  } catch {
    writeNow();
    return write();
  }
  return new Promise((resolve, reject) => {
    // What failed before the judge's eyes must not come back by itself after a reload.
    due.push(() => write().finally(() => sessionStorage.removeItem(place)).then(resolve, reject));
    if (document.visibilityState === 'hidden') writeNow();
    if (due.length !== 1) return;
    requestAnimationFrame(() => painted.port2.postMessage(null));
    timer = setTimeout(writeNow, LONGEST);
  });
}

// Write now, and in its order, what still waits for its frame.
export function writeNow() {
  clearTimeout(timer);
  const works = due;
  due = [];
  for (const work of works) work();
}

// What an earlier page of this window left, in the order of its touches.
export function left() {
  const places = Object.keys(globalThis.sessionStorage ?? {}).filter((name) => name.startsWith(PLACE));
  return places.sort().map((place) => ({ place, mark: JSON.parse(sessionStorage.getItem(place)) }));
}

if (globalThis.document) for (const kind of ['pagehide', 'visibilitychange']) addEventListener(kind, writeNow);
