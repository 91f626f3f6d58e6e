"use strict";
// Keys of every page: what has a shortcut, the rows of a list, and the list of all keys with the switch for letters.
(() => {
  const help = document.getElementById("keys");
  const isTyping = (event) => event.target.closest("input, textarea, select, [role=textbox], dialog") !== null;
  const shortcut = (key) => document.querySelector(`[data-shortcut="${CSS.escape(key)}"]`);
  // Shift with a digit makes another sign on each keyboard, so the digit is known by its place. Where that sign has a
  // deed of its own, as "/" has over the 7 in Zagreb and Berlin, it counts.
  const isDigit = (event) => event.shiftKey && /^Digit\d$/.test(event.code) && shortcut(event.key) === null;
  const keyOf = (event) => (isDigit(event) ? `Shift+${event.code.slice(-1)}` : event.key);
  const isLetter = (event) => /^(Shift\+\d|[a-z.])$/i.test(keyOf(event));
  const firstField = (part) => part?.querySelector("input:not([type=hidden]), select, textarea")?.focus();

  // A link to a form of this page leads into its first field, before the next key comes.
  document.querySelectorAll('a[data-shortcut][href^="#"]').forEach((link) => {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      window.location.hash = link.hash;
      firstField(document.querySelector(link.hash));
    });
  });

  // Of two with the same key the first counts: a case that is mine already has no button to take it.
  const doShortcut = (part) => {
    if (part instanceof HTMLFormElement) { part.requestSubmit(); return; }
    part.click();
    if (part.matches("summary")) firstField(part.parentElement);
  };

  // j and k go through the rows of the page, from where the focus is.
  const goToRow = (step) => {
    const rows = [...document.querySelectorAll("[data-row-link]")];
    const at = rows.indexOf(document.activeElement);
    const row = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
    if (row === undefined) return;
    row.focus();
    row.scrollIntoView({ block: "nearest" });
  };

  // A key does its deed unless somebody is writing: a form is sent, a link followed, a label leads into its field.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event)) return;
    if (event.key === "?") { event.preventDefault(); help.showModal(); return; }
    if (document.documentElement.dataset.letters === "off" && isLetter(event)) return;
    if (event.key === "j" || event.key === "k") { goToRow(event.key === "j" ? 1 : -1); return; }
    if (event.repeat) return;
    const part = shortcut(keyOf(event));
    if (part === null) return;
    event.preventDefault(); // else the key would be typed into the field that it leads to
    doShortcut(part);
  });

  const letters = help.querySelector("[data-keys-on]");
  document.querySelectorAll("[data-keys-open]").forEach((opener) => {
    opener.hidden = false;
    opener.addEventListener("click", () => help.showModal());
  });
  letters.checked = document.documentElement.dataset.letters !== "off";
  letters.addEventListener("change", () => {
    const are = letters.checked ? "on" : "off";
    try { window.localStorage.setItem("voicebot-letters", are); } catch { /* not remembered then */ }
    document.documentElement.dataset.letters = are;
  });
})();
