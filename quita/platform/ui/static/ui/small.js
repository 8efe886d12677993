// Behaviours of a few lines: copy, toggle, tables that scroll sideways.
import { sentence } from "./page.js";
import { show } from "./toasts.js";

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  show(sentence("copied"), "success");
}

function toggle(button) {
  const open = document.querySelector(button.dataset.toggle).classList.toggle("open");
  button.setAttribute("aria-expanded", String(open));
}

export function start() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-toggle]");
    if (!button) return;
    if ("copy" in button.dataset) copy(button);
    else toggle(button);
  });
}
