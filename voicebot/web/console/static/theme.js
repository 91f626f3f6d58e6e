"use strict";
// Bootstrap's dark colours hang on an attribute; without JavaScript the page stays light. The cost is nothing.
(() => {
  const wish = window.matchMedia("(prefers-color-scheme: dark)");
  const follow = () => document.documentElement.setAttribute("data-bs-theme", wish.matches ? "dark" : "light");
  wish.addEventListener("change", follow);
  follow();
  // Whether single letters work as keys, as somebody switched it in the list of keys (keys.js).
  try { document.documentElement.dataset.letters = window.localStorage.getItem("voicebot-letters") ?? "on"; } catch { /* they do */ }
})();
