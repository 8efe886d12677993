// Switches between light and dark at once and tells the server, which writes the choice into the next page.
import { token } from "./page.js";

const dark = () => {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
};

export function start() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-toggle]");
    if (!button) return;
    const theme = dark() ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    document.querySelector("meta[name=color-scheme]").content = theme;
    fetch(button.dataset.url, {
      method: "POST",
      headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch" },
      body: new URLSearchParams({ theme }),
    });
  });
}
