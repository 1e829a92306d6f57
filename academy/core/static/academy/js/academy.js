// Small comforts; every page does its work without this file.
(() => {
  "use strict";

  // After a refused form: go to the list of what is not right yet.
  document.querySelector(".error-summary")?.focus();

  // A second click on the same button sends nothing twice.
  const sent = new WeakSet();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    sent.add(form);
    // A refused navigation (a download, a lost connection) must not lock the form for good.
    setTimeout(() => sent.delete(form), 8000);
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form").forEach((form) => sent.delete(form));
  });

  // Choosing a filter replaces the results; the panel stays as open as it was.
  // A status that came with the new results is not read aloud; one that was there before is.
  let open = [];
  const announcer = document.createElement("p");
  announcer.className = "visually-hidden";
  announcer.setAttribute("role", "status");
  document.getElementById("main")?.append(announcer);
  document.addEventListener("htmx:beforeSwap", () => {
    open = [...document.querySelectorAll("#results details[open]")].map((panel) => panel.id).filter(Boolean);
  });
  document.addEventListener("htmx:afterSettle", () => {
    open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    open = [];
    announcer.textContent = document.querySelector(".count-line")?.textContent ?? "";
  });
})();
