// Signing on the glass: a finger or a pen draws; who cannot, types the name. A PNG comes out.
const WIDTH = 600;
const HEIGHT = 200;

export class SigningPad {
  constructor(box) {
    this.box = box;
    this.canvas = box.querySelector('canvas');
    this.typed = box.querySelector('input[type=text]');
    this.fault = box.querySelector('.fault');
    this.pen = this.canvas.getContext('2d');
    this.last = null;
    this.canvas.addEventListener('pointerdown', (event) => this.begin(event));
    this.canvas.addEventListener('pointermove', (event) => this.draw(event));
    for (const end of ['pointerup', 'pointercancel']) this.canvas.addEventListener(end, () => (this.last = null));
    box.querySelector('[data-wipe]').addEventListener('click', () => this.clear());
    this.clear();
  }

  clear() {
    this.canvas.width = WIDTH;
    this.canvas.height = HEIGHT;
    this.pen.fillStyle = '#fff';
    this.pen.fillRect(0, 0, WIDTH, HEIGHT);
    this.pen.lineWidth = 4;
    this.pen.lineCap = 'round';
    this.pen.lineJoin = 'round';
    this.pen.strokeStyle = '#111318';
    this.isEmpty = true;
    if (this.typed) this.typed.value = '';
    this.fault.textContent = '';
  }

  place(event) {
    const frame = this.canvas.getBoundingClientRect();
    return [((event.clientX - frame.left) * WIDTH) / frame.width, ((event.clientY - frame.top) * HEIGHT) / frame.height];
  }

  begin(event) {
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.last = this.place(event);
    this.line(this.last);
  }

  draw(event) {
    if (!this.last) return;
    for (const one of event.getCoalescedEvents?.() ?? [event]) this.line(this.place(one));
  }

  line(to) {
    this.pen.beginPath();
    this.pen.moveTo(...this.last);
    this.pen.lineTo(...to);
    this.pen.stroke();
    this.last = to;
    this.isEmpty = false;
    this.fault.textContent = '';
  }

  get isSigned() {
    return !this.isEmpty || Boolean(this.typed?.value.trim());
  }

  // The signature as PNG bytes; a typed name is written into the same frame.
  async bytes() {
    if (this.isEmpty) {
      this.pen.fillStyle = '#111318';
      this.pen.font = '64px serif';
      this.pen.fillText(this.typed.value.trim(), 24, 124, WIDTH - 48);
    }
    const blob = await new Promise((resolve) => this.canvas.toBlob(resolve, 'image/png'));
    return new Uint8Array(await blob.arrayBuffer());
  }
}
