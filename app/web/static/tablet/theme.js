// The theme for sunlight: black on white, heavier lines and larger words. Remembered on this tablet.
function show(isSun) {
  document.documentElement.classList.toggle('sun', isSun);
  for (const button of document.querySelectorAll('[data-theme]')) button.setAttribute('aria-pressed', String(isSun));
}

const remembered = () => {
  try {
    return localStorage.getItem('theme') === 'sun';
  } catch {
    return false; // storage is switched off
  }
};

function change(event) {
  if (!event.target.closest('[data-theme]')) return;
  const isSun = !document.documentElement.classList.contains('sun');
  show(isSun);
  try {
    localStorage.setItem('theme', isSun ? 'sun' : '');
  } catch {
    // it holds until the page is left
  }
}

// Each page asks for it: one that was written into a frame finds this module running already.
export function useTheme() {
  show(remembered());
  document.addEventListener('click', change);
}
