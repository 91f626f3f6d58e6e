"use strict";
// Plays the moment that a link names: ?at=12.30#answer-… is the word of that answer that begins nearest to 12.3 seconds.
(() => {
  const seconds = Number(new URLSearchParams(window.location.search).get("at") ?? "none");
  const heading = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
  const words = [...(heading?.closest("[data-answer]")?.querySelectorAll("[data-start]") ?? [])];
  if (Number.isNaN(seconds) || words.length === 0) return;
  const away = (word) => Math.abs(Number(word.dataset.start) - seconds);
  words.reduce((nearest, word) => (away(word) < away(nearest) ? word : nearest)).click();
})();
