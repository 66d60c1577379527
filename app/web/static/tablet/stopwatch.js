// A stop-watch on measured times. It knows when it began, so that a reload does not stop it. The clock may be
// corrected meanwhile, and a page's own counter stands still while a tablet sleeps: where both do not agree,
// or a reload lies between, the judge is asked.
import { isBounce } from './bounce.js';

const KEY = (place) => `watch ${place}`;
const CLOSE = 0.5; // seconds between the two that nobody is asked about

export class Stopwatch {
  constructor(card, place, { onTime, say }) {
    this.face = card.querySelector('.watch output');
    this.button = card.querySelector('[data-watch]');
    this.unit = Number(card.dataset.time);
    this.place = KEY(place);
    this.onTime = onTime;
    this.say = say;
    this.timer = null;
    this.counted = null; // the page's counter when it began; none after a reload
    this.began = Number(localStorage.getItem(this.place)) || 0;
    this.button.addEventListener('click', (event) => {
      if (isBounce(this.button, event)) return;
      if (this.began) this.stop();
      else this.start();
    });
    if (this.began) this.run();
  }

  start() {
    this.began = Date.now();
    this.counted = performance.now();
    localStorage.setItem(this.place, String(this.began));
    this.run();
  }

  run() {
    this.button.setAttribute('aria-pressed', 'true');
    this.show();
    this.timer = setInterval(() => this.show(), 100);
  }

  // How many seconds have gone, and whether that is sure.
  read() {
    const byClock = (Date.now() - this.began) / 1000;
    if (this.counted === null) return { seconds: Math.max(0, byClock), isSure: false };
    const seconds = (performance.now() - this.counted) / 1000;
    return { seconds, isSure: Math.abs(seconds - byClock) < CLOSE };
  }

  show() {
    this.face.textContent = this.say(this.read().seconds.toFixed(1));
  }

  stop() {
    const { seconds, isSure } = this.read();
    clearInterval(this.timer);
    localStorage.removeItem(this.place);
    this.began = 0;
    this.button.setAttribute('aria-pressed', 'false');
    this.face.textContent = '';
    this.onTime(seconds / this.unit, isSure);
  }
}
