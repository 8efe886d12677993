// Roving tab stop on the rows of [data-grid]: one row is in the tab order, keys move between rows.
import * as menu from "./menu.js";
import { isTyping, lettersAllowed } from "./page.js";

const PAGE_ROWS = 12;
let selecting = 0;

const rowsOf = (grid) => [...grid.querySelectorAll("tbody tr:not([hidden])")];

export function prepare(root = document) {
  for (const grid of root.querySelectorAll("[data-grid]")) {
    const rows = rowsOf(grid);
    const stop = rows.find((row) => row.tabIndex === 0 && row.hasAttribute("tabindex")) ?? rows[0];
    rows.forEach((row) => (row.tabIndex = row === stop ? 0 : -1));
    countMarks(grid);
  }
}

function go(grid, row) {
  if (!row) return;
  rowsOf(grid).forEach((one) => (one.tabIndex = one === row ? 0 : -1));
  row.focus();
  row.scrollIntoView({ block: "nearest" });
}

function select(grid, row) {
  const url = grid.dataset.select;
  if (!url || row.getAttribute("aria-current") === "true") return;
  rowsOf(grid).forEach((one) => one.toggleAttribute("aria-current", false));
  row.setAttribute("aria-current", "true");
  clearTimeout(selecting);
  // A person who holds an arrow key down asks for the last row only.
  selecting = setTimeout(() => {
    htmx.ajax("GET", url.replace("{id}", encodeURIComponent(row.dataset.id)), { target: grid.dataset.selectTarget, swap: "innerHTML" });
  }, 120);
}

function openRow(row) {
  const opener = row.querySelector("[data-open]");
  if (opener) opener.click();
  else if (row.dataset.href) location.assign(row.dataset.href);
}

function mark(grid, row) {
  const box = row.querySelector("[data-mark]");
  if (!box) return;
  box.checked = !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

function countMarks(grid) {
  const boxes = [...grid.querySelectorAll("[data-mark]")];
  const marked = boxes.filter((box) => box.checked).length;
  const all = grid.querySelector("[data-mark-all]");
  if (all) {
    all.checked = boxes.length > 0 && marked === boxes.length;
    all.indeterminate = marked > 0 && marked < boxes.length;
  }
  if (grid.getAttribute("aria-multiselectable") === "true") {
    boxes.forEach((box) => box.closest("tr").setAttribute("aria-selected", String(box.checked)));
  }
  document.querySelectorAll("[data-marked-count]").forEach((place) => (place.textContent = marked || ""));
  document.querySelectorAll("[data-needs-marks]").forEach((control) => (control.disabled = marked === 0));
}

function target(grid, row, key) {
  const rows = rowsOf(grid);
  const here = rows.indexOf(row);
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE_ROWS, PageUp: -PAGE_ROWS, j: 1, k: -1 };
  if (key === "Home") return rows[0];
  if (key === "End") return rows.at(-1);
  if (key in steps) return rows[Math.max(0, Math.min(rows.length - 1, here + steps[key]))];
  return null;
}

function onKey(event) {
  const row = event.target.closest("[data-grid] tbody tr");
  if (!row || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const grid = row.closest("[data-grid]");
  const onRow = event.target === row;
  const letter = event.key.length === 1;
  if (letter && event.key !== " " && !lettersAllowed()) return;
  const next = target(grid, row, letter ? event.key.toLowerCase() : event.key);
  if (next) go(grid, next);
  else if (event.key === "F10" && event.shiftKey) menu.buttonOf(row) && menu.open(menu.buttonOf(row));
  else if (event.key === "Enter" && onRow) openRow(row);
  else if (event.key === " " && onRow) mark(grid, row);
  else if (event.key === "Delete" && onRow && row.querySelector("[data-remove]")) row.querySelector("[data-remove]").click();
  else if (letter && onRow && /[a-z]/i.test(event.key)) {
    const key = event.key.toLowerCase();
    // `g` belongs to the "go to" pair; what no item of the menu takes goes on to the page's own shortcuts.
    if (key === "g" || !hasKey(row, key)) return;
    menu.run(menu.buttonOf(row), key);
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

function hasKey(row, key) {
  const button = menu.buttonOf(row);
  if (button?.dataset.menuUrl) return true;
  const shape = button && document.querySelector(button.dataset.menu);
  return Boolean(shape?.content.querySelector(`[data-key="${key}"]`));
}

function onClick(event) {
  const row = event.target.closest("[data-grid] tbody tr");
  if (!row || event.target.closest("a, button, input, label, select, summary, textarea")) return;
  if (getSelection().toString()) return;
  const grid = row.closest("[data-grid]");
  go(grid, row);
  if (!grid.dataset.select) openRow(row);
}

export function start() {
  prepare();
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
  document.addEventListener("dblclick", (event) => {
    const row = event.target.closest("[data-grid][data-select] tbody tr");
    if (row && !event.target.closest("a, button, input, label, select")) openRow(row);
  });
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-grid] tbody tr");
    if (!row) return;
    const grid = row.closest("[data-grid]");
    rowsOf(grid).forEach((one) => (one.tabIndex = one === row ? 0 : -1));
    if (row === event.target) select(grid, row);
  });
  document.addEventListener("change", (event) => {
    const grid = event.target.closest("[data-grid]");
    if (!grid) return;
    if (event.target.matches("[data-mark-all]")) grid.querySelectorAll("[data-mark]").forEach((box) => (box.checked = event.target.checked));
    if (event.target.matches("[data-mark], [data-mark-all]")) countMarks(grid);
  });
  document.body.addEventListener("htmx:afterSettle", () => prepare());
}
