/* Comforts of password fields: to look at what was typed, and how far it will do. The server decides. */
(() => {
  "use strict";
  const LONG = 20;

  const addLook = (field) => {
    const label = document.createElement("label"), box = document.createElement("input");
    label.className = "pick";
    box.type = "checkbox";
    box.addEventListener("change", () => { field.type = box.checked ? "text" : "password"; });
    label.append(box, " Parolayı göster");
    field.after(label);
    field.form.addEventListener("submit", () => { field.type = "password"; });
  };

  const strength = (text) => {
    const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\d/, /[^\p{L}\d]/u].filter((kind) => kind.test(text)).length;
    return Math.min(4, (text.length >= 12) + (text.length >= LONG) + (new Set(text).size >= 8) + (kinds >= 2));
  };

  const addMeter = (field) => {
    const meter = document.createElement("meter"), words = document.createElement("span");
    Object.assign(meter, { min: 0, max: 4, low: 2, high: 3, optimum: 4, value: 0 });
    meter.setAttribute("aria-label", "Parolanın gücü");
    words.className = "muted";
    words.setAttribute("role", "status");
    field.addEventListener("input", () => {
      meter.value = strength(field.value);
      words.textContent = field.value ? ["çok zayıf", "zayıf", "orta", "iyi", "güçlü"][meter.value] : "";
    });
    const line = document.createElement("p");
    line.append(meter, " ", words);
    field.after(line);
  };

  document.querySelectorAll("input[type=password]").forEach((field) => {
    if (field.hasAttribute("minlength")) addMeter(field);
    addLook(field);
  });
})();
