// What a touch starts, beside being shown, waits for the frame that shows it. A page that goes, that is
// hidden or that is given no frames waits for none.
const LONGEST = 100; // ms
let due = [];
let timer = 0;
const painted = new MessageChannel();
painted.port1.onmessage = doNow;

export function afterPaint(work) {
  due.push(work);
  if (document.visibilityState === 'hidden') doNow();
  if (due.length !== 1) return;
  requestAnimationFrame(() => painted.port2.postMessage(null));
  timer = setTimeout(doNow, LONGEST);
}

// Do now, and in its order, what still waits.
export function doNow() {
  clearTimeout(timer);
  const works = due;
  due = [];
  for (const work of works) work();
}

// The first of them comes before the next page reads; none comes to the worker.
for (const kind of ['beforeunload', 'pagehide', 'visibilitychange']) addEventListener(kind, doNow);
