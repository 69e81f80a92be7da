/* What is half written waits: in the page while another application is looked at; also in this tab while its writer must
   log in again, a note or reason (`data-keep`) always, an answer where the server could no longer take it. Never for
   another person. Nothing depends on it. */
(() => {
  "use strict";
  const NAME = "half-written";
  const FIELDS = ".pane[data-application] textarea, textarea[data-keep]";
  const { person } = document.documentElement.dataset;
  const stored = JSON.parse(sessionStorage.getItem(NAME)) ?? { sent: [], texts: {} };
  const isHers = !person || stored.person === person;
  const owner = person ?? stored.person;
  const typed = new Map(isHers ? Object.entries(stored.texts) : []);
  const lasting = new Set(typed.keys());
  let sent = [];

  const keyOf = (area) => `${new URL(area.form.getAttribute("action"), location.href).pathname} ${area.id}`;
  const save = () => sessionStorage.setItem(NAME, JSON.stringify({
    person: owner, sent, texts: Object.fromEntries([...typed].filter(([key]) => lasting.has(key))),
  }));
  const forget = (keys) => { keys.forEach((key) => typed.delete(key)); save(); };
  const keysIn = (form) => [...form.querySelectorAll(FIELDS)].map(keyOf);
  const putBack = () => document.querySelectorAll(FIELDS).forEach((area) => {
    const text = typed.get(keyOf(area));
    if (text === undefined || text === area.value) return;
    area.value = text;
    area.closest("details:not(.menu)")?.setAttribute("open", "");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });

  document.addEventListener("input", ({ target }) => {
    if (!target.matches?.(FIELDS)) return;
    typed.set(keyOf(target), target.value);
    if (target.matches("[data-keep]")) lasting.add(keyOf(target));
    if (lasting.has(keyOf(target))) save();
  });
  /* The log-in is over: an answer, which the server keeps otherwise, waits here, too. */
  document.addEventListener("htmx:beforeOnLoad", ({ detail: { xhr } }) => {
    if (xhr.status !== 401) return;
    document.querySelectorAll(FIELDS).forEach((area) => { if (typed.has(keyOf(area))) lasting.add(keyOf(area)); });
    save();
  });
  /* A form that the browser sends: the next page tells whether it was taken. */
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") === "/logout") { sessionStorage.removeItem(NAME); return; }
    if (event.defaultPrevented) return;
    sent = keysIn(event.target);
    save();
  });
  /* A form that the script sends: what was taken by the server is no longer kept here. */
  document.addEventListener("htmx:beforeSwap", ({ detail: { isError, requestConfig, target } }) => {
    if (!isError && target?.id === "work" && requestConfig?.verb === "post") forget(keysIn(requestConfig.elt));
  });
  document.addEventListener("htmx:afterSwap", ({ detail }) => { if (detail.target?.id === "work") putBack(); });

  const came = performance.getEntriesByType("navigation")[0]?.type;
  const wasTaken = person && came === "navigate" && !document.querySelector(".problem");
  forget(wasTaken ? stored.sent : []);
  putBack();
})();
