"use strict";
// Keys of the player and of the review, and a review that does not leave the page. What is typed and decided goes to the
// server by the same forms as without script; the answer's part of the page that comes back takes the old one's place.
(() => {
  const BACK_S = 2; // so far back playing is resumed
  const STEP_S = 5;
  const RATES = [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2];
  const ENOUGH = 0.8; // of a voice played counts as listened to
  const player = document.querySelector("[data-player]");
  const desk = player === null ? undefined : player.desk;
  const isReview = document.querySelector("[data-review-mode]") !== null;
  const status = document.querySelector("[data-review-said]");

  const kept = (name) => { try { return window.localStorage.getItem(name); } catch { return null; } };
  const keep = (name, value) => { try { window.localStorage.setItem(name, value); } catch { /* not remembered then */ } };
  const say = (words) => {
    status.textContent = words;
    const shown = document.querySelector("[data-player-said]");
    if (shown !== null) shown.textContent = words;
  };

  // --- the player --------------------------------------------------------------------------------------------
  let hasBegun = false;

  const setRate = (rate) => { desk.audio.defaultPlaybackRate = rate; desk.audio.playbackRate = rate; };

  const change = (step) => {
    const at = RATES.findIndex((rate) => rate >= desk.audio.playbackRate - 0.001);
    const rate = RATES[Math.min(RATES.length - 1, Math.max(0, (at < 0 ? RATES.length - 1 : at) + step))];
    setRate(rate);
    keep("voicebot-rate", String(rate));
    say(`Speed ${rate}`);
  };

  const playOrPause = () => {
    const { audio } = desk;
    if (!audio.paused) { audio.pause(); return; }
    desk.endStretch();
    if (hasBegun && !audio.ended) audio.currentTime = Math.max(0, audio.currentTime - BACK_S);
    audio.play().catch(() => { /* the player itself shows what is wrong */ });
  };

  const goBy = (seconds) => {
    desk.endStretch();
    desk.audio.currentTime = Math.max(0, desk.audio.currentTime + seconds);
  };

  const doubtful = (step) => {
    const found = desk.hearDoubtful(step);
    if (found === null) say("No word is doubtful.");
    else say(`${found.isAnew ? "From the other end: d" : "D"}oubtful word ${found.place} of ${found.of}`);
  };

  const loop = () => {
    if (desk.isLoop()) { desk.endStretch(); desk.audio.pause(); return; }
    const answer = desk.current();
    if (answer.words.length > 0) desk.hearAround(answer, answer.heard >= 0 ? answer.heard : answer.stop, true);
  };

  // --- the review --------------------------------------------------------------------------------------------
  const focusOn = (part, range) => {
    const typed = part.querySelector("[data-mend] [name=text]");
    if (typed !== null) { typed.focus(); if (typed.dataset.typed === undefined) typed.select(); return; }
    const answer = desk === undefined ? undefined : desk.answers.find((one) => one.part === part);
    if (answer === undefined) { part.querySelector("h3").focus(); return; }
    const first = Number((range).split("-")[0]);
    const index = answer.words.findIndex((word) => Number(word.dataset.range.split("-")[1]) > first);
    if (answer.words.length > 0) desk.stopAt(answer, Math.max(0, index), true);
  };

  const takeOver = (fresh, part, range) => {
    const next = fresh.getElementById(part.id);
    if (next === null) return false;
    part.replaceWith(next);
    const answer = desk === undefined ? undefined : desk.answers.find((one) => one.part === part);
    if (answer !== undefined) desk.read(answer, next);
    const gist = document.querySelector("[data-gist]");
    const told = fresh.querySelector("[data-gist]");
    if (gist !== null && told !== null) gist.replaceWith(told);
    focusOn(next, range);
    return true;
  };

  const fetched = async (address, options) => {
    const answer = await fetch(address, { credentials: "same-origin", cache: "no-store", ...options });
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  };

  const partOf = (element) => element.closest("[data-answer]");

  // Asks for a page and gives it to `use`. One without this answer is the login's: it is shown, and leads back here.
  const ask = async (address, part, use) => {
    try {
      const fresh = await fetched(address);
      if (fresh.getElementById(part.id) === null) window.location.assign(address); else await use(fresh);
    } catch { say("It could not be fetched: try again when you are online."); }
  };

  // A form is sent once at a time (actions.js says that it is sent, and greys its buttons).
  const isSent = (form) => {
    if (form.dataset.going !== undefined) return true;
    form.dataset.going = "";
    return false;
  };

  const free = (form) => {
    delete form.dataset.going;
    delete form.dataset.sent;
    form.querySelectorAll("button").forEach((button) => button.removeAttribute("aria-disabled"));
  };

  // Sent without script's help, with the button that was pressed. A form that is sent by script has none of its own.
  const submitAs = (form, submitter) => {
    const pressed = document.createElement("input");
    Object.assign(pressed, { type: "hidden", name: submitter.name, value: submitter.value });
    form.append(pressed);
    form.submit();
  };

  const send = async (form, submitter, range) => {
    if (isSent(form)) return;
    const body = new FormData(form, submitter);
    const part = partOf(form);
    try {
      const fresh = await fetched(form.action, { method: "POST", body });
      const isKept = !fresh.getElementById(part.id)?.querySelector("[role=alert]");
      if (takeOver(fresh, part, range)) say(isKept ? "Kept." : "Not kept: read what stands there now.");
      else submitAs(form, submitter); // the session has ended: to the login, and the server gives the words back
    } catch { free(form); say("It could not be sent: try again."); }
  };

  // Only the line that says who has listened is renewed, so that nothing typed beside it is lost.
  const tellHeard = async (form) => {
    if (isSent(form)) return;
    const line = form.closest(".review-line");
    try {
      const fresh = await fetched(form.action, { method: "POST", body: new FormData(form) });
      const next = fresh.getElementById(partOf(form).id)?.querySelector(".review-line");
      if (next) line.replaceWith(next); else say("That you listened could not be kept: load the page again.");
    } catch { say("That you listened could not be sent: press the button when you are online."); }
  };

  // Whether somebody has typed a correction there that is not kept yet.
  const isMending = (part) => {
    const typed = part.querySelector("[data-mend] [name=text]");
    if (typed === null || typed.value === typed.defaultValue) return false;
    say("Keep your correction first, or put it away.");
    typed.focus();
    return true;
  };

  const chosen = () => {
    if (document.activeElement?.matches("[data-range]")) return document.activeElement;
    if (desk === undefined) return null;
    const answer = desk.current();
    return answer.words[answer.stop] ?? null;
  };

  const mend = async (word) => {
    const part = partOf(word);
    if (!isMending(part)) await ask(word.href, part, (fresh) => takeOver(fresh, part, word.dataset.range));
  };

  const accept = async (word) => {
    const part = partOf(word);
    if (isMending(part)) return;
    await ask(word.href, part, async (fresh) => {
      const form = fresh.getElementById(part.id).querySelector("[data-mend]");
      if (form === null) { say("These words cannot be reviewed any more: load the page again."); return; }
      form.hidden = true;
      part.append(form);
      await send(form, form.querySelector("[value=accept]"), word.dataset.range);
      form.remove();
    });
  };

  const takeBack = () => {
    const here = chosen();
    const part = here === null ? document : partOf(here);
    const form = part.querySelector("form[data-last]") ?? document.querySelector("form[data-last]");
    if (form === null) say("There is nothing to take back.");
    else if (!isMending(partOf(form))) send(form, form.querySelector("button"), here === null ? "0-0" : here.dataset.range);
  };

  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-review]")) {
      event.preventDefault();
      if (!event.target.matches("[data-mend]") && isMending(partOf(event.target))) { free(event.target); return; }
      const from = Number(event.target.elements.from.value) - 1;
      send(event.target, event.submitter, `${from}-${event.target.elements.to.value}`);
    } else if (event.target.matches("form[data-heard]")) {
      event.preventDefault();
      tellHeard(event.target);
    }
  });

  document.addEventListener("click", async (event) => {
    const away = event.target.closest("[data-put-away]");
    if (away === null || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const range = `${Number(away.closest("form").elements.from.value) - 1}-0`;
    await ask(away.href, partOf(away), (fresh) => takeOver(fresh, partOf(away), range));
  });

  // --- heard: most of a voice was really played ---------------------------------------------------------------
  if (desk !== undefined) {
    const lengthOf = (ranges) => Array.from({ length: ranges.length }, (_, at) => ranges.end(at) - ranges.start(at)).reduce((all, one) => all + one, 0);
    const look = () => {
      hasBegun = hasBegun || desk.audio.currentTime > 0;
      const form = desk.current().part.querySelector("form[data-heard]");
      if (form === null || !(desk.audio.duration > 0) || lengthOf(desk.audio.played) < ENOUGH * desk.audio.duration) return;
      tellHeard(form);
    };
    desk.audio.addEventListener("timeupdate", look);
    desk.audio.addEventListener("pause", look);
    setRate(Number(kept("voicebot-rate")) || 1);
  }

  // --- keys --------------------------------------------------------------------------------------------------
  const lettersAreOn = () => document.documentElement.dataset.letters !== "off";
  const LETTERS = { d: () => doubtful(1), D: () => doubtful(-1), ".": loop };
  const REVIEW = { e: mend, a: accept };
  const WITH_ALT = {
    KeyK: playOrPause, KeyJ: () => goBy(-STEP_S), KeyL: () => goBy(STEP_S), Minus: () => change(-1), Equal: () => change(1),
  };
  const isTyping = (event) => event.target.closest("input, textarea, select, [role=textbox], dialog") !== null;

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    if (event.altKey) {
      if (desk !== undefined && WITH_ALT[event.code] !== undefined) { event.preventDefault(); WITH_ALT[event.code](); }
      return;
    }
    if (event.repeat || isTyping(event)) return;
    if (!lettersAreOn()) return;
    if (desk !== undefined && LETTERS[event.key] !== undefined) { event.preventDefault(); LETTERS[event.key](); return; }
    if (!isReview) return;
    if (event.key === "z") { event.preventDefault(); takeBack(); return; }
    const word = chosen();
    if (REVIEW[event.key] !== undefined && word !== null) { event.preventDefault(); REVIEW[event.key](word); }
  });
})();
