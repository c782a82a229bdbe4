// Behaviour of every page, without a framework: drawer, menus, dialogs, selection, uploads, announcements.
"use strict";

const TOAST_MILLISECONDS = 8000;

const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
const one = (selector, root = document) => root.querySelector(selector);

function announce(text) {
  const region = one("#announce");
  if (region && text) region.textContent = text;
}

/* Navigation drawer of narrow screens */

function setDrawer(button, open) {
  const drawer = document.getElementById(button.dataset.drawer);
  drawer.classList.toggle("open", open);
  button.setAttribute("aria-expanded", String(open));
  button.setAttribute("aria-label", open ? "关闭导航" : "打开导航");
  one("#main").inert = open;
  if (open) one("a[href]:not(.brand)", drawer).focus();
}

function openDrawerButton() {
  return one('[data-drawer][aria-expanded="true"]');
}

function togglePart(button) {
  const part = document.getElementById(button.dataset.toggle);
  part.hidden = !part.hidden;
  button.setAttribute("aria-expanded", String(!part.hidden));
  // On a phone the whole form folds down to its search field.
  const form = button.closest(".foldable");
  if (form) form.classList.toggle("open", !part.hidden);
}

/* Menus made of <details> */

function closeMenus(except) {
  for (const menu of all("details[data-menu][open]")) {
    if (menu !== except) menu.open = false;
  }
}

/* Toasts: good news leaves by itself, unless somebody is reading it */

function moveToast(notice) {
  const toasts = one("#toasts");
  if (!toasts) return;
  delete notice.dataset.toast;
  toasts.append(notice);
  const leave = () => {
    if (notice.matches(":hover, :focus-within")) window.setTimeout(leave, TOAST_MILLISECONDS);
    else notice.remove();
  };
  window.setTimeout(leave, TOAST_MILLISECONDS);
}

function showProblem(text) {
  const toasts = one("#toasts");
  if (!toasts) return;
  const notice = document.createElement("div");
  notice.className = "notice err";
  notice.setAttribute("role", "alert");
  notice.textContent = text;
  toasts.replaceChildren(notice);
}

/* Selection of rows: one box in the header, a bar that counts */

function selectionOf(form) {
  const boxes = all("input[data-row]", form);
  return { boxes, chosen: boxes.filter((box) => box.checked), every: one("input[data-every-row]", form) };
}

function showSelection(form) {
  const { boxes, chosen, every } = selectionOf(form);
  const bar = one("[data-batch-bar]", form);
  if (every) {
    every.checked = boxes.length > 0 && chosen.length === boxes.length;
    every.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
  }
  if (!bar) return;
  const whole = one("input[data-whole-list]", form);
  if (whole && chosen.length < boxes.length) whole.value = "";
  bar.hidden = chosen.length === 0;
  const count = whole && whole.value ? one("[data-choose-whole]", bar).dataset.chooseWhole : chosen.length;
  one("[data-count]", bar).textContent = Number(count).toLocaleString("zh-CN");
}

function setRows(form, checked) {
  for (const box of selectionOf(form).boxes) box.checked = checked;
  showSelection(form);
}

function chooseWholeList(form) {
  one("input[data-whole-list]", form).value = "1";
  setRows(form, true);
  announce(one("[data-choose-whole]", form).textContent.trim());
}

/* Uploads: drop a file anywhere on the area, show its name */

function showFile(input) {
  const name = one("[data-file-name]", input.closest("[data-file-drop]"));
  const file = input.files[0];
  name.textContent = file ? `${file.name}（${(file.size / 1048576).toFixed(1)} MB）` : "";
}

function prepareDrop(area) {
  const input = one("input[type=file]", area);
  const mark = (over) => (event) => {
    event.preventDefault();
    area.classList.toggle("over", over);
  };
  area.addEventListener("dragover", mark(true));
  area.addEventListener("dragleave", mark(false));
  area.addEventListener("drop", (event) => {
    mark(false)(event);
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    showFile(input);
  });
  input.addEventListener("change", () => showFile(input));
}

