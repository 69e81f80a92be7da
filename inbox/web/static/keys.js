/* The keyboard does everything, on every page; the sheet behind `?` lists it. Keys press what the page offers. */
(() => {
  "use strict";
  const $ = (selector) => document.querySelector(selector);
  const $$ = (selector) => [...document.querySelectorAll(selector)];
  const isShown = (element) => element.checkVisibility();
  const FIELDS = "input:not([type=hidden], [type=checkbox]), select, textarea";

  const shown = (name) => $$(`[data-key="${name}"]`).find(isShown);
  const press = (name) => {
    const button = shown(name);
    if (button) button.click();
    return Boolean(button);
  };
  const focus = (element) => {
    element?.focus();
    element?.scrollIntoView({ block: "nearest" });
    return Boolean(element);
  };
  /* The list's rows; on other pages the first thing to press in each card. */
  const stops = () => $("#rows") ? $$("#rows .row, #rows .more a")
    : $$("main .card").map((card) => [...card.querySelectorAll("a[href], button, summary")].find(isShown)).filter(Boolean);
  const openBar = () => $("[data-command]")?.click();
  const walk = (step) => {
    const all = stops();
    if (!all.length) return;
    const active = document.activeElement;
    const here = all.findIndex((one) => one === active || one.closest(".card")?.contains(active)
      || one.hasAttribute("aria-current") && !all.includes(active));
    focus(all[Math.min(all.length - 1, Math.max(0, here < 0 ? 0 : here + step))]);
  };
  const openTab = (tab, field) => {
    const radio = $(tab);
    if (!radio) return false;
    radio.checked = true;
    return focus($(field));
  };
  const openFold = (id) => {
    const fold = $(id);
    if (!fold) return false;
    fold.open = true;
    if (fold.closest("#side") && getComputedStyle($("#side")).display === "none") location.hash = "side";
    return focus(fold.querySelector("select, input:not([type=hidden])"));
  };
  const write = () => openTab("#tab-answer", "#text") || press("open") && focus($("#open-topic"))
    || !$("#work") && focus($$("main .card").flatMap((card) => [...card.querySelectorAll(FIELDS)]).find(isShown));
  const commands = {
    j: () => press("following") || walk(1),
    k: () => press("earlier") || walk(-1),
    x: () => document.activeElement.closest("#rows li")?.querySelector(".pick input")?.click(),
    r: write,
    n: () => openTab("#tab-note", "#note-text"),
    p: () => openTab("#tab-private", "#private-text"),
    a: () => press("take"),
    d: () => press("right"),
    c: () => openFold("#correcting"),
    s: () => press("steps"),
    e: () => press("dismiss") || openFold("#closing"),
    z: () => press("undo"),
    o: () => press("approve"),
    i: () => focus($("[data-key=reason]")),
    u: () => press("take-emergency"),
    f: () => press("full-screen"),
    1: () => press("guess-1"),
    2: () => press("guess-2"),
    3: () => press("guess-3"),
    "/": () => { const field = $("#q"); if (field) { field.focus(); field.select(); } else openBar(); },
    "?": () => $("#help").showModal(),
  };
  const isTyping = (element) => element.matches("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
  const leave = () => {
    const menu = document.activeElement?.closest("details[open]") || $("details.menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); return; }
    if (isTyping(document.activeElement)) { document.activeElement.blur(); return; }
    if ($(".notice.bad")) { $(".notice.bad").replaceChildren(); return; }
    if (location.hash) location.hash = "work";
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || $("dialog[open]")) return;
    const { target, key } = event, command = event.ctrlKey || event.metaKey;
    if (command && key.toLowerCase() === "k") { event.preventDefault(); openBar(); return; }
    if (command && key === "Enter") {
      const form = target.closest("form.write, form.pop, form.stack");
      const button = form ? form.querySelector(".pri") || form.querySelector("button") : !isTyping(target) && shown("send");
      if (button) event.preventDefault();
      if (button && !button.disabled) button.form.requestSubmit(button);
      return;
    }
    if (command || event.altKey) return;
    if (key === "Escape") { leave(); return; }
    if (isTyping(target) || document.documentElement.hasAttribute("data-no-single-keys")) return;
    const work = commands[key.length === 1 ? key.toLowerCase() : key];
    if (work) { event.preventDefault(); work(); }
  });
})();
