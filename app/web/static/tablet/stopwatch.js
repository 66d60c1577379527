// A stop-watch on measured times. It knows when it began, so that a reload does not stop it.
import { isBounce } from './bounce.js';

const KEY = (place) => `watch ${place}`;

export class Stopwatch {
  constructor(card, place, { onTime, say }) {
    this.face = card.querySelector('.watch output');
    this.button = card.querySelector('[data-watch]');
    this.unit = Number(card.dataset.time);
    this.place = KEY(place);
    this.onTime = onTime;
    this.say = say;
    this.timer = null;
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
    localStorage.setItem(this.place, String(this.began));
    this.run();
  }

  run() {
    this.button.setAttribute('aria-pressed', 'true');
    this.show();
    this.timer = setInterval(() => this.show(), 100);
  }

  show() {
    this.face.textContent = this.say(((Date.now() - this.began) / 1000).toFixed(1));
  }

  stop() {
    const seconds = (Date.now() - this.began) / 1000;
    clearInterval(this.timer);
    localStorage.removeItem(this.place);
    this.began = 0;
    this.button.setAttribute('aria-pressed', 'false');
    this.face.textContent = '';
    this.onTime(seconds / this.unit);
  }
}
