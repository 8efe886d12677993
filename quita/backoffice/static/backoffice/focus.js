// A list that tells itself anew gives the focus back to the row that had it, or to the first one on another page.
let row = null;

document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "list" || !event.detail.target.contains(document.activeElement)) return;
  row = document.activeElement.closest("tbody tr")?.dataset.id ?? "";
});
document.body.addEventListener("htmx:afterSettle", () => {
  if (row === null) return;
  const rows = [...document.querySelectorAll("#list tbody tr[data-id]")];
  (rows.find((one) => one.dataset.id === row) ?? rows[0])?.focus({ preventScroll: true });
  row = null;
});
