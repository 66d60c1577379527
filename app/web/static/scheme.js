// The grid of a marking scheme: keyboard, pasting from a spreadsheet, undo, sums, a draft. The form works without it.
const grid = document.querySelector("[data-scheme-grid]");
const form = grid.closest("form");
const table = grid.querySelector("table");
const words = grid.dataset;
const FIELDS = ["id", "kind", "title", "max", "section", "factor", "unit", "decimals", "calculation", "requirement", "hint", "step0", "step1", "step2", "step3", "zeroes"];
const E4 = 10000, MOST_UNDO = 30, DRAFT_MS = 800;
const DRAFT = `scheme-draft:${form.getAttribute("action") || location.pathname}`;

const lines = () => [...table.tBodies];
const lineOf = (element) => element.closest(".line");
// A row's fields by name, and its details, which are in the page only while they are open: a page of thousands of fields is slow.
const parts = new WeakMap();
const field = (line, name) => parts.get(line).fields[name];
const nameOf = (element) => element.name.split(".")[1];
const cellsOf = (line) => [...line.rows[0].querySelectorAll("input:not([type=hidden]), select")].filter((cell) => cell.offsetParent);
const say = (text) => { grid.querySelector("[data-said]").textContent = text; };
let current = null; // the row that the tools act on
let dirty = form.hasAttribute("data-dirty"), sending = false, lastWasTyped = false;
let fresh = Math.max(0, ...lines().map((line) => Number(line.dataset.key))) + 1;
const undone = [];

// ---- rows
function textsOf(line) {
  const found = { type: line.dataset.type };
  for (const [name, input] of Object.entries(parts.get(line).fields)) if (name !== "type") found[name] = input.value;
  return found;
}
function made(texts) {
  const line = grid.querySelector(`template[data-blank=${texts.type}]`).content.querySelector("tbody").cloneNode(true);
  const key = String(fresh++);
  line.dataset.key = key;
  for (const element of line.querySelectorAll("[name], [id], [for], [aria-controls]")) {
    for (const name of ["name", "id", "for", "aria-controls"]) {
      const value = element.getAttribute(name);
      if (value && value.startsWith("r0.")) element.setAttribute(name, `r${key}.${value.slice(3)}`);
    }
    if (element.name === "act") element.value = element.value.replace(/:.*/, `:${key}`);
  }
  enliven(line);
  for (const [name, text] of Object.entries(texts)) if (name !== "type") put(line, name, text);
  return line;
}
function put(line, name, text) {
  const input = field(line, name);
  if (!input) return;
  if (input.tagName === "SELECT") {
    const option = [...input.options].find((one) => one.value === text);
    if (option) input.value = text;
  } else input.value = text;
  if (name === "kind") line.dataset.kind = input.value;
}
function enliven(line) {
  const fields = {}, more = line.querySelector(".more");
  for (const input of line.querySelectorAll("[name^=r]")) fields[nameOf(input)] = input;
  parts.set(line, { fields, more });
  line.querySelector(".opener").hidden = false;
  more.querySelector("details").open = true;
  for (const cell of line.rows[0].cells) {
    const named = cell.querySelector("[aria-label]");
    if (named) cell.dataset.label = named.getAttribute("aria-label");
  }
  if (!more.querySelector("[aria-invalid]")) more.remove();
  else toggle(line, true);
}
form.addEventListener("formdata", (event) => {
  for (const line of lines()) for (const input of Object.values(parts.get(line).fields)) if (!input.isConnected) event.formData.append(input.name, input.value);
});
const snapshot = () => lines().map(textsOf);
function show(rows) {
  for (const line of lines()) line.remove();
  table.append(...rows.map(made));
}

