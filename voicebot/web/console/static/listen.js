"use strict";
// One player for every answer of a case: a word clicked (or Enter, Space) is heard, the word being heard is marked and
// kept in sight, and when an answer is over the next one begins.
// One tab stop for all words of an answer; arrow keys move among them, towards the end of the line in any script.
// Words are found, never made: no text becomes HTML here.
(() => {
  const STEP = { ArrowRight: 1, ArrowLeft: -1 };
  const LEFT_ALONE_MS = 4000; // so long nothing is scrolled after somebody has scrolled
  const player = document.querySelector("[data-player]");
  if (player === null) return;
  const audio = player.querySelector("audio");
  const what = player.querySelector("[data-player-what]");

  const indexAt = (starts, seconds) => {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= seconds) low = middle + 1; else high = middle;
    }
    return low - 1;
  };

  const answers = [...document.querySelectorAll("[data-answer][data-voice]")].map((part) => {
    const words = [...part.querySelectorAll("[data-start]")];
    return {
      part, words, heard: -1, stop: 0,
      starts: words.map((word) => Number(word.dataset.start)),
      ends: words.map((word) => Number(word.dataset.end)),
    };
  });
  let current = answers[0];
  let scrolledAt = -LEFT_ALONE_MS;

  const keepInSight = (word) => {
    const { top, bottom } = word.getBoundingClientRect();
    const foot = document.querySelector(".case-head-actions").getBoundingClientRect().top;
    const lowest = foot > window.innerHeight / 2 ? foot : window.innerHeight;
    if (top >= player.getBoundingClientRect().bottom && bottom <= lowest) return;
    if (performance.now() - scrolledAt >= LEFT_ALONE_MS) word.scrollIntoView({ block: "center" });
  };

  const lit = (answer, now) => {
    if (now === answer.heard) return;
    if (answer.heard >= 0) answer.words[answer.heard].removeAttribute("aria-current");
    if (now >= 0) answer.words[now].setAttribute("aria-current", "true");
    answer.heard = now;
    if (now >= 0 && !audio.paused) keepInSight(answer.words[now]);
  };

  const mark = () => {
    const at = indexAt(current.starts, audio.currentTime + 0.02);
    lit(current, at >= 0 && audio.currentTime < current.ends[at] + 0.25 ? at : -1);
  };

  const run = () => {
    mark();
    if (!audio.paused && !audio.ended) window.requestAnimationFrame(run);
  };

  const stopAt = (answer, index, isFocused) => {
    answer.words[answer.stop].tabIndex = -1;
    answer.stop = index;
    answer.words[index].tabIndex = 0;
    if (isFocused) answer.words[index].focus();
  };

  const load = (answer) => {
    if (answer === current) return;
    lit(current, -1);
    current = answer;
    what.textContent = answer.part.dataset.what;
    audio.src = answer.part.dataset.voice;
  };

  const playFrom = (answer, seconds) => {
    load(answer);
    const start = () => {
      audio.currentTime = seconds;
      mark();
      const playing = audio.play();
      if (playing !== undefined) playing.catch(() => { /* the player itself shows what is wrong */ });
    };
    if (audio.readyState >= HTMLMediaElement.HAVE_METADATA) { start(); return; }
    audio.addEventListener("loadedmetadata", start, { once: true });
    audio.load();
  };

  const hear = (answer, index) => { stopAt(answer, index, false); playFrom(answer, answer.starts[index]); };

  const hearDoubtful = (answer) => {
    const doubtful = (word) => word.dataset.doubtful !== undefined;
    const after = answer.words.findIndex((word, at) => at > answer.stop && doubtful(word));
    const next = after >= 0 ? after : answer.words.findIndex(doubtful);
    if (next >= 0) { stopAt(answer, next, true); hear(answer, next); }
  };

  const move = (answer, event) => {
    const index = answer.words.indexOf(event.target.closest("[data-start]"));
    if (index < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const isLeftwards = window.getComputedStyle(answer.words[index].parentElement).direction === "rtl";
    const step = (STEP[event.key] ?? 0) * (isLeftwards ? -1 : 1);
    if (step !== 0) stopAt(answer, Math.min(answer.words.length - 1, Math.max(0, index + step)), true);
    else if (event.key === "Home") stopAt(answer, 0, true);
    else if (event.key === "End") stopAt(answer, answer.words.length - 1, true);
    else if (event.key === "Enter" || event.key === " ") hear(answer, index);
    else return;
    event.preventDefault();
  };

  answers.forEach((answer) => {
    answer.words.forEach((word, index) => {
      word.setAttribute("role", "button");
      word.tabIndex = index === 0 ? 0 : -1;
    });
    answer.part.addEventListener("click", (event) => {
      const index = answer.words.indexOf(event.target.closest("[data-start]"));
      if (index >= 0) hear(answer, index);
      else if (event.target.closest("[data-hear]") !== null) playFrom(answer, 0);
      else if (event.target.closest("[data-next-doubtful]") !== null) hearDoubtful(answer);
    });
    answer.part.addEventListener("keydown", (event) => move(answer, event));
    answer.part.classList.add("has-live-words");
  });

  audio.addEventListener("play", run);
  audio.addEventListener("seeked", mark);
  audio.addEventListener("timeupdate", mark);
  audio.addEventListener("ended", () => {
    const next = answers[answers.indexOf(current) + 1];
    if (next !== undefined) playFrom(next, 0);
  });
  ["wheel", "touchmove"].forEach((kind) => {
    document.addEventListener(kind, () => { scrolledAt = performance.now(); }, { passive: true });
  });
  player.hidden = false;
})();
