// Somebody who types on while the server redraws the form loses nothing: what changed in the meantime is put back.
const asked = new WeakMap();

const controls = (root) => root.querySelectorAll("input[name]:not([type=hidden], [type=checkbox], [type=radio]), textarea[name]");

function remember(event) {
  const form = event.detail.elt.closest?.("form");
  if (!form || event.detail.requestConfig?.parameters?.act !== "refresh") return;
  asked.set(event.detail.xhr, new Map([...controls(form)].map((one) => [one.name, one.value])));
}

function carry(event) {
  const before = asked.get(event.detail.xhr);
  if (!before) return;
  const typed = [...controls(document)].filter((one) => before.has(one.name) && before.get(one.name) !== one.value);
  if (!typed.length) return;
  const values = new Map(typed.map((one) => [one.name, one.value]));
  document.body.addEventListener(
    "htmx:afterSettle",
    () => {
      for (const one of controls(document)) {
        if (!values.has(one.name) || one.value === values.get(one.name)) continue;
        one.value = values.get(one.name);
        one.dispatchEvent(new Event("input", { bubbles: true }));
      }
    },
    { once: true },
  );
}

document.addEventListener("htmx:beforeSend", remember);
document.addEventListener("htmx:beforeSwap", carry);
