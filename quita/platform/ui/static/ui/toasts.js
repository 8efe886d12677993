// Notices in the corner. They stay until closed when they say that something failed; others leave after a while.
import { sentence } from "./page.js";

const TONES = ["success", "info", "warning", "danger"];
const STAY_MS = 6000;

function raise(region) {
  // The top layer is a stack: a notice shown after a dialog opened must be put above it again.
  if (region.matches(":popover-open")) region.hidePopover();
  if (region.childElementCount) region.showPopover();
}

function leaveLater(toast) {
  if (toast.matches(".danger, .error, .warning")) return;
  let timer = setTimeout(() => dismiss(toast), STAY_MS);
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", () => (timer = setTimeout(() => dismiss(toast), STAY_MS)));
}

function dismiss(toast) {
  toast.remove();
  const region = document.getElementById("toasts");
  if (!region.childElementCount && region.matches(":popover-open")) region.hidePopover();
}

export function show(text, tone = "info") {
  const region = document.getElementById("toasts");
  const shape = document.getElementById("toast-shapes").content.children[Math.max(TONES.indexOf(tone), 0)];
  const toast = shape.cloneNode(true);
  toast.querySelector("p").textContent = text;
  region.append(toast);
  raise(region);
  leaveLater(toast);
}

function explain(event) {
  const { status } = event.detail.xhr;
  // The server said it itself when it could.
  if (event.detail.xhr.getResponseHeader("HX-Trigger")?.includes('"toast"')) return;
  show(sentence(status === 403 ? "denied" : status === 404 ? "missing" : "failed"), "danger");
}

export function start() {
  const region = document.getElementById("toasts");
  region.setAttribute("popover", "manual");
  raise(region);
  region.querySelectorAll(".toast").forEach(leaveLater);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-dismiss]");
    if (button) dismiss(button.closest(".toast"));
  });
  document.body.addEventListener("toast", (event) => show(event.detail.text, event.detail.tone));
  document.body.addEventListener("htmx:responseError", explain);
  document.body.addEventListener("htmx:sendError", () => show(sentence("offline"), "danger"));
  document.body.addEventListener("htmx:timeout", () => show(sentence("offline"), "danger"));
}
