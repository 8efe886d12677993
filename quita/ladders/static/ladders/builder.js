// The condition builder: nodes move with Alt and the arrows, and a list of choices closes when it is left.
import "./keep.js";

function moved(event) {
  if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  const button = event.target.closest("[data-node]")?.querySelector(`[data-move="${event.key === "ArrowUp" ? "up" : "down"}"]`);
  if (!button || button.disabled) return;
  event.preventDefault();
  button.click();
}

function closeOthers(event) {
  for (const list of document.querySelectorAll("details[data-rule-list][open]")) {
    if (!list.contains(event.target)) list.open = false;
  }
}

function closeOnEscape(event) {
  const list = event.key === "Escape" ? event.target.closest?.("details[data-rule-list][open]") : null;
  if (!list) return;
  event.preventDefault();
  list.open = false;
  list.querySelector("summary").focus();
}

// What is chosen reads in the closed list at once, without asking the server.
function summarize(event) {
  const list = event.target.closest?.("details[data-rule-list]");
  if (!list) return;
  const chosen = [...list.querySelectorAll("input:checked")].map((box) => box.parentElement.textContent.trim());
  const more = list.querySelector("input[type=text]")?.value.split(";").map((one) => one.trim()).filter(Boolean) ?? [];
  list.querySelector(".rule-chosen").textContent = [...chosen, ...more].join(", ") || "…";
}

document.addEventListener("keydown", moved);
document.addEventListener("keydown", closeOnEscape);
document.addEventListener("pointerdown", closeOthers);
document.addEventListener("focusin", closeOthers);
document.addEventListener("input", summarize);
