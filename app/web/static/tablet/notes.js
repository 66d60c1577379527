// A note on an aspect, with photos: made small here, named by their SHA-256 in the note's own record.
import { fill } from './paint.js';
import * as vault from './vault.js';

const LONGEST = 1280; // pixels of a photo's longer side
const QUALITY = 0.72;
const MOST_BYTES = 600000; // app/sheets/files.py takes no more
const MOST = 3; // photos beside a note
const HEX = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');

// A file as it waits here: its digest, and its bytes sealed where there is a vault.
export async function keepable(bytes, account) {
  const digest = HEX(await crypto.subtle.digest('SHA-256', bytes));
  const isSealed = vault.isOpenFor(account);
  return { digest, vault: isSealed ? account : 0, bytes: isSealed ? await vault.sealBytes(bytes) : bytes };
}

export const canKeepFiles = () => Boolean(globalThis.crypto?.subtle);

async function small(file) {
  const picture = await createImageBitmap(file);
  for (let [longest, quality] = [LONGEST, QUALITY]; ; [longest, quality] = [longest * 0.9, quality * 0.8]) {
    const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
    if (blob.size <= MOST_BYTES) return new Uint8Array(await blob.arrayBuffer());
  }
}

// The dialog for notes, and for the word that a discussion ends with.
export class NoteDialog {
  constructor(dialog) {
    this.dialog = dialog;
    this.form = dialog.querySelector('form');
    this.text = dialog.querySelector('textarea');
    this.photos = dialog.querySelector('input[type=file]');
    this.again = dialog.querySelector('fieldset');
    this.fault = dialog.querySelector('.fault');
    this.made = []; // photos made small
    this.taking = null; // those that are being made
    this.form.addEventListener('submit', (event) => this.check(event));
    this.photos.addEventListener('change', () => this.count());
  }

  count() {
    const count = this.made.length + this.photos.files.length;
    this.dialog.querySelector('#note-photos').textContent = count ? fill(this.words.photo_count, { count }) : '';
  }

  // The dialog stays until every photo could be read, or the judge goes on without those that could not.
  async check(event) {
    if (event.submitter?.value !== 'yes') return;
    event.preventDefault();
    if (this.taking) return;
    const isChosen = this.again.hidden || this.form.elements.again.value !== '';
    const isSaid = this.text.value.trim() !== '' || (this.again.hidden && this.made.length + this.photos.files.length);
    if (!isChosen || !isSaid) this.refuse(this.fault.dataset.says);
    else await this.take();
  }

  async take() {
    const { made } = this;
    this.taking = made;
    const files = [...this.photos.files].slice(0, MOST - made.length);
    let lost = 0;
    for (const file of files) {
      const photo = await small(file).catch(() => null);
      if (photo) made.push(photo);
      else lost += 1;
    }
    if (made !== this.made) return; // cancelled meanwhile, and asked anew
    this.taking = null;
    this.photos.value = '';
    this.count();
    if (lost) this.refuse(fill(this.words.photos_lost, { count: lost }));
    else this.dialog.close('yes');
  }

  refuse(says) {
    this.fault.textContent = says;
    this.text.focus();
  }

  // Answers { text, value, photos } or null; a discussion asks for a new mark as well.
  async ask({ title, isDiscussion, value = '', words }) {
    this.words = words;
    this.form.reset();
    this.form.elements.again.value = value;
    this.fault.textContent = '';
    this.made = [];
    this.taking = null;
    this.count();
    this.dialog.querySelector('h2 span').textContent = title;
    this.again.hidden = !isDiscussion;
    this.dialog.classList.toggle('discussion', isDiscussion);
    this.dialog.querySelector('.photo').hidden = isDiscussion || !canKeepFiles();
    this.dialog.returnValue = '';
    this.dialog.showModal();
    await new Promise((resolve) => this.dialog.addEventListener('close', resolve, { once: true }));
    if (this.dialog.returnValue !== 'yes') return null;
    return { text: this.text.value.trim(), value: this.form.elements.again.value, photos: this.made };
  }
}

// Shows photos: from this tablet while they wait here, else from the server.
export class PhotoDialog {
  constructor(dialog, find, words) {
    this.dialog = dialog;
    this.find = find;
    this.words = words;
    this.addresses = [];
    dialog.addEventListener('close', () => this.forget());
  }

  forget() {
    for (const address of this.addresses) URL.revokeObjectURL(address);
    this.addresses = [];
    this.dialog.querySelector('.pictures').replaceChildren();
  }

  async show(digests) {
    this.forget();
    this.say(this.words.photos_loading);
    this.dialog.showModal();
    const found = await Promise.all(digests.map((digest) => this.find(digest).catch(() => null)));
    if (!this.dialog.open) return;
    const there = found.filter(Boolean);
    this.say(there.length === digests.length ? '' : this.words.photos_later);
    this.dialog.querySelector('.pictures').replaceChildren(...there.map((bytes, at) => this.picture(bytes, at)));
  }

  say(line) {
    const status = this.dialog.querySelector('[role=status]');
    status.textContent = line;
    status.hidden = !line;
  }

  picture(bytes, at) {
    const address = URL.createObjectURL(new Blob([bytes]));
    this.addresses.push(address);
    const image = document.createElement('img');
    image.src = address;
    image.alt = this.words.photo_alt.replace('{number}', at + 1);
    return image;
  }
}
