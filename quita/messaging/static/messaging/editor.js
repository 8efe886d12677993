// Puts a placeholder where the cursor was in the text, or in the subject when that had the focus last.
const fields = [...document.querySelectorAll("#editor textarea[name=body], #editor input[name=subject]")];
let target = fields.find((field) => field.name === "body");
for (const field of fields) field.addEventListener("focus", () => { target = field; });

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (!button || !target) return;
  const text = button.dataset.insert;
  const field = text.includes("\n") || text.includes("titles_table") ? fields.find((one) => one.name === "body") : target;
  field.focus();
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
