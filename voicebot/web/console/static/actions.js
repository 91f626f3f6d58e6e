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
})();
