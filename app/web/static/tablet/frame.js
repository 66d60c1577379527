// The frame of a sheet, for the time without a network: what stands in it was kept sealed, and is
// opened for its judge only.
import * as store from './store.js';
import { useTheme } from './theme.js';

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

function open(html) {
  document.open();
  document.write(html);
  document.close();
}

// The page itself, as soon as the server gives it. It is opened as it came: asked for again, it might
// again be too slow for the worker, and this frame would stand here instead.
async function waitForServer() {
  const { SigningOn, fetchSheet, keepSheet } = await import('./device.js');
  const signing = new SigningOn(async ({ status }) => {
    if (status !== 'ok') return;
    const page = await fetchSheet(key).catch(() => ({}));
    if (page.html) {
      signing.stop();
      keepSheet(key, page).catch(() => {});
      open(page.html);
    } else if (page.status === 403 || page.status === 404) say('not_yours');
    else signing.later();
  });
  signing.now();
}

const { html, why } = await store.keptPage(key).catch(() => ({ why: 'not_kept' }));
if (html) open(html);
else {
  useTheme();
  say(why);
  if (why !== 'not_yours') waitForServer();
}
