// SPDX-License-Identifier: EUPL-1.2
// Shows what waits on this tablet: the sentence of the strip, the list that can be read before anything is thrown away,
// and the questions that came back from the server.
import { changeWords, stripSentence } from "./rules.js";

function element(tag, set = {}, ...inside) {
  const made = Object.assign(document.createElement(tag), set);
  made.append(...inside.filter(Boolean));
  return made;
}

const button = (label, act, kind = "btn btn-outline-primary") => {
  const made = element("button", { type: "button", className: kind }, element("span", {}, label));
  made.addEventListener("click", act);
  return made;
};

/** What somebody must decide: refused, sent by a colleague meanwhile, or a child to look for. */
const isWaiting = (change) => change.state !== "waiting";

/** `view`: since, over, back, said, changes and drafts of this person, others (a number), names, today. */
export function sentenceOf(view) {
  const count = (list) => list.reduce((sum, one) => sum + one.count, 0);
  return stripSentence({
    since: view.since,
    over: view.over,
    back: view.back,
    unsent: count(view.changes) + count(view.drafts),
    waits: view.changes.filter(isWaiting).length,
    drafts: [...new Set(view.drafts.map(({ className }) => className))],
  });
}

let asking = "";

/** `acts`: discard(change), sendAnyway(change), serve(question), absent(question); `again` draws anew. */
export function drawKept(place, view, acts, again) {
  const strip = document.querySelector("[data-offline]");
  const text = sentenceOf(view) || view.said || "";
  if (strip && strip.textContent !== text) strip.textContent = text;
  const line = (change) => {
    const buttons = buttonsOf(change, acts, again);
    const said =
      change.state === "question"
        ? `${change.className}, ${view.names.get(change.childId) ?? "un bambino"}: ${lower(change.said)}`
        : changeWords(change, view.names, view.today);
    const answer = change.state === "stopped" && element("strong", {}, change.said);
    const words = element("span", { className: "task-text" }, said, answer && " ", answer);
    return element("li", { className: "task" }, words, ...buttons);
  };
  const list = (changes) =>
    changes.length > 0 && element("ul", { className: "tasks" }, ...changes.map(line));
  const quiet = [...view.changes.filter((change) => !isWaiting(change)), ...view.drafts];
  const open = place.querySelector("details")?.open ?? false;
  const folded =
    quiet.length > 0 &&
    element(
      "details",
      { className: "more", open },
      element("summary", {}, "Che cosa non è ancora inviato"),
      list(quiet),
    );
  place.replaceChildren(
    ...[
      view.over &&
        element(
          "p",
          {},
          element(
            "a",
            { className: "btn btn-primary", href: "/accedi?poi=%2Fscuola" },
            "Entra di nuovo",
          ),
        ),
      view.others > 0 &&
        element(
          "p",
          { className: "quiet" },
          "Su questo tablet restano modifiche di un'altra persona: partono quando rientra.",
        ),
      list(view.changes.filter(isWaiting)),
      folded,
    ].filter(Boolean),
  );
  place.hidden = place.childElementCount === 0;
}

const lower = (text) => text.replace(/^./, (first) => first.toLowerCase());

function buttonsOf(change, acts, again) {
  if (change.state === "question")
    return [button("Servi", () => acts.serve(change)), button("Assente", () => acts.drop(change))];
  const name = `${change.draft ? "draft" : "change"} ${change.id}`;
  if (asking === name)
    return [
      button("Scarta davvero", () => acts.drop(change), "btn btn-danger"),
      button("Tieni", () => {
        asking = "";
        again();
      }),
    ];
  const anyway =
    change.state === "stopped" &&
    change.seen &&
    button("Invia lo stesso questo", () => acts.sendAnyway(change));
  const discard = button("Scarta", () => {
    asking = name;
    again();
  });
  return anyway ? [anyway, discard] : [discard];
}
