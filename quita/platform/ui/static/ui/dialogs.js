// The shared dialog, filled by htmx; and the question before something that cannot be taken back.
import { sentence } from "./page.js";

let opener = null;
let dirty = false;

const dialog = () => document.getElementById("dialog");

export function open(url) {
  opener = document.activeElement;
  htmx.ajax("GET", url, { target: "#dialog-body", swap: "innerHTML" });
}

function shown(event) {
  if (event.detail.target.id !== "dialog-body" || dialog().open) return;
  dirty = false;
  dialog().showModal();
  const first = dialog().querySelector("[autofocus], .wrong :is(input, select, textarea), input:not([type=hidden]), select, textarea, button");
  const group = first?.type === "radio" && dialog().querySelector(`input[name="${CSS.escape(first.name)}"]:checked`);
  (group || first)?.focus();
}

export function close() {
  if (dialog().open) dialog().close();
}

export function confirm(question, onYes) {
  const box = document.getElementById("confirm");
  document.getElementById("confirm-text").textContent = question;
  box.returnValue = "no";
  box.addEventListener("close", () => box.returnValue === "yes" && onYes(), { once: true });
  box.showModal();
}

function closed() {
  document.getElementById("dialog-body").replaceChildren();
  if (opener?.isConnected) opener.focus();
  opener = null;
}

function onClick(event) {
  const link = event.target.closest("[data-dialog]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    open(link.getAttribute("href") || link.dataset.dialog);
    return;
  }
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();

}

export function start() {
  document.addEventListener("click", onClick);
  document.body.addEventListener("htmx:afterSwap", shown);
  document.body.addEventListener("dialog:close", () => {
    dirty = false;
    close();
  });
  dialog().addEventListener("close", closed);
  dialog().addEventListener("input", () => (dirty = true));
  dialog().addEventListener("cancel", (event) => {
    if (event.target !== dialog() || !dirty || !dialog().querySelector("[data-guard]")) return;
    event.preventDefault();
    confirm(sentence("unsaved"), close);
  });
  document.body.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    confirm(event.detail.question, () => event.detail.issueRequest(true));
  });
}
