/* New work arrives without moving what is read: a counter over the list, a bubble at the end of the conversation. */
(() => {
  "use strict";
  const WAIT = 400;
  const QUIET_LIMIT = 60000;
  const $ = (selector) => document.querySelector(selector);
  const due = new Map();
  let heard = Date.now();

  const soon = (name, work) => {
    clearTimeout(due.get(name));
    due.set(name, setTimeout(() => { due.delete(name); work(); }, WAIT));
  };
  const refresh = (selector) => {
    const part = $(selector);
    if (part) window.htmx.trigger(part, "refresh");
  };
  const inUse = (part) => part && (part.contains(document.activeElement) && document.activeElement !== part || part.querySelector("details[open]"));
  const opened = () => $("#work .pane")?.dataset.application;

  const refreshRow = (id) => {
    const row = $(`#row-a${id}`);
    if (!row || row.contains(document.activeElement)) return;
    const left = () => {}; /* the page may be left while it is asked */
    window.htmx.ajax("GET", `/inbox/rows/${id}${location.search}`, { target: row, swap: "outerHTML" }).catch(left);
  };
  const refreshOpened = () => {
    const talk = $("#talk");
    if (!talk || !opened()) return;
    talk.dataset.atEnd = String(talk.scrollHeight - talk.scrollTop - talk.clientHeight < 80);
    refresh("#talk");
    if (!inUse($("#side"))) refresh("#side");
  };
  const refreshAll = () => { soon("fresh", () => refresh("#fresh")); soon("opened", refreshOpened); };

  const hear = (data) => {
    heard = Date.now();
    soon("fresh", () => refresh("#fresh"));
    if (data.emergency) soon("alarm", () => refresh("#alarm"));
    if (data.id === null) return;
    if (String(data.id) === opened()) soon("opened", refreshOpened);
    soon(`row ${data.id}`, () => refreshRow(data.id));
  };

  document.addEventListener("htmx:sseBeforeMessage", (event) => {
    event.preventDefault();
    try { hear(JSON.parse(event.detail.data)); } catch (error) { refreshAll(); }
  });

  const showStream = (on) => {
    const mark = $("#stream");
    if (!mark) return;
    mark.hidden = false;
    mark.classList.toggle("off", !on);
    mark.querySelector("span").textContent = on ? mark.dataset.on : mark.dataset.off;
  };
  document.addEventListener("htmx:sseOpen", () => { showStream(true); refreshAll(); });
  document.addEventListener("htmx:sseError", () => showStream(false));

  /* The row keeps its mark of being opened; the conversation stays where it was read, unless a colleague has answered. */
  const ANSWERED = "Bu başvuruya az önce bir cevap yazıldı. Kendi cevabınızı göndermeden önce okuyunuz.";
  const answers = () => document.querySelectorAll("#talk :is(.out, .pending)").length;
  const tell = (words) => {
    const line = document.createElement("p");
    line.textContent = words;
    $("#notice").replaceChildren(line);
    $("#notice").className = "notice late";
  };
  let place = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const target = event.detail.target;
    if (target?.id === "side" && inUse(target)) event.detail.shouldSwap = false; /* she has begun since it was asked for */
    if (target?.id === "talk") place = { top: target.scrollTop, height: target.scrollHeight, atEnd: target.dataset.atEnd === "true", answers: answers() };
  });
  /* What was asked for before her own change and comes after it may not bring back the version from before. */
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    if (target.name === "version" && Number(fragment.querySelector("input").value) < Number(target.value)) event.detail.shouldSwap = false;
  });
  document.addEventListener("htmx:afterSettle", () => {
    const talk = $("#talk");
    if (talk && place && answers() > place.answers) {
      place.atEnd = true;
      if ($("#text")?.value.trim()) tell(ANSWERED);
    }
    if (talk && place) { talk.scrollTop = place.atEnd && talk.scrollHeight > place.height ? talk.scrollHeight : place.top; place = null; }
    const key = $("#work .pane")?.dataset.key;
    if (key) $(`#row-${key} .row`)?.setAttribute("aria-current", "true");
  });

  document.addEventListener("visibilitychange", () => { if (!document.hidden) refreshAll(); });
  window.addEventListener("online", refreshAll);
  setInterval(() => { if (!document.hidden && Date.now() - heard > QUIET_LIMIT) { heard = Date.now(); refreshAll(); } }, QUIET_LIMIT / 2);
})();