/* Forms: sent once; a typed name unlocks a dangerous button */

function holdSecondSubmit(event) {
  const form = event.target;
  // A form that answers with a download leaves the page as it is, so it may be sent again.
  const button = event.submitter;
  if (form.method !== "post" || "download" in form.dataset || (button && "download" in button.dataset)) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  if (button) button.setAttribute("aria-busy", "true");
}

function releaseForms() {
  for (const form of all("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of all("[aria-busy]", form)) button.removeAttribute("aria-busy");
  }
}

function checkTypedName(input) {
  const button = one("button[type=submit]", input.form);
  button.disabled = input.value.trim() !== input.dataset.mustEqual;
}

/* Events */

function onClick(event) {
  const target = event.target.closest("button, a, summary");
  closeMenus(event.target.closest("details[data-menu]"));
  if (!target) return;
  const { dialog, drawer, toggle } = target.dataset;
  if (dialog) document.getElementById(dialog).showModal();
  if (drawer) setDrawer(target, target.getAttribute("aria-expanded") !== "true");
  if (toggle) togglePart(target);
  if ("close" in target.dataset) target.closest("dialog").close();
  if ("dismiss" in target.dataset) target.closest(".notice").remove();
  if ("print" in target.dataset) window.print();
  if ("back" in target.dataset) window.history.back();
  if ("clearRows" in target.dataset) setRows(target.form, false);
  if ("chooseWhole" in target.dataset) chooseWholeList(target.form);
}

function onChange(event) {
  const box = event.target;
  if (box.matches("input[data-every-row]")) setRows(box.form, box.checked);
  if (box.matches("input[data-row]")) showSelection(box.form);
  if (box.matches("select[data-submit]")) box.form.requestSubmit();
}

function isTyping(element) {
  return element.matches("input, select, textarea, [contenteditable]");
}

function onKey(event) {
  if (event.key === "Escape") onEscape();
  const search = one(`[data-hotkey="${CSS.escape(event.key)}"]`);
  if (!search || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (search.offsetParent === null) return;
  event.preventDefault();
  search.focus();
  search.select();
}

function onEscape() {
  const open = one("details[data-menu][open]");
  if (open) {
    one("summary", open).focus();
    closeMenus();
  }
  const button = openDrawerButton();
  if (button) {
    setDrawer(button, false);
    button.focus();
  }
}

function prepare(root) {
  all("[data-toast]", root).forEach(moveToast);
  all("[data-file-drop]", root).forEach(prepareDrop);
  all("input[data-must-equal]", root).forEach((input) => {
    checkTypedName(input);
    input.addEventListener("input", () => checkTypedName(input));
  });
  all("[data-focus]", root).slice(0, 1).forEach((element) => element.focus());
}

document.addEventListener("click", onClick);
document.addEventListener("change", onChange);
document.addEventListener("keydown", onKey);
document.addEventListener("submit", holdSecondSubmit);
window.addEventListener("pageshow", releaseForms);
window.matchMedia("(min-width: 901px)").addEventListener("change", () => {
  const button = openDrawerButton();
  if (button) setDrawer(button, false);
});

// htmx: say what changed, and say what failed
document.addEventListener("htmx:afterSwap", (event) => {
  prepare(event.detail.target);
  const message = one("[data-announce]", event.detail.target);
  if (message) announce(message.textContent.trim().replace(/\s+/g, " "));
});
document.addEventListener("htmx:afterRequest", releaseForms);
document.addEventListener("htmx:responseError", (event) => {
  showProblem(`没有取到数据（${event.detail.xhr.status}）。页面上其余内容不受影响，请稍后重试。`);
});
document.addEventListener("htmx:sendError", () => showProblem("网络不通。页面上其余内容不受影响，请检查网络后重试。"));
document.addEventListener("htmx:timeout", () => showProblem("等待超时。请缩小范围或稍后重试。"));

prepare(document);
const current = one(".side [aria-current]");
if (current) current.scrollIntoView({ block: "nearest" });
