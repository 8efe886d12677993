// The command palette: places filtered here with accents folded, debtors and titles asked from the server.
import { fold } from "./page.js";

const WAIT_MS = 150;
let timer = 0;
let asked = 0;
let opener = null;

const box = () => document.getElementById("palette");
const input = () => box().querySelector("input");
const found = () => document.getElementById("palette-found");
const options = () => [...box().querySelectorAll("[role=option]")].filter((one) => !one.hidden);

function choose(option) {
  box().querySelectorAll("[aria-selected=true]").forEach((one) => one.removeAttribute("aria-selected"));
  if (!option) {
    input().removeAttribute("aria-activedescendant");
    return;
  }
  option.setAttribute("aria-selected", "true");
  input().setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function settle() {
  const list = options();
  box().querySelector(".palette-none").hidden = list.length > 0;
  input().setAttribute("aria-expanded", String(list.length > 0));
  const text = fold(input().value.trim());
  // Enter does what the person most likely means: the place whose name begins like that.
  choose((text && list.find((one) => fold(one.textContent.trim()).startsWith(text))) || list[0]);
}

function filterPlaces(words) {
  for (const option of document.querySelectorAll("#palette-places [role=option]")) {
    option.dataset.folded ??= fold(option.dataset.words);
    option.hidden = !words.every((word) => option.dataset.folded.includes(word));
  }
}

async function ask(text) {
  const turn = ++asked;
  const url = box().dataset.search;
  if (!url || text.length < 2) {
    found().replaceChildren();
    settle();
    return;
  }
  try {
    const answer = await fetch(`${url}?q=${encodeURIComponent(text)}`, { headers: { "HX-Request": "true", "HX-Target": "palette-found" } });
    if (turn !== asked) return;
    found().innerHTML = answer.ok && !answer.redirected ? await answer.text() : "";
  } catch {
    // Offline: the places still work, and the list says when nothing is left.
    found().replaceChildren();
  }
  settle();
}

function typed() {
  const text = input().value.trim();
  filterPlaces(fold(text).split(/\s+/).filter(Boolean));
  settle();
  clearTimeout(timer);
  timer = setTimeout(() => ask(text), WAIT_MS);
}

function follow(option, newTab) {
  if (!option) return;
  if (newTab) window.open(option.href, "_blank", "noopener");
  else if (option.hasAttribute("data-dialog")) {
    box().close();
    option.click();
  } else location.assign(option.href);
}

function onKey(event) {
  const list = options();
  const here = list.findIndex((one) => one.getAttribute("aria-selected") === "true");
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps && list.length) choose(list[(here + steps[event.key] + list.length) % list.length]);
  else if (event.key === "Enter") follow(list[here], event.ctrlKey || event.metaKey);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

export function open() {
  if (box().open) return;
  document.querySelectorAll("[popover]:popover-open:not(#toasts)").forEach((one) => one.hidePopover());
  opener = document.activeElement;
  input().value = "";
  found().replaceChildren();
  filterPlaces([]);
  box().showModal();
  input().focus();
  settle();
}

export function start() {
  if (!box()) return;
  input().addEventListener("input", typed);
  box().addEventListener("keydown", onKey);
  box().addEventListener("close", () => opener?.isConnected && opener.focus());
  box().addEventListener("click", (event) => {
    if (event.target === box()) box().close();
  });
  box().addEventListener("pointermove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && option.getAttribute("aria-selected") !== "true") choose(option);
  });
  document.addEventListener("click", (event) => event.target.closest("[data-palette]") && open());
}
