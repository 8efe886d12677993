// Rows that people put in order: by dragging their grip, or with the arrows on it.
import { sentence } from "./page.js";

let dragged = null;

function changed(list) {
  list.dispatchEvent(new Event("change", { bubbles: true }));
}

function announce(item) {
  const position = [...item.parentElement.children].indexOf(item) + 1;
  let region = document.getElementById("moved");
  if (!region) {
    region = Object.assign(document.createElement("div"), { id: "moved", className: "visually-hidden" });
    region.setAttribute("role", "status");
    document.body.append(region);
  }
  region.textContent = sentence("moved").replace("{n}", position);
}

function onKey(event) {
  const grip = event.target.closest("[data-grip]");
  if (!grip || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  event.preventDefault();
  const item = grip.closest("[data-sortable] > *");
  const other = event.key === "ArrowUp" ? item.previousElementSibling : item.nextElementSibling;
  if (!other) return;
  if (event.key === "ArrowUp") other.before(item);
  else other.after(item);
  grip.focus();
  announce(item);
  changed(item.parentElement);
}

function onMove(event) {
  if (!dragged) return;
  const over = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-sortable] > *");
  if (!over || over === dragged || over.parentElement !== dragged.parentElement) return;
  const box = over.getBoundingClientRect();
  if (event.clientY > box.top + box.height / 2) over.after(dragged);
  else over.before(dragged);
}

function onDrop() {
  if (!dragged) return;
  dragged.classList.remove("dragging");
  announce(dragged);
  changed(dragged.parentElement);
  dragged = null;
}

export function start() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip || event.button !== 0) return;
    dragged = grip.closest("[data-sortable] > *");
    dragged.classList.add("dragging");
    // Without capture the pointer would be lost to whatever is dragged over.
    event.preventDefault();
    grip.focus();
  });
  document.addEventListener("pointermove", onMove);
  document.addEventListener("pointerup", onDrop);
  document.addEventListener("pointercancel", onDrop);
}
