/* Small comforts of every inbox page: theme, menus, forms that send themselves. Nothing depends on it. */
(() => {
  "use strict";
  const root = document.documentElement;
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];

  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const showButtons = () => $$("[data-theme-toggle], [data-help], [data-command], [data-full-screen]").forEach((button) => { button.hidden = false; });

  document.addEventListener("click", (event) => {
    const target = event.target;
    if (target.closest("[data-theme-toggle]")) {
      root.dataset.theme = isDark() ? "light" : "dark";
      document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
    }
    if (target.closest("[data-dismiss]")) target.closest(".notice").replaceChildren();
    if (target.closest("[data-help]")) $("#help").showModal();
    const empties = target.closest("[data-empty]");
    if (empties) { event.preventDefault(); $(empties.dataset.empty).replaceChildren(); $("#text")?.focus(); }
    if (target.closest("[data-full-screen]")) document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen();
    $$("details.menu[open]").forEach((menu) => { if (!menu.contains(target)) menu.open = false; });
  });

  /* A ready-made text comes in where the cursor stands: by its link, or by `/name` and a blank. */
  const putText = (area, text, from, to) => {
    const gap = /^\S/.test(area.value.slice(to)) ? " " : "";
    area.setRangeText(text + gap, from, to, "end");
    area.focus();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-ready]");
    const area = $("#text");
    if (!link || !area) return;
    event.preventDefault();
    putText(area, link.dataset.ready, area.selectionStart, area.selectionEnd);
    link.closest("details").open = false;
  });
  document.addEventListener("input", (event) => {
    const area = event.target;
    if (area.id !== "text") return;
    const typedName = area.value.slice(0, area.selectionStart).match(/(?:^|\s)\/([a-z0-9-]+)\s$/);
    const link = typedName && $(`[data-shortcut="${typedName[1]}"]`);
    if (link) putText(area, link.dataset.ready, area.selectionStart - typedName[1].length - 2, area.selectionStart);
  });

  document.addEventListener("change", (event) => {
    const field = event.target;
    const form = field.closest("form[data-autosubmit]");
    if (form) form.requestSubmit();
    if (field.matches("select[data-units]")) {
      const unit = field.selectedOptions[0]?.dataset.unit;
      if (unit) document.getElementById(field.dataset.units).value = unit;
    }
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target;
    if (form.matches?.("form") && event.detail.requestConfig.verb === "post") form.setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    event.target.removeAttribute?.("aria-busy");
    if (event.target.matches?.("input[type=file]")) { event.target.value = ""; event.target.closest("details").open = false; }
  });

  const markOpened = () => {
    const key = $("#work .pane")?.dataset.key;
    $$("#rows .row").forEach((row) => {
      const opened = Boolean(key) && row.parentElement.id === `row-${key}`;
      if (opened) { row.setAttribute("aria-current", "true"); row.classList.remove("unread"); } else row.removeAttribute("aria-current");
    });
  };
  /* As far down as possible, but never past what the citizen said last: its beginning, or its end where that is more
     than fits. What can still be taken back is seen whole. */
  const toEnd = () => {
    const talk = $("#talk");
    if (!talk) return;
    const said = $$(".msg.in", talk);
    let first = said.length - 1;
    while (first > 0 && said[first].previousElementSibling === said[first - 1]) first -= 1;
    talk.scrollTop = talk.scrollHeight;
    if (!said.length || $(".msg.pending", talk)) return;
    const [from, last] = [said[first], said.at(-1)].map((one) => one.offsetTop - talk.offsetTop - 16);
    talk.scrollTop = Math.max(from, Math.min(last, last + said.at(-1).offsetHeight + 32 - talk.clientHeight));
  };

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target?.id !== "work") return;
    markOpened();
    toEnd();
    if (location.hash) history.replaceState(history.state, "", location.pathname + location.search);
    /* What was written has gone: the keys press again. */
    if (event.detail.requestConfig?.verb === "post") document.activeElement?.blur();
    if (matchMedia("(max-width: 760px)").matches) $("#work").focus();
  });
  document.addEventListener("htmx:historyRestore", () => { showButtons(); toEnd(); });
  showButtons();
  toEnd();
})();
