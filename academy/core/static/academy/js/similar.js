// While somebody describes an idea: what is like it already. The page does its work without this file.
(() => {
  "use strict";

  const form = document.querySelector("form[data-similar]");
  const lists = document.querySelectorAll("[data-similar-list]"), said = document.querySelectorAll("[data-similar-said]");
  if (!form || !lists.length) return;
  const PAUSE = 700, LONGEST = 400, SHORTEST = 8;
  const ASKED = /^(title|problem|how_it_works)_/;
  let timer = 0, last = "", shown = "", asking = null;

  const words = () => [...form.elements].filter((control) => ASKED.test(control.name))
    .map((control) => control.value.trim()).filter(Boolean).join(" ").slice(0, LONGEST);
  const look = async () => {
    const q = words();
    if (q === last || q.length < SHORTEST) return;
    asking?.abort();
    asking = new AbortController();
    const address = new URL(form.dataset.similar, location.href);
    address.search = new URLSearchParams({ q, besides: form.dataset.besides ?? "" });
    try {
      const answered = await fetch(address, { credentials: "same-origin", redirect: "manual", signal: asking.signal });
      if (!answered.ok) return;
      last = q;
      const found = await answered.json();
      if (shown === found.html) return;
      shown = found.html;
      lists.forEach((list) => (list.innerHTML = found.html));
      said.forEach((line) => (line.textContent = found.said));
    } catch {
      // No answer: what was shown stays, and the next pause asks again.
    }
  };
  form.addEventListener("input", (event) => {
    if (!ASKED.test(event.target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
})();