// ---- changes of structure, each of which can be undone
function changed(act) {
  undone.push(snapshot());
  if (undone.length > MOST_UNDO) undone.shift();
  const result = act();
  lastWasTyped = false;
  touched();
  return result;
}
function undo() {
  const before = undone.pop();
  if (!before) return;
  const place = Math.max(0, lines().indexOf(current));
  show(before);
  current = lines()[Math.min(place, before.length - 1)];
  if (current) cellsOf(current)[0]?.focus();
  touched();
  say(words.undone);
}
const after = (line) => { // a module's last row, or the row itself
  let last = line;
  if (line.dataset.type === "module") while (last.nextElementSibling && last.nextElementSibling.dataset.type !== "module") last = last.nextElementSibling;
  return last;
};
const block = (line) => { const all = lines(), from = all.indexOf(line); return all.slice(from, all.indexOf(after(line)) + 1); };
function move(line, by) {
  const all = lines(), at = all.indexOf(line), isModule = line.dataset.type === "module";
  let target;
  if (isModule) {
    const modules = all.filter((one) => one.dataset.type === "module");
    target = modules[modules.indexOf(line) + by];
  } else target = all[at + by];
  if (!target || (!isModule && by < 0 && at === 1 && target.dataset.type === "module")) return;
  const focused = document.activeElement, moved = block(line);
  changed(() => { if (by < 0) target.before(...moved); else after(isModule ? target : moved.at(-1)).nextElementSibling ? (isModule ? after(target) : target).after(...moved) : table.append(...moved); });
  if (line.contains(focused)) focused.focus();
  line.scrollIntoView({ block: "nearest" });
  say(words.moved.replace("{n}", lines().indexOf(line) + 1));
}
function add(type, line, texts = {}) {
  const kind = type === "aspect" ? (line?.dataset.kind || "points") : undefined;
  const row = changed(() => { const one = made({ type, ...(kind ? { kind } : {}), ...texts }); line ? line.after(one) : table.append(one); return one; });
  identify(row);
  return row;
}
function remove(line) {
  const next = line.nextElementSibling || line.previousElementSibling;
  changed(() => line.remove());
  if (next && next.matches(".line")) cellsOf(next)[0]?.focus();
  say(words.deleted);
}
// A new aspect gets the number after the highest of its module.
function identify(...fresh) {
  const highest = new Map(), heads = new Map();
  let letter = "";
  for (const line of lines()) {
    if (line.dataset.type === "module") letter = field(line, "id").value.trim();
    heads.set(line, letter);
    const found = line.dataset.type === "aspect" && /^(.*?)(\d{1,6})$/.exec(field(line, "id").value.trim());
    if (found) highest.set(found[1], Math.max(highest.get(found[1]) || 0, Number(found[2])));
  }
  for (const line of fresh) {
    const head = heads.get(line);
    if (line.dataset.type !== "aspect" || field(line, "id").value || !head) continue;
    highest.set(head, (highest.get(head) || 0) + 1);
    field(line, "id").value = `${head}${highest.get(head)}`;
  }
}
function toggle(line, open = !line.classList.contains("is-open")) {
  line.classList.toggle("is-open", open);
  line.querySelector(".opener").setAttribute("aria-expanded", String(open));
  if (open) line.append(parts.get(line).more);
  else parts.get(line).more.remove();
}
function doIt(verb, line) {
  if (verb === "undo") return undo();
  if (verb === "more") { for (let n = 0; n < 5; n++) add("aspect", lines().at(-1)); return lines().at(-5) && focusOn(lines().at(-5), "title"); }
  if (!line) return undefined;
  if (verb === "up" || verb === "down") return move(line, verb === "up" ? -1 : 1);
  if (verb === "delete") return remove(line);
  if (verb === "copy") return focusOn(add(line.dataset.type, line, { ...textsOf(line), id: "" }), "title");
  return focusOn(add(verb, line), "title");
}
function focusOn(line, name) {
  const cell = field(line, name) || cellsOf(line)[0];
  cell.focus();
  if (cell.select) cell.select();
}

