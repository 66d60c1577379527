// The editor of rule sets: what is typed is worked out by the house while it is typed. Nothing is counted here, and
// without this script 试算 and the rows' buttons send the form and get the whole page.
"use strict";
const editor = document.querySelector("form[data-trial]");
const send = (address, act) => {
  const fields = new FormData(editor);
  fields.set("act", act);
  return fetch(address, { method: "POST", body: new URLSearchParams(fields) }).then((answer) => answer.text())
    .then((text) => new DOMParser().parseFromString(text, "text/html"));
};

let asked = 0;
async function tryOut() {
  const mine = ++asked;
  const found = await send(editor.dataset.trial, "try").catch(() => null);
  if (!found || mine !== asked) return; // the network comes back, or a later question is under way
  for (const piece of found.querySelectorAll("[data-example]")) document.getElementById(piece.id)?.replaceWith(piece);
}

async function reshape(act, focus) {
  const mine = ++asked;
  const found = await send(editor.getAttribute("action"), act).catch(() => null);
  const fresh = found?.querySelector("form[data-trial]");
  if (!fresh || mine !== asked) return;
  editor.replaceChildren(...fresh.childNodes);
  const next = document.getElementById(focus || fresh.dataset.focus || "");
  if (next) { next.focus(); if (next.select) next.select(); }
}

if (editor) {
  let waiting;
  editor.addEventListener("input", (event) => {
    if (event.target.matches("[data-shape], [type=radio]")) return;
    clearTimeout(waiting);
    waiting = setTimeout(tryOut, 300);
  });
  editor.addEventListener("change", (event) => {
    const field = event.target;
    if (!field.matches("[data-shape], [type=radio]")) return;
    clearTimeout(waiting);
    const at = [...editor.querySelectorAll(`[name="${field.name}"]`)].indexOf(field);
    reshape("shape", field.id || `${field.name}`).then(() => {
      if (field.type === "radio") editor.querySelectorAll(`[name="${field.name}"]`)[at]?.focus();
    });
  });
  editor.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || !button.matches("[data-act]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    clearTimeout(waiting);
    reshape(button.value, "");
  }, true);
}
