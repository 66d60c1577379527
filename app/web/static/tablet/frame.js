// The frame of a sheet, for the time without a network: what stands in it was kept sealed, and is
// opened for its judge only.
import * as store from './store.js';

const words = JSON.parse(document.getElementById('words').textContent);
const key = location.pathname.split('/').pop();

function say(why) {
  const notice = document.getElementById('notice');
  notice.textContent = words[why];
  notice.hidden = false;
  const home = document.createElement('a');
  home.href = '/j/';
  home.textContent = words.home;
  notice.append(home);
  document.getElementById('state').hidden = true;
  document.body.dataset.ready = 'yes';
}

// The page itself, as soon as the server gives it.
async function fetchPage() {
  const answer = await fetch(location.href, { cache: 'no-store' }).catch(() => null);
  if (answer?.ok && answer.headers.get('x-app') === 'xiangjiang') location.reload();
  else if (answer?.status === 403 || answer?.status === 404) say('not_yours');
}

async function waitForServer() {
  await import('./theme.js'); // the kept page brings its own
  const { SigningOn } = await import('./device.js');
  new SigningOn(({ status }) => status === 'ok' && fetchPage()).now();
}

const { html, why } = await store.keptPage(key).catch(() => ({ why: 'not_kept' }));
if (html) {
  document.open();
  document.write(html);
  document.close();
} else {
  say(why);
  if (why !== 'not_yours') waitForServer();
}
