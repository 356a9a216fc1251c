// SPDX-License-Identifier: EUPL-1.2
// Every page: a sent button says so, a second tap is harmless, the right place has the focus.
const { sending = "" } = document.body.dataset;

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (event.defaultPrevented || !form.matches("form[data-once]")) return;
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  const pressed = event.submitter ?? form.querySelector("button[type=submit]");
  const label = pressed?.querySelector("span");
  if (!pressed || !label) return;
  pressed.dataset.label = label.textContent ?? "";
  pressed.setAttribute("aria-disabled", "true");
  label.textContent = sending;
});

// back and forward show the page as it was left: let it be used again
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    const pressed = form.querySelector("[data-label]");
    pressed?.removeAttribute("aria-disabled");
    const label = pressed?.querySelector("span");
    if (pressed && label) label.textContent = pressed.dataset.label ?? "";
  }
});

document.querySelector("[data-focus]")?.focus();
document.documentElement.classList.add("has-script");
for (const button of document.querySelectorAll("[data-print]"))
  button.addEventListener("click", () => print());

// a number to paste into the bank's page; where the browser does not allow it, it is selected
for (const button of document.querySelectorAll("[data-copy]"))
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy ?? "");
    if (!source) return;
    getSelection()?.selectAllChildren(source);
    const label = button.querySelector("span");
    await navigator.clipboard.writeText((source.textContent ?? "").replace(/\s/g, ""));
    if (label) label.textContent = button.dataset.copied ?? "";
  });

// an open menu closes on Escape and on a tap elsewhere
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.person[open], details.nav-fold[open]");
  if (!open) return;
  open.removeAttribute("open");
  open.querySelector("summary")?.focus();
});
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.person[open]")) {
    if (!open.contains(/** @type {Node} */ (event.target))) open.removeAttribute("open");
  }
});

// a message to a provider of identities goes on by itself; its button is for browsers without scripts
document.querySelector("form[data-sends-itself]")?.submit();
