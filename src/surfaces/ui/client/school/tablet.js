// SPDX-License-Identifier: EUPL-1.2
// One page of the school on one tablet: what it knows, what it shows, what its buttons do.
import { keptList } from "./copies.js";
import { drawKept } from "./kept.js";
import { changeOf, keptOfPage, rollForm, showOutside, showResults, showStates } from "./lists.js";
import { listOf, replacedBy, withField } from "./rules.js";
import { createSender } from "./sender.js";

const NO_COPY = "/scuola/senza-rete/pagina";
const BACK_MS = 10 * 60_000;

/** Something is being written that is not sent yet. */
const isTyping = () =>
  [...document.querySelectorAll("main input[type=search], main input[type=text]")].some(
    (input) => input === document.activeElement || input.value !== input.defaultValue,
  );

/** `me`: whose changes these are; on the page that stands for one that is not kept, the person seen last. */
export function createTablet(place, store, me) {
  const page = place.dataset;
  const view = { changes: [], drafts: [], others: 0, names: new Map(), today: page.today };
  const tablet = { page, view, store, leaving: false, read, draw, fresh, keep, draftId };
  tablet.sender = createSender(store, me, hear);

  async function read() {
    const all = await store.all("changes");
    view.changes = all.filter(({ owner }) => owner === me);
    view.others = all.length - view.changes.length;
    view.drafts = (await store.all("drafts")).filter(({ owner }) => owner === me);
    view.since = (await store.get("notes", "since"))?.at;
    view.back = await lastBack();
    const list = view.changes.length + view.drafts.length > 0 ? await keptList() : null;
    view.names = new Map((list ?? []).map(({ id, name }) => [id, name]));
    for (const box of document.querySelectorAll("input.roll-box, input.roll-serve"))
      view.names.set(box.value, box.closest("li")?.querySelector(".roll-name")?.textContent ?? "");
  }

  async function lastBack() {
    const back = await store.get("notes", "back");
    return back && Date.now() - back.at < BACK_MS ? back : undefined;
  }

  async function draw() {
    await read();
    // With a network the boxes of this page and its button say it all.
    const here = !view.since && rollForm() && draftId(changeOf(rollForm(), page));
    const elsewhere = view.drafts.filter(({ id }) => id !== here);
    drawKept(place, { ...view, elsewhere }, acts, draw);
    showOutside(view.changes);
    showStates([...view.changes, ...view.drafts]);
  }

  /** After every attempt to reach the server. */
  async function hear(news) {
    const was = await store.get("notes", "since");
    view.over = news.state === "over";
    if (news.state === "away") {
      if (!was) await store.put("notes", { id: "since", at: Date.now() });
    } else {
      if (was) await store.remove("notes", "since");
      const isBack = was || (news.sent > 0 && (await lastBack()));
      if (isBack) await store.put("notes", { id: "back", at: Date.now(), time: news.time ?? "" });
    }
    // Somebody else is signed in, or the page that was not kept can be had again.
    const isElse = page.owner
      ? news.state === "other"
      : news.state !== "away" && location.pathname !== NO_COPY;
    if (isElse) return location.reload();
    await draw();
    const list = document.getElementById("risultati")?.dataset.list;
    if (news.state === "away") showResults(await keptList(list), view.changes);
    // The page shows the day as it was without network: read it anew, unless somebody is typing.
    const isNews = page.owner && news.state === "here" && (was || news.sent > 0);
    if (isNews && !tablet.leaving && !isTyping()) location.reload();
  }

  const acts = {
    async drop(change) {
      await store.remove(change.draft ? "drafts" : "changes", change.id);
      if (rollForm() && keptOfPage([change], page)) location.reload();
      else await draw();
    },
    async sendAnyway(change) {
      const again = withField(change, "visto", change.seen);
      await store.put("changes", { ...again, state: "waiting", tried: false });
      await tablet.sender.flush();
    },
    async serve(question) {
      const { owner, classId, className, day } = question;
      const fields = [...question.fields, ["bambino", question.childId]];
      const shared = { owner, classId, className, day, fields, count: 1 };
      const next = { ...shared, kind: "walk-in", path: `/scuola/${classId}/fuori-lista` };
      await store.edit((_all, changes) => {
        changes.delete(question.id);
        changes.put(fresh(next));
      });
      await tablet.sender.flush();
    },
  };

  function fresh(change) {
    const key = crypto.randomUUID();
    return { ...change, owner: me, key, state: "waiting", tried: false, savedAt: Date.now() };
  }

  /** On the disk first; two taps before the first attempt are one change. */
  function keep(change) {
    return store.edit((all, changes) => {
      const old = replacedBy(all, change);
      changes.put(old ? { ...change, id: old.id } : change);
    });
  }

  function draftId(change) {
    return `${me} ${listOf(change)}`;
  }

  return tablet;
}
