"use strict";
// Rows that move say so. While somebody points at the lanes, is within them or has scrolled, nothing moves under them:
// what is new waits behind a button. The next call stays, too, while somebody points at it: its button would ring somebody
// else. The words of rows that stay where they are always become those of now.
(() => {
  const news = document.getElementById("lanes-news");
  let waiting = null;

  const rows = (part) => [...part.querySelectorAll("[data-lane]")].flatMap((lane) =>
    [...lane.querySelectorAll("[data-row]")].map((row) => `${lane.dataset.lane} ${row.dataset.row}`));

  const said = (before, after) => {
    const fresh = after.filter((row) => !before.includes(row)).length;
    const gone = before.filter((row) => !after.includes(row)).length;
    const parts = [fresh > 0 ? `${fresh} new` : "", gone > 0 ? `${gone} gone` : ""].filter((part) => part !== "");
    return parts.length > 0 ? parts.join(", ") : "in another order";
  };

  const isLookedAt = (part) => part.matches(":hover") || part.contains(document.activeElement) || window.scrollY > 0;

  const caseOf = (card) => card.querySelector("h2 a")?.textContent;

  const isAnotherUnderTheHand = (card, next) => caseOf(card) !== undefined && caseOf(card) !== caseOf(next)
    && (card.matches(":hover") || card.contains(document.activeElement));

  const show = () => {
    const part = document.getElementById("lanes");
    if (waiting === null || part === null) return;
    part.replaceWith(waiting);
    waiting = null;
    news.replaceChildren();
  };

  const offer = (words) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-outline-primary";
    button.textContent = `${words}: show them`;
    button.addEventListener("click", show);
    news.replaceChildren(button);
  };

  document.addEventListener("voicebot:fresh", (event) => {
    const part = event.target;
    const next = event.detail;
    if (part.id === "next-call") {
      if (isAnotherUnderTheHand(part, next)) event.preventDefault();
      return;
    }
    const before = rows(part);
    const after = rows(next);
    if (before.join() === after.join()) { waiting = null; news.replaceChildren(); return; }
    if (!isLookedAt(part)) { news.replaceChildren(said(before, after)); return; }
    event.preventDefault();
    waiting = next;
    offer(said(before, after));
  });
})();
