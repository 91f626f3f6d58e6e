"use strict";
// What was typed and chosen in a form stands in it again when it could not be kept: the session had ended, or the
// answer was no. It waits in this tab alone, for the member who wrote it, and goes with the next page that is no refusal.
(() => {
  const KEY = "voicebot-draft";
  const NOT_TYPED = ["csrf_token", "seen", "then"];
  const who = document.body.dataset.member;

  const read = () => { try { return JSON.parse(sessionStorage.getItem(KEY)); } catch { return null; } };
  const keep = (draft) => sessionStorage.setItem(KEY, JSON.stringify(draft));
  const forget = () => sessionStorage.removeItem(KEY);
  const place = (form) => new URL(form.action).pathname;
  const typed = (form, name) => [...form.querySelectorAll(`[name="${CSS.escape(name)}"]:not([type=hidden])`)];

  const put = (form, [name, value]) => {
    typed(form, name).forEach((field) => {
      if (field.matches("[type=radio], [type=checkbox]")) field.checked = field.checked || field.value === value;
      else if (!field.matches("select") || [...field.options].some((option) => option.value === value)) field.value = value;
    });
  };

  const restore = (form, draft) => {
    draft.fields.forEach((field) => put(form, field));
    form.closest("details")?.setAttribute("open", "");
    form.closest(".wrap-up")?.classList.add("is-filled");
    form.dispatchEvent(new Event("change", { bubbles: true }));
    const said = document.createElement("p");
    said.className = "notice";
    said.setAttribute("role", "status");
    said.textContent = "What you wrote was not kept and stands here again: look at it, then send it.";
    form.prepend(said);
    said.scrollIntoView({ block: "center" });
  };

  const draft = read();
  if (draft !== null && document.querySelector("[data-not-kept]") !== null) keep({ ...draft, waits: true });
  else if (draft !== null && who !== undefined) {
    const isOf = (form) => form.method === "post" && place(form) === draft.action;
    // More than one form may go to one place, such as a correction and taking one back.
    const form = [...document.forms].find((each) => isOf(each) && draft.fields.every(([name]) => typed(each, name).length > 0));
    if (!draft.waits || draft.who !== who) forget();
    else if (form !== undefined) { restore(form, draft); forget(); }
  }

  document.querySelectorAll("form[data-once]").forEach((form) => {
    form.addEventListener("submit", () => {
      const fields = [...new FormData(form)].filter(([name]) => !NOT_TYPED.includes(name) && typed(form, name).length > 0);
      if (fields.length > 0) keep({ action: place(form), who, fields, waits: false });
    });
  });
  document.querySelector('form[action$="/logout"]')?.addEventListener("submit", forget);
  document.querySelector(".wrap-up-away")?.addEventListener("click", (event) => {
    event.target.closest(".wrap-up").classList.remove("is-filled");
  });
})();
