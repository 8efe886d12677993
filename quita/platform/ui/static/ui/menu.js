// One menu for every kebab, right click and Shift F10. Its items are cloned from a <template> or fetched.
import { fill, isTyping, place } from "./page.js";

let opener = null;

const menu = () => document.getElementById("menu");
const items = () => [...menu().querySelectorAll("[role=menuitem]:not(:disabled, [aria-disabled=true])")];

// The items that a button's menu would have, as elements that are set up but not shown.
async function build(button) {
  const row = button.closest("[data-id]");
  const holder = document.createElement("div");
  if (button.dataset.menuUrl) {
    const answer = await fetch(button.dataset.menuUrl, { headers: { "HX-Request": "true", "HX-Target": "menu" } });
    if (!answer.ok) throw new Error(`menu ${answer.status}`);
    holder.innerHTML = await answer.text();
  } else {
    holder.append(document.querySelector(button.dataset.menu).content.cloneNode(true));
  }
  return fill(holder, { ...(row?.dataset ?? {}), ...button.dataset });
}

export async function open(button, point) {
  const holder = await build(button);
  opener = button.closest("tr[tabindex]") ?? button;
  menu().replaceChildren(...holder.childNodes);
  htmx.process(menu());
  items().forEach((item) => (item.tabIndex = -1));
  if (!menu().matches(":popover-open")) menu().showPopover();
  const box = button.getBoundingClientRect();
  place(menu(), point ?? { x: box.right - menu().offsetWidth, y: box.bottom + 2, flipTo: box.top - 2 });
  items()[0]?.focus();
}

// Starts the item with that letter without showing the menu. Gives false when there is none.
export async function run(button, letter) {
  if (!button) return false;
  const holder = await build(button);
  const item = holder.querySelector(`[data-key="${CSS.escape(letter)}"]`);
  if (!item) return false;
  // htmx and the delegated listeners need the item in the document, not in sight.
  menu().replaceChildren(item);
  htmx.process(menu());
  item.click();
  return true;
}

export const buttonOf = (row) => row?.querySelector("[data-menu], [data-menu-url]");

function onKey(event) {
  const list = items();
  const here = list.indexOf(document.activeElement);
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) list.at((here + steps[event.key] + list.length) % list.length)?.focus();
  else if (event.key === "Home") list[0]?.focus();
  else if (event.key === "End") list.at(-1)?.focus();
  else if (event.key === "Tab") menu().hidePopover();
  else if (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey) {
    const letter = event.key.toLowerCase();
    const item = list.find((one) => one.dataset.key === letter) ?? list.find((one) => one.textContent.trim().toLowerCase().startsWith(letter));
    if (item?.dataset.key === letter) item.click();
    else item?.focus();
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

export function start() {
  if (menu()) listen();
}

function listen() {
  menu().addEventListener("keydown", onKey);
  menu().addEventListener("click", (event) => {
    if (event.target.closest("[role=menuitem]") && menu().matches(":popover-open")) menu().hidePopover();
  });
  menu().addEventListener("toggle", (event) => {
    if (event.newState === "closed" && (menu().contains(document.activeElement) || document.activeElement === document.body)) opener?.focus();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-menu], [data-menu-url]");
    if (button) open(button);
  });
  document.addEventListener("contextmenu", (event) => {
    const button = buttonOf(event.target.closest("[data-grid] tbody tr"));
    if (!button || isTyping(event.target)) return;
    event.preventDefault();
    open(button, event.clientX || event.clientY ? { x: event.clientX, y: event.clientY } : undefined);
  });
  // Native popovers of the bar: under their button.
  document.addEventListener(
    "toggle",
    (event) => {
      if (event.newState !== "open" || !(event.target instanceof HTMLElement)) return;
      const button = document.querySelector(`[data-popover-under][popovertarget="${CSS.escape(event.target.id)}"]`);
      if (!button) return;
      const box = button.getBoundingClientRect();
      place(event.target, { x: box.left + box.width / 2 > innerWidth / 2 ? box.right - event.target.offsetWidth : box.left, y: box.bottom + 5 });
    },
    true,
  );
}
