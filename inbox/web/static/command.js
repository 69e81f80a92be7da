/* The command bar (Ctrl K): applications by number or words, pages, and what the opened page offers just now. */
(() => {
  "use strict";
  const WAIT = 150;
  const SHORTEST = 2;
  const bar = document.querySelector("#command");
  const field = bar.querySelector("input"), list = bar.querySelector("ul"), told = bar.querySelector("#command-told");
  let offered = [], shown = [], active = 0, asked = 0, waiting = 0, eager = false;

  /* As people search: small letters, without the marks of Turkish ones. */
  const fold = (text) => text.toLocaleLowerCase("tr").replace(/ı/g, "i").normalize("NFD").replace(/\p{M}/gu, "");
  const wordsOf = (element) => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll("[aria-hidden=true], kbd").forEach((part) => part.remove());
    return (element.getAttribute("aria-label") || copy.textContent).replace(/\s+/g, " ").trim();
  };
  const titleOf = (element) => {
    const title = element.closest(".card, .side section, [role=alert]")?.querySelector("h1, h2");
    return title ? wordsOf(title) : "";
  };
  const DEEDS = "main :is(button, summary.btn, a.btn, .tabs label, .side a.link):not([disabled]), #alarm button";
  const deeds = () => [...document.querySelectorAll(DEEDS)]
    .filter((one) => one.checkVisibility() && !one.closest("#rows, .only-small, .only-narrow"))
    .map((one) => ({ kind: "İş", text: wordsOf(one), detail: titleOf(one), element: one, run() { press(asItIsNow(this).element); } }));
  /* What came in while the bar stood open may have put a new button in the place of the one that was offered. */
  const asItIsNow = (deed) => deed.element.isConnected ? deed
    : deeds().find(({ text, detail }) => text === deed.text && detail === deed.detail) ?? deed;
  const pages = () => [...document.querySelectorAll("#rail a:not(.btn)")]
    .map((one) => ({ kind: "Sayfa", text: wordsOf(one), detail: "", run: () => location.assign(one.href) }));
  const press = (element) => {
    element.click();
    const inside = element.matches("summary") ? element.parentElement : document.getElementById(element.htmlFor)
      && document.querySelector(`.write.${element.htmlFor.replace("tab-", "")}`);
    inside?.querySelector("textarea, select, input:not([type=hidden])")?.focus();
  };

  const choose = (place) => {
    active = Math.max(0, Math.min(shown.length - 1, place));
    [...list.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === active)));
    const option = list.children[active];
    field.setAttribute("aria-activedescendant", option ? option.id : "");
    option?.scrollIntoView({ block: "nearest" });
  };
  const asOption = (one, index) => {
    const option = document.createElement("li"), kind = document.createElement("span"), text = document.createElement("b");
    option.id = `command-${index}`;
    option.setAttribute("role", "option");
    kind.className = "tag";
    kind.textContent = one.kind;
    text.textContent = one.text;
    option.append(kind, " ", text, one.detail ? ` ${one.detail}` : "");
    return option;
  };
  const show = (found) => {
    const words = fold(field.value).split(/\s+/).filter(Boolean);
    const fits = ({ text, detail }) => words.every((word) => fold(`${text} ${detail}`).includes(word));
    const begins = ({ text }) => Number(words.every((word) => ` ${fold(text)}`.includes(` ${word}`)));
    shown = [...offered.filter(fits).sort((one, other) => begins(other) - begins(one)), ...found];
    list.replaceChildren(...shown.map(asOption));
    list.hidden = !shown.length;
    field.setAttribute("aria-expanded", String(!list.hidden));
    told.textContent = shown.length ? `${shown.length} seçenek` : "Bulunamadı.";
    choose(0);
  };
  const seek = async () => {
    const mine = ++asked, words = field.value.trim();
    if (words.length < SHORTEST) return;
    const answer = await fetch(`/commands?${new URLSearchParams({ q: words })}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || mine !== asked) return;
    const found = await answer.json();
    if (mine !== asked) return;
    show(found.map((one) => ({ ...one, kind: "Başvuru", run: () => location.assign(one.address) })));
    if (eager) run(shown[0]);
  };
  const run = (one) => {
    if (!one) return;
    bar.close();
    one.run();
  };

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-command]")) return;
    offered = [...deeds(), ...pages()];
    field.value = "";
    show([]);
    bar.showModal();
  });
  field.addEventListener("input", () => {
    eager = false;
    show([]);
    asked += 1;
    clearTimeout(waiting);
    waiting = setTimeout(seek, WAIT);
  });
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step) { event.preventDefault(); choose(active + step); }
    if (event.key === "Enter") { event.preventDefault(); eager = !shown.length; run(shown[active]); }
  });
  list.addEventListener("click", (event) => run(shown[[...list.children].indexOf(event.target.closest("li"))]));
  bar.addEventListener("click", (event) => { if (event.target === bar) bar.close(); });
})();
