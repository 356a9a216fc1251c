// SPDX-License-Identifier: EUPL-1.2
// What a teacher does: tick a box, send a roll call, serve a child, sign out.
import { forgetCopies } from "./copies.js";
import { changeOf, draftOf, keptOfPage, rollForm } from "./lists.js";

const SLOW_MS = 10_000;
/** what the server said, for the page that comes next */
const SAID = "campanella-said";

/** Said once. */
export function takeSaid() {
  const said = sessionStorage.getItem(SAID);
  sessionStorage.removeItem(SAID);
  return said ?? "";
}

const slow = () =>
  new Promise((resolve) => {
    setTimeout(resolve, SLOW_MS);
  });

const pathOf = (form) => new URL(form.action).pathname;

const isKept = (form) =>
  form.method === "post" && (form === rollForm() || pathOf(form).endsWith("/fuori-lista"));

const isSignOut = (form) => pathOf(form) === "/esci";

/** Says to `offline.js` which forms are no business of its own. */
export function markForms() {
  for (const form of document.querySelectorAll("form"))
    if (isKept(form) || form.method === "get" || isSignOut(form)) form.dataset.kept = "";
}

export function listenToTaps(tablet) {
  let busy = false;
  // In the capture phase: before the form is marked as sent.
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const act = isSignOut(form) ? leave : tablet.page.owner && isKept(form) && keepAndSend;
      if (!act) return;
      event.preventDefault();
      if (busy) return;
      busy = true;
      act(tablet, form).finally(() => {
        busy = false;
      });
    },
    true,
  );
  document.addEventListener("change", (event) => {
    const isBox = event.target.matches("input.roll-box, input.roll-serve");
    if (event.isTrusted && isBox) keepDraft(tablet);
  });
}

/** Boxes are kept at every tap: `Fuori lista`, a reload or an empty battery lose none. */
async function keepDraft({ page, view, store, draftId, draw }) {
  const draft = draftOf(page, keptOfPage(view.changes, page));
  const id = draftId(changeOf(rollForm(), page));
  if (draft) {
    const { owner } = page;
    await store.put("drafts", { ...draft, id, owner, savedAt: Date.now() });
  } else await store.remove("drafts", id);
  await draw();
}

async function keepAndSend(tablet, form) {
  const { store, page } = tablet;
  const change = tablet.fresh(changeOf(form, page));
  try {
    await tablet.keep(change);
  } catch {
    // No room, or a database that is broken: the form goes its old way.
    return form.submit();
  }
  const isHere = change.kind === "roll-call";
  if (isHere) await store.remove("drafts", tablet.draftId(change));
  tablet.leaving = true;
  const ready = showSending(form);
  const news = await Promise.race([tablet.sender.flush(), slow()]);
  const left = (await store.all("changes")).some(({ key }) => key === change.key);
  // Sent, or saved by a page that is not the class's own: the class's page says so.
  if (!left && news?.said) sessionStorage.setItem(SAID, news.said);
  if (!left || !isHere)
    return location.assign(isHere ? location.pathname + location.search : backOf(form));
  tablet.leaving = false;
  ready();
  if (!news) await store.put("notes", { id: "since", at: change.savedAt });
  await tablet.draw();
  scrollTo({ top: 0 });
  document.querySelector("h1")?.focus();
}

/** `Invio in corso…` on the button; the answer puts its words back. */
function showSending(form) {
  const button = form.querySelector("button[type=submit]");
  const label = button.querySelector("span");
  const words = [...label.childNodes];
  button.setAttribute("aria-disabled", "true");
  label.replaceChildren(document.body.dataset.sending ?? "");
  return () => {
    button.removeAttribute("aria-disabled");
    label.replaceChildren(...words);
  };
}

/** From `Fuori lista` back to its class, of the same day and service. */
const backOf = (form) =>
  document.querySelector("main .back a")?.getAttribute("href") ??
  pathOf(form).replace("/fuori-lista", "");

/** The copies go with the person; changes that could not be sent stay, and the person is told once. */
async function leave(tablet, form) {
  const { view, store } = tablet;
  tablet.leaving = true;
  const news = await Promise.race([tablet.sender.flush(), slow()]);
  const strip = document.querySelector("[data-offline]");
  if (!news || news.state === "away") {
    tablet.leaving = false;
    strip.textContent = "Senza rete l'uscita non arriva al server: riprovare quando torna.";
    return;
  }
  await tablet.read();
  if (view.changes.length + view.drafts.length > 0 && !tablet.warned) {
    tablet.warned = true;
    tablet.leaving = false;
    strip.textContent =
      "Ci sono modifiche non inviate: restano su questo tablet fino al prossimo accesso della stessa persona. Per uscire, premere di nuovo Esci.";
    return;
  }
  await forgetCopies();
  await store.remove("notes", "owner");
  form.submit();
}
