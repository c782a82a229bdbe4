// The review by keyboard: one key for each verdict and each way on. Without this script the page works by forms.
"use strict";

// A second press meant for the pair before must not decide the one that has just appeared.
const GRACE_MILLISECONDS = 350;
const area = document.getElementById("review");

function dialogIsOpen() {
  return document.querySelector("dialog[open]") !== null;
}

function isForText(element) {
  return element.matches("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");
}

function settle() {
  delete area.dataset.ready;
  window.setTimeout(() => {
    area.dataset.ready = "true";
  }, GRACE_MILLISECONDS);
}

function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
}

function toggleRaw() {
  const raw = area.querySelector("[data-raw]");
  if (!raw) return;
  raw.open = !raw.open;
  raw.querySelector("summary").focus();
}

function press(key) {
  const target = area.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!target) return;
  if (target.matches("input")) {
    target.focus();
    target.select();
  } else {
    target.click();
  }
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && isForText(event.target) && !dialogIsOpen()) {
    event.target.blur();
    area.querySelector("h2").focus();
    return;
  }
  if (isForText(event.target) || dialogIsOpen()) return;
  const key = event.key.toLowerCase();
  if (!["y", "n", "u", "j", "k", "z", "d", "/", "?"].includes(key)) return;
  // Before the frame's own key: here "/" looks for another entity, not through the whole roster.
  event.preventDefault();
  event.stopImmediatePropagation();
  if (event.repeat || !area.dataset.ready) return;
  if (key === "?") openDialog("help-dialog");
  else if (key === "d") toggleRaw();
  else press(key);
}

function showCount() {
  const left = area.querySelector("[data-left]");
  const count = document.querySelector('.side a[aria-current] .count');
  if (left && count) count.textContent = Number(left.dataset.left).toLocaleString("zh-CN");
}

document.addEventListener("keydown", onKey, { capture: true });
document.addEventListener("htmx:beforeRequest", (event) => {
  if (area.contains(event.target)) delete area.dataset.ready;
});
document.addEventListener("htmx:afterRequest", settle);
document.addEventListener("htmx:afterSettle", () => {
  showCount();
  window.scrollTo({ top: 0 });
});
