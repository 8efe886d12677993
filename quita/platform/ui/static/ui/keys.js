// Shortcuts of the whole page. Single letters are silent while a person types, in dialogs, and when switched off.
import * as palette from "./palette.js";
import { isTyping, lettersAllowed } from "./page.js";

const PAIR_MS = 1500;
let goingUntil = 0;

const labelOf = (element) => element.dataset.keyLabel || element.getAttribute("aria-label") || element.textContent.trim().replace(/\s+/g, " ");

// The keys of this page: elements with data-key in it, and those of the first menu of its rows.
function pageKeys() {
  const found = new Map();
  const shapes = [...document.querySelectorAll("template")].flatMap((one) => [...one.content.querySelectorAll("[data-key]")]);
  for (const element of [...document.querySelectorAll("#content [data-key]:not([data-sortable] *), .sidebar [data-key]"), ...shapes]) {
    const text = element.cloneNode(true);
    text.querySelectorAll("kbd, svg").forEach((extra) => extra.remove());
    if (!found.has(element.dataset.key)) found.set(element.dataset.key, element.dataset.keyLabel || element.getAttribute("aria-label") || labelOf(text));
  }
  return found;
}

export function help() {
  const list = document.querySelector("[data-help-page]");
  const rows = [...pageKeys()].map(([key, label]) => {
    const row = document.createElement("div");
    const [term, meaning, cap] = ["dt", "dd", "kbd"].map((name) => document.createElement(name));
    cap.textContent = key.toUpperCase();
    meaning.textContent = label;
    term.append(cap);
    row.append(term, meaning);
    return row;
  });
  list.replaceChildren(...rows);
  list.hidden = document.querySelector("[data-help-page-title]").hidden = rows.length === 0;
  document.getElementById("help").showModal();
}

function goTo(letter) {
  const place = [...document.querySelectorAll("#palette-places [role=option]")].find(
    (one) => one.querySelector("kbd")?.textContent.trim() === `g ${letter}`,
  );
  if (place) location.assign(place.href);
  return Boolean(place);
}

function letterPressed(key) {
  if (goingUntil > performance.now()) {
    goingUntil = 0;
    return goTo(key);
  }
  if (key === "g") {
    goingUntil = performance.now() + PAIR_MS;
    return true;
  }
  const control = document.querySelector(`:is(#content, .sidebar) [data-key="${CSS.escape(key)}"]:not(:disabled, [data-sortable] *)`);
  control?.click();
  return Boolean(control);
}

function onKey(event) {
  if (event.defaultPrevented) return;
  const signedIn = document.getElementById("palette");
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k" && signedIn) {
    event.preventDefault();
    palette.open();
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    const form = event.target.closest?.("form") ?? document.querySelector("dialog[open] form");
    if (form) {
      event.preventDefault();
      form.requestSubmit(form.querySelector(".button.primary:not([type=button])"));
    }
    return;
  }
  if (!signedIn || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector("dialog[open], [popover]:popover-open:not(#toasts)") || !lettersAllowed()) return;
  if (event.key === "?") help();
  else if (event.key === "/") {
    const filter = document.querySelector("[data-filter]");
    if (!filter) return;
    document.querySelector(".sidebar")?.classList.add("open");
    filter.focus();
    filter.select();
  } else if (!/^[a-z]$/i.test(event.key) || !letterPressed(event.key.toLowerCase())) return;
  event.preventDefault();
}

export function start() {
  document.addEventListener("keydown", onKey);
  document.addEventListener(
    "click",
    (event) => {
      if (!event.target.closest("[data-help]")) return;
      event.stopPropagation();
      event.target.closest("[popover]")?.hidePopover();
      help();
    },
    true,
  );
}
