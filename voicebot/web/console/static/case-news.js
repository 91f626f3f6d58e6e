"use strict";
// What a colleague did on this case is said as soon as the page has read it again (refresh.js). A form that nobody has
// begun to fill in then counts as filled in by somebody who knows of it. One that is begun stays as it was, so that the
// service can ask before somebody acts on how the case stood.
(() => {
  const isBegun = (form) => form.contains(document.activeElement) || [...form.elements].some((field) =>
    field.matches("textarea, input:not([type=hidden]):not([type=radio]):not([type=checkbox])")
      ? field.value !== field.defaultValue
      : field.matches("[type=radio], [type=checkbox]") && field.checked !== field.defaultChecked);

  const tell = (said) => {
    const line = document.createElement("p");
    line.textContent = said;
    document.getElementById("case-news").append(line);
  };

  document.addEventListener("voicebot:read", (event) => {
    const news = document.getElementById("case-news");
    const fresh = event.detail.getElementById("case-news");
    if (news === null || fresh === null || fresh.dataset.seen === news.dataset.seen) return;
    news.dataset.seen = fresh.dataset.seen;
    if (fresh.dataset.said !== "") tell(fresh.dataset.said);
    document.querySelectorAll("input[name=seen]").forEach((seen) => {
      if (!isBegun(seen.form)) seen.value = fresh.dataset.seen;
    });
  });
})();
