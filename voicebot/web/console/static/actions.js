"use strict";
// A form goes once: a second click on its button does nothing until the page is there. The server does not rely on it.
(() => {
  document.querySelectorAll("form[data-once]").forEach((form) => {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent !== undefined) { event.preventDefault(); return; }
      form.dataset.sent = "";
      form.querySelectorAll("button[type=submit]").forEach((button) => button.setAttribute("aria-disabled", "true"));
    });
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-once]").forEach((form) => {
      delete form.dataset.sent;
      form.querySelectorAll("button[type=submit]").forEach((button) => button.removeAttribute("aria-disabled"));
    });
  });
  // Where a list of choices is numbered, its digits choose while the focus is on one of them, and lead on to what is asked next.
  document.querySelectorAll("fieldset[data-digits]").forEach((choices) => {
    choices.addEventListener("keydown", (event) => {
      const chosen = choices.querySelectorAll("input[type=radio]")[Number(event.key) - 1];
      if (!chosen || !event.target.matches("input[type=radio]") || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault(); // else the digit would be typed into the field that it leads to
      chosen.checked = true;
      chosen.dispatchEvent(new Event("change", { bubbles: true }));
      (chosen.form.elements[choices.dataset.digits] ?? chosen).focus();
    });
  });
  // What a choice needs is asked for before the form goes, so that nothing typed is lost to a refusal.
  document.querySelectorAll("form[data-wrap-up]").forEach((form) => {
    form.addEventListener("change", () => {
      form.elements.reason.required = form.elements.outcome.value === "reached" || form.elements.next.value === "waits";
      if (form.elements.until) form.elements.until.required = form.elements.next.value === "waits";
    });
  });
  // A text that is too long is told so while it is written, and nothing of it is cut.
  const longer = (words) => {
    const left = Number(words.dataset.longest) - [...words.value.trim()].length;
    words.setCustomValidity(left < 0 ? `This is ${-left} characters too long: shorten it, or write two notes.` : "");
    let said = words.nextElementSibling;
    if (said === null || !said.matches(".count")) {
      said = document.createElement("p");
      said.className = "fine count";
      said.setAttribute("role", "status");
      words.after(said);
    }
    said.textContent = left < 0 ? `${-left} characters too many` : left < 200 ? `${left} characters left` : "";
  };
  document.querySelectorAll("textarea[data-longest]").forEach((words) => words.addEventListener("input", () => longer(words)));
  // Ctrl and Enter: log, then the next case. With Shift, who chose nothing of what comes next says that what is due stands.
  // What somebody chose is never chosen otherwise by a key.
  // Where something else is missing yet, nothing stays chosen by it.
  const choose = (form, stands, is) => {
    stands.checked = is;
    form.dispatchEvent(new Event("change"));
  };
  const log = (form) => form.requestSubmit(form.querySelector("[name=then]"));
  const logAsItStands = (form) => {
    if (form.querySelector("[name=next]:checked") !== null) { log(form); return; }
    const stands = form.querySelector("[name=next][value=stands]");
    choose(form, stands, true);
    log(form);
    if (form.dataset.sent === undefined) choose(form, stands, false);
  };
  // AltGr, which Windows gives as Ctrl and Alt, a key held down, or a sign half composed: that is writing, and logs nothing.
  const isByAccident = (event) => event.altKey || event.metaKey || event.repeat || event.isComposing;
  document.querySelectorAll("form[data-wrap-up]").forEach((form) => {
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.ctrlKey || isByAccident(event)) return;
      (event.shiftKey ? logAsItStands : log)(form);
    });
  });
  document.getElementById("no-complaint")?.addEventListener("toggle", (event) => {
    if (event.target.open) event.target.querySelector("input[type=radio]")?.focus();
  });
})();
