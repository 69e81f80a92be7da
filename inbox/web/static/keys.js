/* The keyboard does everything; the sheet behind `?` lists it. */
(() => {
  "use strict";
  const $ = (selector) => document.querySelector(selector);
  const rows = () => [...document.querySelectorAll("#rows .row, #rows .more a")];

  const press = (name) => {
    const button = $(`#work [data-key="${name}"]`);
    if (button) button.click();
    return Boolean(button);
  };
  const walk = (step) => {
    const all = rows();
    if (!all.length) return;
    const here = all.findIndex((row) => row === document.activeElement || row.hasAttribute("aria-current") && !all.includes(document.activeElement));
    const next = all[Math.min(all.length - 1, Math.max(0, here < 0 ? 0 : here + step))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };
  const openTab = (tab, field) => {
    const radio = $(tab);
    if (!radio) return false;
    radio.checked = true;
    $(field)?.focus();
    return true;
  };
  const openFold = (id) => {
    const fold = $(id);
    if (!fold) return false;
    fold.open = true;
    if (getComputedStyle($("#side")).display === "none") location.hash = "side";
    fold.querySelector("select, input:not([type=hidden])")?.focus();
    return true;
  };
  const commands = {
    j: () => walk(1),
    k: () => walk(-1),
    r: () => openTab("#tab-answer", "#text") || press("open") && $("#open-topic")?.focus(),
    n: () => openTab("#tab-note", "#note-text"),
    a: () => press("take"),
    c: () => openFold("#correcting"),
    e: () => press("dismiss") || openFold("#closing"),
    1: () => press("guess-1"),
    2: () => press("guess-2"),
    3: () => press("guess-3"),
    "/": () => { $("#q").focus(); $("#q").select(); },
    "?": () => $("#help").showModal(),
  };
  const isTyping = (element) => element.matches("input:not([type=radio]), textarea, select, [contenteditable]");
  const leave = () => {
    const menu = document.activeElement?.closest("details[open]") || $("details.menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); return; }
    if (isTyping(document.activeElement)) { document.activeElement.blur(); return; }
    if ($(".notice.bad")) { $(".notice.bad").replaceChildren(); return; }
    if (location.hash) location.hash = "work";
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || $("dialog[open]")) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest("form");
      if (form?.matches(".write, .pop, .stack")) { event.preventDefault(); form.requestSubmit(form.querySelector("button:not([disabled])")); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") { leave(); return; }
    if (isTyping(event.target)) return;
    const command = commands[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (command) { event.preventDefault(); command(); }
  });
})();