// ---- sums, as whole numbers of 1/10,000
const tidy = (text) => text.normalize("NFKC").replace(/\s|分$/g, "").replace(",", ".");
const points = (text) => (/^\d+(\.\d+)?$/.test(tidy(text)) ? Math.round(Number(tidy(text)) * E4) : 0);
const shown = (e4) => String(Number((e4 / E4).toFixed(4)));
function sum() {
  const modules = [], sections = new Map();
  for (const line of lines()) {
    if (line.dataset.type === "module") modules.push({ line, sum: 0, of: [] });
    const module = modules.at(-1);
    if (line.dataset.type !== "aspect" || !module || line.dataset.kind === "gate") continue;
    const factor = line.dataset.kind === "panel" ? field(line, "factor").value : "";
    const most = points(field(line, "max").value) * (factor ? points(factor) / E4 : 1);
    module.sum += most;
    module.of.push([field(line, "section").value.trim(), most]);
  }
  let total = 0;
  const bar = grid.querySelector("[data-sums]");
  for (const old of bar.querySelectorAll(".module")) old.remove();
  for (const module of modules) {
    const weight = field(module.line, "max").value.trim();
    const worth = weight ? points(weight) : module.sum;
    module.line.querySelector("[data-sum]").textContent = shown(module.sum);
    for (const [name, most] of module.of) sections.set(name, (sections.get(name) || 0) + (module.sum ? (most * worth) / module.sum : 0));
    total += worth;
    if (modules.length < 2) continue;
    const part = document.createElement("span");
    part.className = "module";
    part.textContent = `${field(module.line, "id").value} ${shown(worth)} `;
    bar.prepend(part);
    bar.insertBefore(part, bar.querySelector("span:not(.module)"));
  }
  bar.querySelector("[data-total]").textContent = shown(total);
  const off = bar.querySelector("[data-off]"), short = 100 * E4 - Math.round(total);
  off.className = short ? "off" : "fits";
  off.textContent = short ? `${short > 0 ? words.less : words.more} ${shown(Math.abs(short))}` : "✓";
  weigh(sections);
}
function weigh(marks) {
  const given = grid.querySelector("#sections").value.split("\n").map((line) => line.trim().split(/\s+/)).filter((parts) => parts.length > 2);
  grid.classList.toggle("has-sections", given.length > 0);
  grid.querySelector("#scheme-sections").replaceChildren(...given.map(([id]) => Object.assign(document.createElement("option"), { value: id })));
  grid.querySelector("[data-section-sums]").textContent = given.map((parts) => `${parts[0]}: ${shown(marks.get(parts[0]) || 0)} / ${parts.at(-1)}`).join(" · ");
}

