// The desk signs on the glass too: what was drawn goes along with the form.
import { toText } from './tablet/vault.js';
import { SigningPad } from './tablet/signing.js';

for (const form of document.querySelectorAll('form[data-signing]')) {
  const pad = new SigningPad(form.querySelector('.signing'));
  form.addEventListener('submit', async (event) => {
    if (pad.isEmpty || form.elements.signature.value) return;
    event.preventDefault();
    form.elements.signature.value = toText(await pad.bytes());
    form.requestSubmit();
  });
}
