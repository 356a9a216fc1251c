// SPDX-License-Identifier: EUPL-1.2
// the roll call goes on without a network. Every roll call and walk-in is kept on the tablet first and sent then;
// with a network nobody notices. Without JavaScript, service worker or database the forms work as they always did.
import { warmCopies } from "./copies.js";
import { changeOf, keptOfPage, rollForm, showList } from "./lists.js";
import { openStore } from "./store.js";
import { createTablet } from "./tablet.js";
import { listenToTaps, markForms, takeSaid } from "./taps.js";

const WORKER = "/scuola-senza-rete.js";
const WARM_MS = 5 * 60_000;
const USED_MS = 10 * 60_000;

async function begin(place) {
  const store = await openStore();
  const { owner } = place.dataset;
  if (owner) await store.put("notes", { id: "owner", owner });
  const me = owner ?? (await store.get("notes", "owner"))?.owner ?? "";
  const tablet = createTablet(place, store, me);
  document.documentElement.classList.add("keeps-changes");
  markForms();
  listenToTaps(tablet);
  tablet.view.said = takeSaid();
  await tablet.draw();
  if (tablet.view.said) document.querySelector("h1")?.focus();
  showKept(tablet);
  const opened = new Date().toDateString();
  document.addEventListener("visibilitychange", () => {
    // Yesterday's names do not stay on the screen.
    if (document.visibilityState === "visible" && new Date().toDateString() !== opened)
      location.reload();
  });
  await tablet.sender.flush();
  if (owner && navigator.serviceWorker) await keepCopies();
}

/** The boxes of this page as they were left. */
function showKept({ page, view, draftId }) {
  if (!rollForm()) return;
  const id = draftId(changeOf(rollForm(), page));
  const kept = view.drafts.find((draft) => draft.id === id) ?? keptOfPage(view.changes, page);
  if (kept) showList(kept);
}

async function keepCopies() {
  navigator.serviceWorker.addEventListener("controllerchange", warmCopies);
  await navigator.serviceWorker.register(WORKER, { scope: "/scuola" });
  warmCopies();
  let usedAt = Date.now();
  for (const kind of ["pointerdown", "keydown"])
    addEventListener(
      kind,
      () => {
        usedAt = Date.now();
      },
      { passive: true },
    );
  // Only while somebody uses the tablet: asking prolongs the session.
  setInterval(() => {
    const isUsed = Date.now() - usedAt < USED_MS;
    if (isUsed && document.visibilityState === "visible") warmCopies();
  }, WARM_MS);
}

const place = document.querySelector("#kept");
if (place && "indexedDB" in globalThis && navigator.locks && crypto.randomUUID)
  begin(place).catch(() => {});