// ---- pasting a block
const KINDS = new Map([["m", "measurement"], ["meas", "measurement"], ["j", "judgement"], ["judg", "judgement"]]);
for (const option of grid.querySelector("template[data-blank=aspect]").content.querySelectorAll(".c-kind option")) {
  KINDS.set(option.value, option.value);
  KINDS.set(option.textContent.replace(/[\s（(].*$/, "").toLowerCase(), option.value);
}
for (const [word, kind] of [["打分", "points"], ["测量", "measurement"], ["客观", "measurement"], ["评判", "judgement"], ["主观", "judgement"], ["评委打分", "panel"], ["否决项", "gate"], ["否决", "gate"]]) KINDS.set(word, kind);
const kindOf = (text) => KINDS.get(text.trim().toLowerCase()) || "";
const HEADS = [
  [/^(模块编号|模块|module)$/, "module"], [/^模块名称$/, "module_name"], [/^(模块)?权重$/, "weight"],
  [/^(评分大项|评分项|大项|criterion)$/, "criterion"], [/^(评分子项|子项|subcriteri.*name.*)$/, "sub"], [/^(评分日|dayofmarking)$/, "day"],
  [/^(评分点编号|编号|序号|id)$/, "id"], [/^(类型|评分方式|aspecttype.*)$/, "kind"], [/^(评分点|评分点名称|名称|评分内容|aspect-?–?description|description)$/, "title"],
  [/^(满分|配分|分值|分数|maxmark)$/, "max"], [/^(标准板块|板块|ws[a-z]+section|section)$/, "section"], [/^系数$/, "factor"], [/^单位$/, "unit"], [/^小数位$/, "decimals"],
  [/^(测量计算方式|计算方式)$/, "calculation"], [/^(要求|要求或标称尺寸|requirement.*)$/, "requirement"], [/^(评分说明|说明|评分标准|hint|extraaspect.*)$/, "hint"],
  [/^([0-3])分(的)?描述$/, "step"], [/^否决(的|哪些)评分点$/, "zeroes"],
];
function headOf(text) {
  const plain = text.normalize("NFKC").toLowerCase().replace(/[\s*（）():：]/g, "");
  for (const [sign, name] of HEADS) { const found = sign.exec(plain); if (found) return name === "step" ? `step${found[1]}` : name; }
  return "";
}
function cut(text) { // tab-separated, with quoted cells that hold line breaks
  const rows = [[]];
  const sign = /"((?:[^"]|"")*)"(?=\t|\r?\n|$)|([^\t\r\n]*)/y;
  let at = 0;
  while (at <= text.length) {
    sign.lastIndex = at;
    const found = sign.exec(text);
    rows.at(-1).push((found[1] !== undefined ? found[1].replace(/""/g, '"') : found[2]).trim());
    at = sign.lastIndex;
    if (text[at] === "\t") at++;
    else if (at < text.length) { at += text.startsWith("\r\n", at) ? 2 : 1; if (at < text.length) rows.push([]); else break; }
    else break;
  }
  return rows.filter((row) => row.some(Boolean));
}
function guess(rows) { // what the columns hold, where no header says so
  const wide = Math.max(...rows.map((row) => row.length)), found = new Array(wide).fill("");
  const columns = [...found.keys()].map((at) => rows.map((row) => row[at] || "").filter(Boolean));
  const is = (at, test) => columns[at].length > 0 && columns[at].every(test);
  const kind = columns.findIndex((_, at) => is(at, kindOf));
  const isCount = (at) => columns[at].every((text, place) => text === String(place + 1)) && columns[at].length > 1;
  const numbers = [...found.keys()].filter((at) => is(at, (text) => /^\d+([.,]\d+)?分?$/.test(text.normalize("NFKC"))) && !isCount(at));
  const length = (at) => columns[at].reduce((total, text) => total + text.length, 0);
  const texts = [...found.keys()].filter((at) => at !== kind && !numbers.includes(at) && columns[at].length && !isCount(at)).sort((one, other) => length(other) - length(one));
  if (!texts.length || (wide > 1 && !numbers.length)) return null;
  const id = texts.find((at) => at !== texts[0] && at < texts[0] && is(at, (text) => /^[A-Za-z]{1,2}[\d.]{1,6}$/.test(text)));
  if (kind >= 0) found[kind] = "kind";
  if (id !== undefined) found[id] = "id";
  found[texts[0]] = "title";
  if (numbers.length) found[numbers.at(-1)] = "max";
  const hint = texts.find((at) => at > texts[0] && !found[at]);
  if (hint !== undefined) found[hint] = "hint";
  return found;
}
function columnsOf(rows, cell) {
  const heads = rows[0].map(headOf);
  if (heads.filter(Boolean).length > 1) return [heads, rows.slice(1)];
  const start = FIELDS.indexOf(nameOf(cell));
  const guessed = ["id", "title"].includes(nameOf(cell)) && rows.length > 1 ? guess(rows) : null;
  return [guessed || rows[0].map((_, at) => FIELDS[start + at] || ""), rows];
}
function fill(rows, columns, cell) {
  let line = lineOf(cell), isFirst = true;
  const last = {}, used = new Set(), changedLines = [];
  const head = (type, key, texts) => {
    if (!key || last[type] === key) return;
    last[type] = key;
    if (type === "module") delete last.criterion;
    if (type !== "sub") delete last.sub;
    const one = made({ type, ...texts });
    if (isFirst && line.dataset.type === "aspect") { line.before(one); return; }
    line.after(one); line = one; isFirst = false;
  };
  for (const row of rows) {
    const given = {};
    columns.forEach((name, at) => { if (name && row[at] !== undefined) given[name] = row[at]; });
    head("module", given.module, { id: given.module, title: given.module_name || given.module, max: given.weight || "" });
    head("criterion", given.criterion, { title: given.criterion });
    head("sub", given.sub, { title: given.sub, day: given.day || "" });
    if (!isFirst || used.has(line) || line.dataset.type !== "aspect") {
      const next = line.nextElementSibling;
      if (next && next.dataset.type === "aspect" && !("module" in given)) line = next;
      else { const one = made({ type: "aspect", kind: "points" }); line.after(one); line = one; }
    }
    isFirst = false;
    if (!field(line, "title").value && !field(line, "max").value) put(line, "id", ""); // a blank row's number was only a proposal
    used.add(line);
    changedLines.push(line);
    for (const [name, text] of Object.entries(given)) {
      const value = name === "kind" ? kindOf(text) : ["max", "factor"].includes(name) && points(text) ? shown(points(text)) : text;
      if (FIELDS.includes(name) && (value || !text)) put(line, name, value);
    }
    if (!line.dataset.kind) put(line, "kind", "points");
  }
  identify(...changedLines);
  return changedLines;
}
table.addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text/plain");
  const cell = event.target;
  if (!/[\t\n]/.test(text.trimEnd()) || !cell.name || !lineOf(cell) || cell.tagName === "TEXTAREA") return;
  event.preventDefault();
  const [columns, rows] = columnsOf(cut(text), cell);
  const filled = changed(() => fill(rows, columns, cell));
  if (filled.length) { filled.at(-1).scrollIntoView({ block: "nearest" }); focusOn(filled.at(-1), "title"); }
  say(words.pasted.replace("{n}", filled.length));
});

