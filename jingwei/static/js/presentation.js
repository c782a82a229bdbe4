// Sheets of the presentation view: one at a time, turned by keys, buttons or the address.
"use strict";

const sheets = Array.from(document.querySelectorAll("[data-sheets] > .sheet"));
const status = document.querySelector("#announce");
const FORWARD = ["ArrowRight", "ArrowDown", "PageDown", " "];
const BACK = ["ArrowLeft", "ArrowUp", "PageUp"];

function shownSheet() {
  return Math.max(sheets.findIndex((sheet) => `#${sheet.id}` === window.location.hash), 0);
}

function show(number, { move = true } = {}) {
  const at = Math.min(Math.max(number, 0), sheets.length - 1);
  sheets.forEach((sheet, index) => sheet.classList.toggle("shown", index === at));
  window.history.replaceState(null, "", `#${sheets[at].id}`);
  if (!move) return;
  sheets[at].focus({ preventScroll: true });
  status.textContent = `第 ${at + 1} 页，共 ${sheets.length} 页：${sheets[at].querySelector("h2").textContent}`;
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  // A focused button keeps its own meaning of the space bar.
  if (event.key === " " && event.target.closest("a, button")) return;
  const at = shownSheet();
  if (FORWARD.includes(event.key)) show(at + 1);
  else if (BACK.includes(event.key)) show(at - 1);
  else if (event.key === "Home") show(0);
  else if (event.key === "End") show(sheets.length - 1);
  else if (event.key === "Escape") document.querySelector("[data-leave]").click();
  else return;
  event.preventDefault();
}

document.addEventListener("keydown", onKey);
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-turn], [data-print]");
  if (!button) return;
  if ("print" in button.dataset) window.print();
  else show(shownSheet() + Number(button.dataset.turn));
});
window.addEventListener("hashchange", () => show(shownSheet()));
document.body.classList.add("turning");
show(shownSheet(), { move: false });
