// SPDX-License-Identifier: EUPL-1.2
// Whoever signs out, or comes to sign in, ends what a teacher's tablet kept of the pages before (ADR 21).
const dropKept = async () => {
  if (!("caches" in globalThis)) return;
  for (const name of await caches.keys())
    if (name.startsWith("campanella-scuola ")) await caches.delete(name);
};

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (new URL(form.action).pathname === "/esci") dropKept();
});
if (location.pathname === "/accedi" || location.pathname.startsWith("/accedi/")) dropKept();
