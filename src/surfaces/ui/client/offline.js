// SPDX-License-Identifier: EUPL-1.2
// Without a network nothing is queued, because the arrival counts: the page says so and names the phone.
const strip = document.querySelector("[data-offline]");

/** The school's roll call is kept on the tablet, and says so itself (school/start.js). */
const isKept = () => document.documentElement.classList.contains("keeps-changes");

/** @param {boolean} offline */
function show(offline) {
  if (!strip || isKept()) return;
  const text = offline ? (strip.dataset.offline ?? "") : "";
  if (strip.textContent !== text) strip.textContent = text;
}

addEventListener("offline", () => show(true));
addEventListener("online", () => show(false));
if (!navigator.onLine) show(true);

// in the capture phase: before the form is marked as sent
document.addEventListener(
  "submit",
  (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (navigator.onLine || form.dataset.kept !== undefined) return;
    event.preventDefault();
    show(true);
    if (isKept() && strip) strip.textContent = strip.dataset.offline ?? "";
    strip?.scrollIntoView({ block: "nearest" });
  },
  true,
);
