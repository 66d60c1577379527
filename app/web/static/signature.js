// The paper's signature stands behind "#" in the address of its certificate. No request carries it, so the pages do.

// Its digits; whatever else stands there, an app or a link put there (#wechat_redirect, #rd).
export function digitsOf(address) {
  const first = address.split('#')[1] || '';
  return /^[0-9]/.test(first) ? first : '';
}

// To the other language, to the certificate's other page and back.
const digits = digitsOf(location.href);
if (digits) {
  for (const link of document.querySelectorAll('a[hreflang], a[data-carries]')) link.hash = digits;
  for (const form of document.querySelectorAll('form[method=post]')) form.action += `#${digits}`;
}

// The way past the header leaves the address alone.
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  document.getElementById('content').focus();
});
