// The fitness test: measure, ask the house for the verdict, show go or no-go.
import { useTheme } from './theme.js';
import { keepPages, startWorker } from './device.js';
import { ask } from './door.js';
import { measure } from './fitness.js';
import { fill } from './paint.js';
import * as store from './store.js';

const words = JSON.parse(document.getElementById('words').textContent);
const byId = (id) => document.getElementById(id);

function say(problem) {
  byId('notice').textContent = problem;
  byId('notice').hidden = !problem;
}

function fail(problem) {
  say(problem);
  byId('verdict').textContent = words.no_go;
  byId('verdict').classList.add('no_go');
}

async function run() {
  document.body.removeAttribute('data-ready');
  byId('verdict').className = 'verdict';
  byId('verdict').textContent = words.measuring;
  say('');
  const hasWorker = await startWorker();
  const found = await measure(hasWorker);
  const { token } = await store.meta();
  if (!token) fail(words.unpaired);
  else await judge(found).catch(() => fail(words.offline));
  if (hasWorker) keepPages().catch(() => {});
  document.body.dataset.ready = 'yes';
}

async function judge(found) {
  const { said: report } = await ask('fitness', found);
  if (!report.findings) throw new Error('no report');
  byId('verdict').textContent = report.is_go ? words.go : words.no_go;
  byId('verdict').classList.add(report.is_go ? 'go' : 'no_go');
  byId('label').textContent = fill(words.checked_at, { label: report.label, at: new Date().toLocaleString() });
  byId('findings').replaceChildren(...report.findings.map(row));
  if (found.has_survived === null) say(words.reopen);
}

function row(finding) {
  const made = document.createElement('tr');
  const head = document.createElement('th');
  head.scope = 'row';
  head.textContent = finding.check;
  made.append(head);
  for (const [text, name] of [[finding.verdict_word, `finding ${finding.verdict}`], [finding.value, 'number']]) {
    const cell = document.createElement('td');
    cell.textContent = text;
    cell.className = name;
    made.append(cell);
  }
  return made;
}

byId('again').addEventListener('click', run);
byId('print').addEventListener('click', () => print());
useTheme();
run();
