"use strict";
// One player for every answer of a case: a word clicked (or Enter, Space) is heard, the word being heard is marked and
// kept in sight, and when an answer is over the next one begins.
// In review words are buttons, with one tab stop for all of an answer; arrow keys move among them, towards the end of
// the line in any script. Outside it they are plain text for whoever reads by a screen reader.
// Words are found, never made: no text becomes HTML here. `review.js` asks for what stands in `player.desk`.
(() => {
  const STEP = { ArrowRight: 1, ArrowLeft: -1 };
  const LEAD_S = 1; // heard before a doubtful word
  const TAIL_S = 0.5; // and after it
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

  const isReview = document.querySelector("[data-review-mode]") !== null;

  const wordsOf = (part) => {
    const words = [...part.querySelectorAll("[data-start]")];
    if (isReview) {
      words.forEach((word, index) => { word.setAttribute("role", "button"); word.tabIndex = index === 0 ? 0 : -1; });
    }
    part.classList.add("has-live-words");
    return {
      part, words, heard: -1, stop: 0,
      starts: words.map((word) => Number(word.dataset.start)),
      ends: words.map((word) => Number(word.dataset.end)),
    };
  };

  const answers = [...document.querySelectorAll("[data-answer][data-voice]")].map(wordsOf);
  let current = answers[0];
  let stretch = null; // while one is heard: where it ends, and whether it begins again then
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
    if (stretch !== null && !audio.paused && audio.currentTime >= stretch.until) {
      if (stretch.isLoop) audio.currentTime = stretch.from; else { stretch = null; audio.pause(); }
    }
  };

  const run = () => {
    mark();
    if (!audio.paused && !audio.ended) window.requestAnimationFrame(run);
  };

  const stopAt = (answer, index, isFocused) => {
    if (isReview) { answer.words[answer.stop].tabIndex = -1; answer.words[index].tabIndex = 0; }
    answer.stop = index;
    if (isReview && isFocused) answer.words[index].focus();
  };

  const load = (answer) => {
    if (answer === current) return;
    lit(current, -1);
    current = answer;
    what.textContent = answer.part.dataset.what;
    audio.src = answer.part.dataset.voice;
  };

  const playFrom = (answer, seconds, only = null) => {
    load(answer);
    stretch = only;
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

  // A word with what leads to it and what follows, and then silence; or again and again.
  const hearAround = (answer, index, isLoop = false) => {
    stopAt(answer, index, true);
    const from = Math.max(0, answer.starts[index] - LEAD_S);
    playFrom(answer, from, { from, until: answer.ends[index] + TAIL_S, isLoop });
  };

  // The next or the earlier doubtful word in all answers; -1 goes back. Tells whether it had to begin anew.
  const hearDoubtful = (step) => {
    const all = answers.flatMap((answer) => answer.words.map((word, at) => ({ answer, at, word })));
    const doubtful = all.filter(({ word }) => word.dataset.doubtful !== undefined);
    if (doubtful.length === 0) return null;
    const here = all.findIndex(({ answer, at }) => answer === current && at === answer.stop);
    const later = doubtful.filter((one) => (all.indexOf(one) - here) * step > 0 || (!hasJumped && all.indexOf(one) === here));
    const isAnew = later.length === 0;
    const from = isAnew ? doubtful : later;
    const next = step > 0 ? from[0] : from[from.length - 1];
    hasJumped = true;
    hearAround(next.answer, next.at);
    keepInSight(next.word);
    return { isAnew, place: doubtful.indexOf(next) + 1, of: doubtful.length, text: next.word.textContent };
  };
  let hasJumped = false;

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

  const answerOf = (event) => answers.find(({ part }) => part.contains(event.target));

  document.addEventListener("click", (event) => {
    const answer = answerOf(event);
    if (answer === undefined) return;
    const index = answer.words.indexOf(event.target.closest("[data-start]"));
    if (index >= 0) { event.preventDefault(); hear(answer, index); }
    else if (event.target.closest("[data-hear]") !== null) playFrom(answer, 0);
    else if (event.target.closest("[data-next-doubtful]") !== null) {
      if (answer !== current) { load(answer); hasJumped = false; }
      hearDoubtful(1);
    }
  });
  if (isReview) {
    document.addEventListener("keydown", (event) => {
      const answer = answerOf(event);
      if (answer !== undefined) move(answer, event);
    });
  }

  audio.addEventListener("play", run);
  audio.addEventListener("seeked", mark);
  audio.addEventListener("timeupdate", mark);
  audio.addEventListener("ended", () => {
    if (stretch !== null) { stretch = null; return; }
    const next = answers[answers.indexOf(current) + 1];
    if (next !== undefined) playFrom(next, 0);
  });
  ["wheel", "touchmove"].forEach((kind) => {
    document.addEventListener(kind, () => { scrolledAt = performance.now(); }, { passive: true });
  });
  player.desk = {
    audio, answers, stopAt, hearAround, hearDoubtful,
    current: () => current,
    isLoop: () => stretch !== null && stretch.isLoop,
    endStretch: () => { stretch = null; },
    read: (answer, part) => Object.assign(answer, wordsOf(part), { stop: Math.min(answer.stop, Math.max(0, part.querySelectorAll("[data-start]").length - 1)) }),
  };
  player.hidden = false;
})();
