"use strict";
// A player and its words: a word clicked (or Enter, Space) is heard, the word being heard is marked.
// One tab stop for all words of an answer; arrow keys move among them, towards the end of the line in any script.
// Words are found, never made: no text becomes HTML here.
(() => {
  const STEP = { ArrowRight: 1, ArrowLeft: -1 };

  const indexAt = (starts, seconds) => {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= seconds) low = middle + 1; else high = middle;
    }
    return low - 1;
  };

  const follow = (answer) => {
    const audio = answer.querySelector("audio");
    const words = [...answer.querySelectorAll("[data-start]")];
    if (audio === null || words.length === 0) return;
    const starts = words.map((word) => Number(word.dataset.start));
    const ends = words.map((word) => Number(word.dataset.end));
    let heard = -1;
    let stop = 0;

    const mark = () => {
      const at = indexAt(starts, audio.currentTime + 0.02);
      const now = at >= 0 && audio.currentTime < ends[at] + 0.25 ? at : -1;
      if (now === heard) return;
      if (heard >= 0) words[heard].removeAttribute("aria-current");
      if (now >= 0) words[now].setAttribute("aria-current", "true");
      heard = now;
    };

    const run = () => {
      mark();
      if (!audio.paused && !audio.ended) window.requestAnimationFrame(run);
    };

    const stopAt = (index, isFocused) => {
      words[stop].tabIndex = -1;
      stop = index;
      words[stop].tabIndex = 0;
      if (isFocused) words[stop].focus();
    };

    const hear = (index) => {
      stopAt(index, false);
      audio.currentTime = starts[index];
      mark();
      const playing = audio.play();
      if (playing !== undefined) playing.catch(() => { /* the player itself shows what is wrong */ });
    };

    const seek = (index) => {
      if (audio.readyState >= HTMLMediaElement.HAVE_METADATA) { hear(index); return; }
      audio.addEventListener("loadedmetadata", () => hear(index), { once: true });
      audio.load();
    };

    words.forEach((word, index) => {
      word.setAttribute("role", "button");
      word.tabIndex = index === 0 ? 0 : -1;
    });

    const place = (target) => words.indexOf(target.closest("[data-start]"));

    answer.addEventListener("click", (event) => {
      const index = place(event.target);
      if (index >= 0) { seek(index); return; }
      if (event.target.closest("[data-next-doubtful]") !== null) {
        const after = words.findIndex((word, at) => at > stop && word.dataset.doubtful !== undefined);
        const next = after >= 0 ? after : words.findIndex((word) => word.dataset.doubtful !== undefined);
        if (next >= 0) { stopAt(next, true); seek(next); }
      }
    });

    answer.addEventListener("keydown", (event) => {
      const index = place(event.target);
      if (index < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
      const isLeftwards = window.getComputedStyle(words[index].parentElement).direction === "rtl";
      const step = (STEP[event.key] ?? 0) * (isLeftwards ? -1 : 1);
      if (step !== 0) stopAt(Math.min(words.length - 1, Math.max(0, index + step)), true);
      else if (event.key === "Home") stopAt(0, true);
      else if (event.key === "End") stopAt(words.length - 1, true);
      else if (event.key === "Enter" || event.key === " ") seek(index);
      else return;
      event.preventDefault();
    });

    audio.addEventListener("play", () => {
      document.querySelectorAll("audio").forEach((other) => { if (other !== audio) other.pause(); });
      run();
    });
    audio.addEventListener("seeked", mark);
    audio.addEventListener("timeupdate", mark);
    answer.classList.add("has-live-words");
  };

  document.querySelectorAll("[data-answer]").forEach(follow);
})();
