// Marks that outlive the page of the result they were made on: kept for this tab and this list, sent with #bulk.
const list = () => document.querySelector("[data-marks]");
const key = () => `quita-marks-${list().dataset.marks}`;
const kept = () => new Set(JSON.parse(sessionStorage.getItem(key()) || "[]"));
const boxes = () => [...list().querySelectorAll("[data-mark]")];

function save(marks) {
  sessionStorage.setItem(key(), JSON.stringify([...marks]));
}

function collect() {
  const marks = kept();
  for (const box of boxes()) box.checked ? marks.add(box.value) : marks.delete(box.value);
  save(marks);
  show();
}

function show() {
  if (!list()) return;
  const marks = kept();
  const shown = new Set(boxes().map((box) => box.value));
  const elsewhere = [...marks].filter((id) => !shown.has(id));
  document.querySelector("[data-kept-marks]").replaceChildren(
    ...elsewhere.map((id) => Object.assign(document.createElement("input"), { type: "hidden", name: "marked", value: id })),
  );
  document.querySelectorAll("[data-marked-count]").forEach((place) => (place.textContent = marks.size || ""));
  document.querySelectorAll("[data-needs-marks]").forEach((control) => (control.disabled = marks.size === 0));
  document.querySelectorAll("[data-marked-note]").forEach((note) => (note.hidden = marks.size === 0));
}

function restore() {
  if (!list()) return;
  const marks = kept();
  for (const box of boxes()) {
    box.checked = marks.has(box.value);
    box.closest("tr").setAttribute("aria-selected", String(box.checked));
  }
  const all = list().querySelector("[data-mark-all]");
  if (all) all.checked = boxes().length > 0 && boxes().every((box) => box.checked);
  show();
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-mark], [data-mark-all]")) collect();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-unmark]")) return;
  save(new Set());
  restore();
});
// After an action the marks have done their work.
document.body.addEventListener("changed:list", () => {
  save(new Set());
  restore();
});
document.body.addEventListener("htmx:afterSettle", restore);
restore();
