// Small helps for pages that work without them: toasts go, errors get the focus, progress is asked for, forms ask and send once.
"use strict";
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

const toast = document.querySelector(".toast");
if (toast) setTimeout(() => toast.remove(), 6000);
const summary = document.querySelector(".error-summary[tabindex]");
if (summary) summary.focus();

// A form asks first where it says so, and is sent once: a second click would send it twice.
const ask = document.getElementById("ask");
const sure = new WeakSet();
function asked(form, button) {
  if (!ask || !ask.showModal) return window.confirm(form.dataset.confirm);
  ask.querySelector("p").textContent = form.dataset.confirm;
  const yes = ask.querySelector("button[value=yes]");
  yes.textContent = button ? button.textContent : yes.textContent;
  yes.classList.toggle("button-final", Boolean(button && button.classList.contains("button-final")));
  ask.addEventListener("close", () => {
    if (ask.returnValue !== "yes") return;
    sure.add(form);
    form.requestSubmit(button || undefined);
  }, { once: true });
  ask.returnValue = "";
  ask.showModal();
  return false;
}
for (const form of all("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter || null;
    if (form.dataset.confirm && !sure.has(form) && !asked(form, button)) { event.preventDefault(); return; }
    sure.delete(form);
    const buttons = all("button:not([type=button])", form);
    setTimeout(() => {
      for (const one of buttons) one.disabled = true;
      if (button) button.setAttribute("aria-busy", "true");
    }, 0);
    setTimeout(() => rest(buttons), 8000); // the answer may be a file, and the page stays
  });
}
function rest(buttons) {
  for (const button of buttons) { button.disabled = false; button.removeAttribute("aria-busy"); }
}
window.addEventListener("pageshow", (event) => { if (event.persisted) rest(all("button[aria-busy], button:disabled")); });

for (const box of all("[data-progress]")) {
  const look = async () => {
    try {
      const answer = await fetch(box.dataset.progress, { headers: { accept: "application/json" } });
      if (answer.status === 404) { window.location.reload(); return; } // it is gone, as the page itself will say
      if (!answer.ok) throw new Error(answer.status);
      const state = await answer.json();
      const bar = box.querySelector("progress");
      if (bar && state.total) { bar.max = state.total; bar.value = state.done; }
      const words = box.querySelector("[data-words]");
      if (words) words.textContent = state.words || `${state.done} / ${state.total}`;
      if (state.is_over) { window.location.reload(); return; }
    } catch { /* the network comes back, or the page is read again */ }
    setTimeout(look, 1000);
  };
  look();
}

for (const head of all("input[data-select-all]")) {
  const boxes = all(`input[name="${head.dataset.selectAll}"]`);
  const show = () => {
    const count = boxes.filter((box) => box.checked).length;
    head.checked = count > 0 && count === boxes.length;
    head.indeterminate = count > 0 && count < boxes.length;
    for (const box of boxes) box.closest("tr")?.classList.toggle("is-chosen", box.checked);
  };
  head.addEventListener("change", () => { for (const box of boxes) box.checked = head.checked; show(); });
  for (const box of boxes) box.addEventListener("change", show);
  show();
}

for (const button of all("[data-add-row]")) {
  button.addEventListener("click", () => {
    const rows = all(button.dataset.addRow);
    const copy = rows[rows.length - 1].cloneNode(true);
    for (const field of all("input, textarea, select", copy)) {
      field.value = "";
      for (const name of ["id", "aria-invalid", "aria-describedby"]) field.removeAttribute(name);
    }
    for (const part of all(".field-wrong", copy)) part.classList.remove("field-wrong");
    for (const part of all(".field-error", copy)) part.remove();
    rows[rows.length - 1].after(copy);
    copy.querySelector("input, textarea, select")?.focus();
  });
}

// A long list is narrowed by typing parts of a name; Enter goes to the first that fits.
for (const list of all("select[data-search]")) {
  const whole = list.cloneNode(true);
  const box = Object.assign(document.createElement("input"), { type: "search", placeholder: list.dataset.search, autocomplete: "off" });
  box.setAttribute("aria-label", list.dataset.search);
  box.setAttribute("aria-controls", list.id);
  list.before(box);
  box.addEventListener("input", () => {
    const parts = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = list.value;
    list.replaceChildren(...whole.cloneNode(true).children);
    for (const option of all("option", list)) {
      const text = `${option.textContent} ${option.parentNode.label || ""}`.toLowerCase();
      if (option.value && option.value !== chosen && !parts.every((part) => text.includes(part))) option.remove();
    }
    for (const group of all("optgroup", list)) if (!group.children.length) group.remove();
    list.value = chosen;
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const first = all("option", list).find((option) => option.value && option.value !== list.value);
    if (box.value && first) list.value = first.value;
    list.focus();
  });
}

for (const button of all("[data-print]")) button.addEventListener("click", () => window.print());
for (const button of all("[data-back]")) {
  if (window.history.length < 2) continue;
  button.hidden = false;
  button.addEventListener("click", () => window.history.back());
}
for (const button of all("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    button.textContent = button.dataset.done;
  });
}

// Where a bar or a table scrolls sideways: the present place comes into view, and the keyboard can scroll it.
for (const here of all(".rail a[aria-current], .tabs a[aria-current], .desk-top nav a[aria-current], .top nav a[aria-current]")) {
  const bar = here.closest(".rail, .tabs, nav");
  if (bar.scrollWidth > bar.clientWidth) bar.scrollLeft = here.offsetLeft - bar.clientWidth / 2 + here.offsetWidth / 2;
}
function reachable() {
  for (const wrap of all(".table-wrap")) {
    if (wrap.scrollWidth > wrap.clientWidth || wrap.scrollHeight > wrap.clientHeight) wrap.tabIndex = 0;
    else wrap.removeAttribute("tabindex");
  }
}
reachable();
window.addEventListener("resize", reachable);