// ---- the keyboard
function step(cell, by) {
  const line = lineOf(cell), name = nameOf(cell);
  let next = by > 0 ? line.nextElementSibling : line.previousElementSibling;
  if (!next || !next.matches(".line")) { if (by < 0) return; next = add("aspect", line); }
  const target = field(next, name) && isMain(field(next, name)) ? field(next, name) : cellsOf(next).find((one) => nameOf(one) === "title") || cellsOf(next)[0];
  target.focus();
  if (target.select) target.select();
}
function beside(cell, by) {
  const all = cellsOf(lineOf(cell)), next = all[all.indexOf(cell) + by];
  if (next) { next.focus(); if (next.select) next.select(); }
  return Boolean(next);
}
function arrow(event, cell) {
  const isEdge = (place) => cell.tagName === "INPUT" && cell.selectionStart === place && cell.selectionEnd === place;
  if (event.key === "ArrowUp" || event.key === "ArrowDown") {
    if (cell.tagName === "SELECT") return false;
    step(cell, event.key === "ArrowUp" ? -1 : 1);
    return true;
  }
  if (event.key === "ArrowLeft" && isEdge(0)) return beside(cell, -1);
  if (event.key === "ArrowRight" && isEdge(cell.value.length)) return beside(cell, 1);
  return false;
}
const isMain = (element) => element.closest(".more") === null;
table.addEventListener("keydown", (event) => {
  const cell = event.target, line = cell.name && lineOf(cell);
  if (!line || event.isComposing) return;
  const command = event.ctrlKey || event.metaKey;
  let done = true;
  if (event.altKey && ["ArrowUp", "ArrowDown"].includes(event.key)) move(line, event.key === "ArrowUp" ? -1 : 1);
  else if (event.altKey && event.key === "Enter") toggle(line);
  else if (event.altKey && ["Delete", "Backspace"].includes(event.key)) remove(line);
  else if (command && event.key === "Enter") focusOn(add("aspect", line), "title");
  else if (command && event.key.toLowerCase() === "d") doIt("copy", line);
  else if (command || event.altKey) done = false;
  else if (event.key === "Enter" && cell.tagName !== "TEXTAREA" && cell.tagName !== "BUTTON") { if (isMain(cell)) step(cell, event.shiftKey ? -1 : 1); }
  else if (event.key.startsWith("Arrow") && !event.shiftKey && isMain(cell)) done = arrow(event, cell);
  else done = false;
  if (done) event.preventDefault();
});
form.addEventListener("keydown", (event) => {
  const command = event.ctrlKey || event.metaKey;
  if (command && event.key.toLowerCase() === "s") { event.preventDefault(); form.requestSubmit(form.querySelector("[data-save]") || undefined); }
  if (command && event.key.toLowerCase() === "z" && !event.shiftKey && undone.length && !lastWasTyped) { event.preventDefault(); undo(); }
});

