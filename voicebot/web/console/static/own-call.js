"use strict";
// Asks whether a call of mine is over, more often while one goes on. Then the page goes to the wrap-up of its case,
// once for each call and in one window only; whoever is writing or listening gets a link instead.
(() => {
  const SELDOM_MS = 15000, OFTEN_MS = 3000, SEEN = "voicebot-call-led-to";

  const isBusy = () => {
    const at = document.activeElement;
    const fields = [...document.querySelectorAll("form input:not([type=hidden]), form textarea, form select")];
    return (at !== null && at.matches("input, textarea, select"))
      || fields.some((field) => field.value !== field.defaultValue && field.matches("textarea, input:not([type=radio]):not([type=checkbox])"))
      || fields.some((field) => field.matches("[type=radio], [type=checkbox]") && field.checked !== field.defaultChecked)
      || [...document.querySelectorAll("audio")].some((voice) => !voice.paused);
  };

  const lead = (line) => {
    const link = line.querySelector("a");
    if (link === null || localStorage.getItem(SEEN) === line.dataset.call || document.hidden || isBusy()) return;
    localStorage.setItem(SEEN, line.dataset.call);
    window.location.assign(link.href);
    if (new URL(link.href).pathname === window.location.pathname) window.location.reload();
  };

  const ask = async () => {
    const line = document.getElementById("own-call");
    let next = SELDOM_MS;
    try {
      const answer = document.hidden ? null : await fetch(line.dataset.source, { credentials: "same-origin", cache: "no-store" });
      if (answer !== null && answer.ok && !answer.redirected) {
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("own-call");
        line.replaceWith(fresh);
        if (fresh.dataset.over === "no") next = OFTEN_MS;
        lead(fresh);
      }
    } catch { /* away for a moment: the next round tries again */ }
    window.setTimeout(ask, next);
  };

  if (document.getElementById("own-call") !== null) ask();
})();
