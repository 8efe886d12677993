// Small things that several parts need.
export const sentence = (name) => document.getElementById("sentences").dataset[name];

export const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export const isTyping = (element) =>
  element instanceof Element &&
  (element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])"));

export const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"];

export const lettersAllowed = () => !("noShortcuts" in document.body.dataset);

// Puts the values of `data` into every {name} of an element's attributes, below and including itself.
export function fill(element, data) {
  for (const node of [element, ...element.querySelectorAll("*")]) {
    for (const attribute of [...node.attributes]) {
      if (attribute.value.includes("{")) {
        attribute.value = attribute.value.replace(/\{(\w+)\}/g, (hole, name) => (name in data ? encodeURIComponent(data[name]) : hole));
      }
    }
  }
  return element;
}

// Places a popover beside a point or under a button, inside the window.
export function place(popover, { x, y, flipTo }) {
  popover.dataset.placed = "";
  const box = popover.getBoundingClientRect();
  const left = Math.max(8, Math.min(x, innerWidth - box.width - 8));
  const below = y + box.height + 8 <= innerHeight;
  const top = below ? y : Math.max(8, (flipTo ?? y) - box.height);
  // Set through the object model: the content security policy forbids style attributes in markup, not this.
  popover.style.left = `${left}px`;
  popover.style.top = `${top}px`;
}
