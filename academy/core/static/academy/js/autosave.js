// Long forms: saves when typing pauses, shows what earlier answers ask for, adds and removes rows.
// Every page does its work without this file; nothing here clears a field or moves the cursor.
(() => {
  "use strict";

  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const PAUSE = 3000, LONGEST = 15000, WARNING = 5 * 60 * 1000;
  const words = JSON.parse(document.getElementById("autosave-words").textContent);
  const status = document.querySelector("[data-status]");
  const fields = (name) => [...form.elements].filter((control) => control.name === name);

  /* ---------- What earlier answers ask for ---------- */
  const answers = (name) => {
    const given = fields(name).filter((control) => !["radio", "checkbox"].includes(control.type) || control.checked);
    return given.length ? given.map((control) => control.value) : [""];
  };
  const holds = (when) => when.split(";").some((alternative) => alternative.split("&").every((condition) => {
    const [name, wanted] = condition.split("=");
    return wanted.split(",").some((one) => answers(name).includes(one));
  }));
  const decide = () => {
    for (const part of form.querySelectorAll("[data-when]")) {
      const wasHidden = part.hidden;
      part.hidden = !holds(part.dataset.when) && !part.querySelector(".error-message");
      if (wasHidden && !part.hidden) part.querySelectorAll("[data-propose]").forEach(propose);
    }
  };
  const propose = (note) => {
    const [name, value] = note.dataset.propose.split("=");
    if (!answers(name)[0]) fields(name).filter((control) => control.value === value).forEach((control) => (control.checked = true));
  };
  form.addEventListener("change", decide);

  /* ---------- Rows ---------- */
  form.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add]"), remove = event.target.closest("[data-remove]");
    const undo = event.target.closest("[data-undo]");
    if (!add && !remove && !undo) return;
    event.preventDefault();
    if (add) addRow(add.dataset.add);
    if (remove) removeRow(remove.closest("[data-row]"));
    if (undo) bringBack(undo.closest("[data-gone]"));
    touch();
  });
  const addRow = (name) => {
    const list = form.querySelector(`[data-rows="${name}"]`), used = new RegExp(`^${name}-(\\d+)-`);
    const numbers = [...form.elements].map((control) => used.exec(control.name)).filter(Boolean).map((found) => +found[1]);
    const blank = form.querySelector(`template[data-blank="${name}"]`);
    const made = document.createElement("template");
    made.innerHTML = blank.innerHTML.replaceAll("__n__", Math.max(-1, ...numbers) + 1);
    const row = made.content.firstElementChild;
    list.append(row);
    row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  };
  const removeRow = (row) => {
    const gone = document.createElement("p");
    gone.className = "form-row form-row--gone";
    gone.dataset.gone = "";
    const again = document.createElement("button");
    again.type = "button";
    again.className = "button button--quiet button--small";
    again.dataset.undo = "";
    again.textContent = words.undo;
    gone.append(`${words.removed} `, again);
    row.after(gone);
    row.disabled = row.hidden = true; // a disabled fieldset is not sent
    again.focus();
  };
  const bringBack = (gone) => {
    const row = gone.previousElementSibling;
    row.disabled = row.hidden = false;
    gone.remove();
    row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  };

  /* ---------- Saving by itself ---------- */
  const snapshot = () => {
    const data = new FormData(form);
    form.querySelectorAll("[data-own]").forEach((control) => data.delete(control.name)); // answers are given by a button
    ["version", "csrfmiddlewaretoken", "undecided"].forEach((name) => data.delete(name));
    [...data.keys()].filter((name) => /^(seen|keep)-/.test(name)).forEach((name) => data.delete(name));
    return new URLSearchParams(data).toString();
  };
  const shown = {}; // pieces of the page as they were last told
  let saved = snapshot(), first = 0, timer = 0, busy = false, stopped = false, leaving = false, alive = Date.now();

  const say = (text, name = "circle-check") => {
    status.querySelector("[data-words]").textContent = text;
    const use = status.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${name}`));
  };
  const touch = () => {
    if (stopped) return;
    const now = Date.now();
    first ||= now;
    clearTimeout(timer);
    timer = setTimeout(save, Math.max(0, Math.min(PAUSE, first + LONGEST - now)));
  };
  const save = async (force = false) => {
    clearTimeout(timer);
    const sent = snapshot();
    if (busy || stopped || leaving) return;
    if (sent === saved && !force) { first = 0; return; }
    busy = true;
    first = 0;
    try {
      const body = new URLSearchParams(new FormData(form));
      const answered = await fetch(form.dataset.autosave, {
        method: "POST", body, headers: { "X-Autosave": "1" }, credentials: "same-origin", redirect: "manual",
        keepalive: body.toString().length < 60000,
      });
      if (answered.type === "opaqueredirect" || answered.status === 403) return stop(words.loggedOut);
      if (!answered.ok) return say(words.failed, "triangle-alert");
      alive = Date.now();
      saved = sent;
      took(await answered.json());
    } catch {
      say(navigator.onLine ? words.failed : words.offline, "triangle-alert");
    } finally {
      busy = false;
      if (snapshot() !== saved) touch();
    }
  };
  const stop = (text) => {
    stopped = true;
    say(text, "triangle-alert");
    status.classList.add("is-stopped");
  };
  const took = (answered) => {
    form.elements.version.value = answered.version;
    form.querySelectorAll("[data-seen]").forEach((control) => control.remove());
    for (const [name, version] of Object.entries(answered.seen)) {
      const control = document.createElement("input");
      Object.assign(control, { type: "hidden", name: `seen-${name}`, value: version });
      control.dataset.seen = "";
      form.prepend(control);
    }
    if (answered.clashes_html) ask(answered.clashes_html);
    for (const [name, html] of Object.entries(answered.parts ?? {})) {
      if (shown[name] === html) continue;
      shown[name] = html;
      document.querySelectorAll(`[data-part="${name}"]`).forEach((part) => (part.innerHTML = html));
    }
    form.querySelectorAll("[data-field]").forEach((entry) => mark(entry, answered.problems[entry.dataset.field]));
    say(answered.clashes_html ? words.clash : answered.saved_at, answered.clashes_html ? "triangle-alert" : "circle-check");
  };
  const ask = (html) => {
    const place = form.querySelector("[data-conflict]");
    const made = document.createElement("template");
    made.innerHTML = html;
    const alert = made.content.firstElementChild, there = place.querySelector(".alert");
    if (!there) return place.append(alert);
    alert.querySelectorAll("[data-question]").forEach((question) => {
      there.querySelector(`[data-question="${question.dataset.question}"]`)?.remove();
      there.querySelector("[name=then]").parentElement.before(question);
    });
  };

  /* ---------- What does not fit, at its field ---------- */
  const mark = (entry, texts) => {
    if (texts?.length && entry.querySelector("[data-row] .error-message")) return; // rows know better which of them it is
    const controls = [...entry.querySelectorAll("input:not([type=hidden]), select, textarea")].filter((one) => !one.dataset.own);
    entry.querySelectorAll(".error-message").forEach((message) => message.remove());
    controls.forEach((control) => control.removeAttribute("aria-invalid"));
    if (!texts?.length) return;
    const single = controls.length === 1 || controls.every((one) => one.type === "radio" || one.type === "checkbox");
    const message = form.querySelector("template[data-message]").content.firstElementChild.cloneNode(true);
    message.id = `error-${entry.dataset.field}`;
    message.querySelector("[data-text]").textContent = texts.join(" ");
    (controls[0]?.closest(".choices") ?? (single ? controls[0] : entry.querySelector(".form-rows, .field-row")))?.before(message);
    if (single) controls.forEach((control) => {
      control.setAttribute("aria-invalid", "true");
      const described = new Set((control.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
      control.setAttribute("aria-describedby", [...described.add(message.id)].join(" "));
    });
  };

  /* ---------- When ---------- */
  form.addEventListener("input", touch);
  form.addEventListener("change", touch);
  form.addEventListener("submit", () => (leaving = true));
  addEventListener("pageshow", () => (leaving = false));
  addEventListener("online", () => touch());
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save());
  addEventListener("beforeunload", (event) => {
    if (!leaving && snapshot() !== saved) {
      save();
      if (stopped || !navigator.onLine) event.preventDefault();
    }
  });

  /* ---------- Before the session ends ---------- */
  const idle = Number(form.dataset.idle) * 1000;
  setInterval(() => {
    const left = alive + idle - Date.now();
    if (stopped || left > WARNING) return;
    if (left <= 0) return stop(words.loggedOut);
    say(words.soon, "clock");
  }, 20000);
  ["pointerdown", "keydown"].forEach((kind) => addEventListener(kind, () => {
    if (!stopped && alive + idle - Date.now() < WARNING) save(true); // somebody is here: stay logged in
  }));
})();