// ---- the mouse, and what typing changes
grid.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.matches(".opener")) toggle(lineOf(button));
  else if (button.dataset.do) doIt(button.dataset.do, current || lines().at(-1));
  else if (button.name === "act") { event.preventDefault(); doIt(button.value.split(":")[0], lineOf(button) || lines().at(-1)); }
});
grid.addEventListener("focusin", (event) => { current = lineOf(event.target) || current; });
grid.addEventListener("input", (event) => {
  if (event.target.name?.endsWith(".kind")) lineOf(event.target).dataset.kind = event.target.value;
  lastWasTyped = true;
  touched();
});
document.querySelector(".error-summary")?.addEventListener("click", (event) => {
  const cell = document.getElementById(decodeURIComponent(event.target.hash || "").slice(1));
  if (!cell) return;
  event.preventDefault();
  const line = lineOf(cell);
  if (line && !isMain(cell)) toggle(line, true);
  cell.closest("details")?.setAttribute("open", "");
  cell.focus();
  cell.scrollIntoView({ block: "center" });
});

// ---- the draft, and leaving
let waiting = 0, drawn = 0;
function touched() {
  dirty = true;
  grid.querySelector("[data-do=undo]").disabled = undone.length === 0;
  if (!drawn) drawn = requestAnimationFrame(() => { drawn = 0; sum(); });
  clearTimeout(waiting);
  waiting = setTimeout(keep, DRAFT_MS, false);
}
const stateOf = (isSent) => JSON.stringify({ at: Date.now(), is_sent: isSent, ...state() });
const state = () => ({ rows: snapshot(), sections: grid.querySelector("#sections").value });
function keep(isSent = false) {
  clearTimeout(waiting);
  try { sessionStorage.setItem(DRAFT, stateOf(isSent)); } catch { /* a full store keeps no draft */ }
}
function offerDraft() {
  const kept = JSON.parse(sessionStorage.getItem(DRAFT) || "null"), box = grid.querySelector("[data-draft]");
  if (!kept) return;
  if (kept.is_sent && document.querySelector(".toast")) { sessionStorage.removeItem(DRAFT); return; } // it was saved
  if (form.hasAttribute("data-dirty") || JSON.stringify([kept.rows, kept.sections]) === JSON.stringify(Object.values(state()))) { if (!dirty) sessionStorage.removeItem(DRAFT); return; }
  box.hidden = false;
  box.querySelector("[data-draft-at]").textContent = new Date(kept.at).toLocaleString(document.documentElement.lang);
  box.querySelector("[data-draft-take]").addEventListener("click", () => {
    changed(() => show(kept.rows));
    grid.querySelector("#sections").value = kept.sections;
    box.hidden = true;
    touched();
  });
  box.querySelector("[data-draft-drop]").addEventListener("click", () => { sessionStorage.removeItem(DRAFT); box.hidden = true; });
}
form.addEventListener("submit", () => { sending = true; if (dirty) keep(true); });
window.addEventListener("beforeunload", (event) => { if (dirty && !sending) event.preventDefault(); });
window.addEventListener("pageshow", () => { sending = false; });

grid.classList.add("is-live");
for (const tool of grid.querySelectorAll("[data-tools]")) tool.hidden = false;
lines().forEach(enliven);
sum();
offerDraft();
