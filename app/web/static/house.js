// Small helps for pages that work without them: toasts go, errors get the focus, progress is asked for, forms send once.
"use strict";
const toast = document.querySelector(".toast");
if (toast) setTimeout(() => toast.remove(), 6000);
const summary = document.querySelector(".error-summary[tabindex]");
if (summary) summary.focus();
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) { event.preventDefault(); return; }
    for (const button of form.querySelectorAll("button[type=submit], button:not([type])")) {
      setTimeout(() => { button.disabled = true; }, 0);
    }
  });
}
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const button of document.querySelectorAll("button:disabled[type=submit]")) button.disabled = false;
});
for (const box of document.querySelectorAll("[data-progress]")) {
  const ask = async () => {
    try {
      const answer = await fetch(box.dataset.progress, { headers: { accept: "application/json" } });
      const state = await answer.json();
      const bar = box.querySelector("progress");
      if (bar && state.total) { bar.max = state.total; bar.value = state.done; }
      const words = box.querySelector("[data-words]");
      if (words) words.textContent = state.words || `${state.done} / ${state.total}`;
      if (state.is_over) { window.location.reload(); return; }
    } catch { /* the network comes back, or the page is read again */ }
    setTimeout(ask, 1000);
  };
  ask();
}
for (const all of document.querySelectorAll("input[data-select-all]")) {
  all.addEventListener("change", () => {
    for (const box of document.querySelectorAll(`input[name="${all.dataset.selectAll}"]`)) box.checked = all.checked;
  });
}
for (const button of document.querySelectorAll("[data-add-row]")) {
  button.addEventListener("click", () => {
    const rows = document.querySelectorAll(button.dataset.addRow);
    const copy = rows[rows.length - 1].cloneNode(true);
    for (const field of copy.querySelectorAll("input, textarea, select")) field.value = "";
    rows[rows.length - 1].after(copy);
    copy.querySelector("input, textarea, select")?.focus();
  });
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}
