// SPDX-License-Identifier: EUPL-1.2
// Shows what waits on this tablet: the sentence of the strip, the list that can be read before anything is thrown away,
// and the questions that came back from the server.
import { changeWords, stripSentence } from "./rules.js";

function element(tag, set = {}, ...inside) {
  const made = Object.assign(document.createElement(tag), set);
  made.append(...inside.filter(Boolean));
  return made;
}

/** `name`: the same button in the next drawing, or the one that takes its place: it keeps the focus. */
const button = (name, label, act, kind = "btn btn-outline-primary") => {
  const made = element("button", { type: "button", className: kind }, element("span", {}, label));
  made.dataset.name = name;
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

/** `acts`: drop(change or draft), sendAnyway(change), serve(question); `again` draws anew. */
export function drawKept(place, view, acts, again) {
  const strip = document.querySelector("[data-offline]");
  const text = sentenceOf(view) || view.said || "";
  if (strip && strip.textContent !== text) strip.textContent = text;
  const line = (change) => {
    const said = change.state === "stopped" && element("strong", {}, ` ${change.said}`);
    const words = element("span", { className: "task-text" }, wordsOf(change, view), said);
    return element("li", { className: "task" }, words, ...buttonsOf(change, acts, again));
  };
  const list = (changes) =>
    changes.length > 0 && element("ul", { className: "tasks" }, ...changes.map(line));
  const urgent = [
    view.over && signInAgain(),
    view.others > 0 && element("p", { className: "quiet" }, OTHERS),
    list(view.changes.filter(isWaiting)),
  ];
  const later = document.getElementById("kept-later");
  const open = later.querySelector("details")?.open ?? false;
  const title = element("summary", {}, "Che cosa non è ancora inviato");
  const quiet = [...view.changes.filter((change) => !isWaiting(change)), ...view.elsewhere];
  const folded =
    quiet.length > 0 && element("details", { className: "more", open }, title, list(quiet));
  keepFocus(() => {
    place.replaceChildren(...urgent.filter(Boolean));
    later.replaceChildren(...[folded].filter(Boolean));
  });
  for (const one of [place, later]) one.hidden = one.childElementCount === 0;
}

const OTHERS = "Su questo tablet restano modifiche di un'altra persona: partono quando rientra.";

function signInAgain() {
  const set = { className: "btn btn-primary", href: "/accedi?poi=%2Fscuola" };
  return element("p", {}, element("a", set, "Entra di nuovo"));
}

function wordsOf(change, view) {
  if (change.state !== "question") return changeWords(change, view.names, view.today);
  const who = view.names.get(change.childId) ?? "un bambino";
  return `${change.className}, ${who}: ${lower(change.said)}`;
}

const lower = (text) => text.replace(/^./, (first) => first.toLowerCase());

function buttonsOf(change, acts, again) {
  const name = `${change.draft ? "draft" : "change"} ${change.id}`;
  if (change.state === "question")
    return [
      button(`${name} serve`, "Servi", () => acts.serve(change)),
      button(`${name} absent`, "Assente", () => acts.drop(change)),
    ];
  const ask = (which) => () => {
    asking = which;
    again();
  };
  if (asking === name)
    return [
      button("", "Scarta davvero", () => acts.drop(change), "btn btn-danger"),
      button(`${name} discard`, "Tieni", ask("")),
    ];
  const discard = button(`${name} discard`, "Scarta", ask(name));
  if (change.state !== "stopped" || !change.seen) return [discard];
  const anyway = () => acts.sendAnyway(change);
  return [button(`${name} send`, "Invia lo stesso questo", anyway), discard];
}

/** Drawing anew takes no focus away: the same button has it, or the heading when that is gone. */
function keepFocus(drawAnew) {
  const had = document.activeElement?.closest(".kept *");
  drawAnew();
  if (!had) return;
  const same = had.matches("summary")
    ? document.querySelector("#kept-later summary")
    : [...document.querySelectorAll(".kept button")].find(
        ({ dataset }) => dataset.name !== "" && dataset.name === had.dataset.name,
      );
  (same ?? document.querySelector("h1"))?.focus();
}
