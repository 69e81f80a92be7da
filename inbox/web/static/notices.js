/* Notifications of the desktop, where she has asked for them: the server says what concerns her, one tab shows it. */
(() => {
  "use strict";
  const MOST = 3;
  const WAIT = 1000;
  const KEPT = "notices";
  const panel = document.querySelector("#notices");
  const gathered = [];
  const can = () => "Notification" in window && "locks" in navigator;
  const isOn = () => can() && Notification.permission === "granted" && localStorage.getItem(KEPT) === "on";

  const tell = (title, text, address) => {
    const notice = new Notification(title, { body: text, icon: "/static/mark.svg", lang: "tr" });
    notice.onclick = () => { window.open(address, "_blank", "noopener"); notice.close(); };
  };
  const tellAll = () => {
    const all = gathered.splice(0);
    if (!isOn()) return;
    if (all.length > MOST) tell("HİM", `${all.length} yeni bildirim`, "/");
    else all.forEach(({ id, notice }) => tell(notice.title, notice.text, `/applications/${id}`));
  };
  const isRead = (id) => document.hasFocus() && document.querySelector("#work .pane")?.dataset.application === String(id);
  const hear = (text) => {
    const data = JSON.parse(text);
    if (!data.notice || isRead(data.id)) return;
    if (gathered.push(data) === 1) setTimeout(tellAll, WAIT);
  };
  /* The tab that holds the lock shows them; when it closes another one gets it. It hears the inbox's stream or its own. */
  const lead = () => {
    if (document.querySelector("[sse-connect]")) document.addEventListener("htmx:sseBeforeMessage", (event) => hear(event.detail.data));
    else new EventSource("/events").addEventListener("application", (event) => hear(event.data));
    return new Promise(() => {});
  };

  const show = () => {
    const denied = can() && Notification.permission === "denied";
    const words = !can() ? "Bu tarayıcı ya da bağlantı masaüstü bildirimi gösteremiyor."
      : denied ? "Tarayıcınız bildirimlere izin vermiyor; izni adres çubuğundaki simgeden verebilirsiniz."
        : isOn() ? "Açık: bu tarayıcıda bildirim gösterilir." : "Kapalı.";
    panel.querySelector("[role=status]").textContent = words;
    const button = panel.querySelector("button");
    button.hidden = !can() || denied;
    button.textContent = isOn() ? "Kapat" : "Bildirimleri aç";
  };
  const change = async () => {
    if (isOn()) localStorage.removeItem(KEPT);
    else if (await Notification.requestPermission() === "granted") localStorage.setItem(KEPT, "on");
    show();
    follow();
  };
  const follow = () => { if (isOn()) navigator.locks.request(KEPT, lead); };
  if (panel) {
    panel.querySelector("button").addEventListener("click", change);
    show();
  }
  follow();
})();
