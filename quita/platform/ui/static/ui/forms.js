// Forms: unsaved changes, questions before plain submits, sending on change, the field that is wrong.
import * as dialogs from "./dialogs.js";

const touched = new WeakSet();

function firstWrong(root) {
  const wrong = root.querySelector?.(".field.wrong :is(input, select, textarea):not([type=hidden])");
  wrong?.focus();
}

function asks(event, element, go) {
  if (!element?.dataset.confirm || element.dataset.confirmed) return false;
  event.preventDefault();
  event.stopImmediatePropagation();
  dialogs.confirm(element.dataset.confirm, () => {
    element.dataset.confirmed = "yes";
    go();
    delete element.dataset.confirmed;
  });
  return true;
}

function guarded() {
  return [...document.querySelectorAll("form[data-guard]")].some((form) => touched.has(form));
}

export function start() {
  firstWrong(document);
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (form) touched.add(form);
  });
  document.addEventListener(
    "submit",
    (event) => {
      const element = event.submitter?.dataset.confirm ? event.submitter : event.target;
      if (asks(event, element, () => event.target.requestSubmit(event.submitter))) return;
      touched.delete(event.target);
    },
    true,
  );
  document.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest("a[data-confirm]");
      if (link) asks(event, link, () => link.click());
    },
    true,
  );
  addEventListener("beforeunload", (event) => guarded() && event.preventDefault());
  document.addEventListener("change", (event) => event.target.closest("form[data-submit-on-change]")?.requestSubmit());
  document.body.addEventListener("htmx:afterSettle", (event) => event.detail.xhr?.status === 422 && firstWrong(event.detail.elt));
}
