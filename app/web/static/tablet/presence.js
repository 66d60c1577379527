// Who is before a shared tablet: left alone for ten minutes in every window, it lets its judge go, and
// the window that lets go tells the others. A window that comes back as it was is asked for anew.
import * as door from './door.js';
import { listen, tell } from './sender.js';
import * as store from './store.js';

const IDLE = 10 * 60 * 1000;
const OFTEN = 15000; // ms between two looks, and between two words to the other windows

// `onIdle` when it is time to leave, `onLeft` when this judge has left in another window.
export function watchPresence({ onIdle, onLeft }) {
  let last = Date.now();
  let told = 0;
  const touch = () => {
    last = Date.now();
    if (last - told < OFTEN) return;
    told = last;
    tell({ type: 'touched' });
  };
  const look = () => {
    if (Date.now() - last >= IDLE && store.judgeHere()) onIdle();
  };
  const kinds = ['pointerdown', 'keydown', 'hashchange']; // the last: a badge that another camera read
  for (const kind of kinds) addEventListener(kind, touch, { passive: true });
  setInterval(look, OFTEN);
  document.addEventListener('visibilitychange', look); // it may have slept
  addEventListener('pageshow', (event) => event.persisted && location.reload());
  listen(({ type, account }) => {
    if (type === 'touched') last = Date.now();
    if (type !== 'left' || store.judgeHere()?.account !== account) return;
    store.dropActor();
    onLeft();
  });
}

export async function leave() {
  const who = store.judgeHere();
  const done = door.leave();
  if (who) tell({ type: 'left', account: who.account });
  await done;
}
