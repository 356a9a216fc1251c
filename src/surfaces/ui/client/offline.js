// SPDX-License-Identifier: EUPL-1.2
// Without a network nothing is queued, because the arrival counts: the page says so and names the phone.
const strip = document.querySelector("[data-offline]");

/** @param {boolean} offline */
function show(offline) {
  if (!strip) return;
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
    if (navigator.onLine) return;
    event.preventDefault();
    show(true);
    strip?.scrollIntoView({ block: "nearest" });
  },
  true,
);
