/* An emergency rings on every page of those who may take it, until somebody has. The page asks the server by itself,
   so it rings without the stream, too; and it always says whether it can be heard. */
(() => {
  "use strict";
  const button = document.querySelector("[data-sound]");
  const speaker = new AudioContext();
  let bell = null, lost = false;

  /* Two beats a second until it is stopped; nothing is fetched. */
  const strike = () => {
    const tone = new OscillatorNode(speaker, { type: "triangle", frequency: 880 });
    const beat = new OscillatorNode(speaker, { type: "square", frequency: 2 });
    const depth = new GainNode(speaker, { gain: .25 }), volume = new GainNode(speaker, { gain: .25 });
    beat.connect(depth).connect(volume.gain);
    tone.connect(volume).connect(speaker.destination);
    [tone, beat].forEach((one) => one.start());
    return [tone, beat];
  };
  const silence = (nodes, when = 0) => nodes.forEach((one) => one.stop(when));
  const isHeard = () => speaker.state === "running";
  const show = () => {
    button.textContent = lost ? "Bağlantı yok, uyarı gelmeyebilir" : isHeard() ? "Ses açık" : "Ses kapalı";
    button.classList.toggle("late", lost || !isHeard());
    button.title = isHeard() ? "Sesi dene" : "Acil uyarısının sesini aç";
  };
  const listen = () => {
    const rings = Boolean(document.querySelector("#alarm [data-ringing]"));
    if (rings && !bell) bell = strike();
    if (!rings && bell) { silence(bell); bell = null; }
    document.body.toggleAttribute("data-rings", Boolean(bell) && isHeard());
    show();
  };
  const hear = (event) => {
    if (event.detail.elt?.id !== "alarm") return;
    lost = event.type !== "htmx:afterSwap";
    listen();
  };

  button.hidden = false;
  button.addEventListener("click", async () => {
    await speaker.resume();
    if (!bell) silence(strike(), speaker.currentTime + 1);
  });
  /* Browsers allow sound once somebody has touched the page. */
  for (const touch of ["pointerdown", "keydown"]) document.addEventListener(touch, () => { if (!isHeard()) speaker.resume(); });
  for (const news of ["htmx:sendError", "htmx:responseError", "htmx:afterSwap"]) document.addEventListener(news, hear);
  speaker.addEventListener("statechange", listen);
  listen();
})();
