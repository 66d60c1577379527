// The theme for sunlight: black on white, heavier lines and larger words. Remembered on this tablet.
const root = document.documentElement;

function show(isSun) {
  root.classList.toggle('sun', isSun);
  for (const button of document.querySelectorAll('[data-theme]')) button.setAttribute('aria-pressed', String(isSun));
}

const remembered = () => {
  try {
    return localStorage.getItem('theme') === 'sun';
  } catch {
    return false; // storage is switched off
  }
};

show(remembered());
document.addEventListener('click', (event) => {
  if (!event.target.closest('[data-theme]')) return;
  const isSun = !root.classList.contains('sun');
  show(isSun);
  try {
    localStorage.setItem('theme', isSun ? 'sun' : '');
  } catch {
    // it holds until the page is left
  }
});
