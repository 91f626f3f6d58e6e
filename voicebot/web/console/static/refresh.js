"use strict";
// Reads the page again and takes over the parts marked `data-refresh`, so that "in 12 min" stays true.
// Nothing is replaced while somebody works within the part, and nothing is asked for while the page is hidden.
(() => {
  const EVERY_MS = 20000;

  const inUse = (part) => {
    const selection = document.getSelection();
    const isHeard = [...part.querySelectorAll("audio")].some((voice) => !voice.paused || voice.currentTime > 0);
    return isHeard || part.querySelector("form :focus") !== null
      || (selection !== null && !selection.isCollapsed && part.contains(selection.anchorNode));
  };

  const takeOver = (part, fresh) => {
    const next = fresh.getElementById(part.id);
    if (next === null || inUse(part)) return;
    const isHeld = part.dataset.hold !== undefined
      && !part.dispatchEvent(new CustomEvent("voicebot:fresh", { bubbles: true, cancelable: true, detail: next }));
    if (isHeld) return;
    const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    const open = [...part.querySelectorAll("details[open]")].map((details) => details.dataset.key);
    next.querySelectorAll("details").forEach((details) => { details.open = open.includes(details.dataset.key); });
    part.replaceWith(next);
    if (focused !== null) {
      const again = [...next.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused);
      if (again !== undefined) again.focus({ preventScroll: true });
    }
  };

  const TYPED = "textarea, input:not([type=hidden], [type=radio], [type=checkbox])";
  const isTyping = () => [...document.querySelectorAll(TYPED)].some((words) => words.value !== words.defaultValue);

  const read = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(window.location.href, { credentials: "same-origin", cache: "no-store" });
      // The session has ended: to the login, but not while words would be lost; sent, they are given back.
      if (answer.redirected) { if (!isTyping()) window.location.reload(); return; }
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      document.dispatchEvent(new CustomEvent("voicebot:read", { detail: fresh }));
      document.querySelectorAll("[data-refresh]").forEach((part) => takeOver(part, fresh));
    } catch { /* away for a moment: the next round tries again */ }
  };

  window.setInterval(read, EVERY_MS);
  document.addEventListener("visibilitychange", read);
})();
