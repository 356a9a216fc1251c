// SPDX-License-Identifier: EUPL-1.2
// The pages of the school follow what is kept on the tablet: boxes, counts, states of classes, the search for a child.
import { fieldOf, listOf, searchNames } from "./rules.js";

const MOST_RESULTS = 20;

export const rollForm = () => document.querySelector("form#appello");
const boxes = () => [...document.querySelectorAll("input.roll-box, input.roll-serve")];
const fieldsOf = (form) =>
  [...new FormData(form)]
    .filter(([name, value]) => name !== "csrf" && name !== "key" && typeof value === "string")
    .map(([name, value]) => [name, value]);

/** How many boxes differ from the list as the server gave it. */
const differences = () => boxes().filter((box) => box.checked !== box.defaultChecked).length;

/** The form of this page as a change to keep. @param {DOMStringMap} page @param {HTMLFormElement} form */
export function changeOf(form, page) {
  const path = new URL(form.action).pathname;
  const fields = fieldsOf(form);
  const isRollCall = form === rollForm();
  return {
    kind: isRollCall ? "roll-call" : "walk-in",
    path,
    fields,
    classId: path.split("/")[2],
    className: page.class,
    day: fields.find(([name]) => name === "giorno")?.[1] ?? page.today,
    count: isRollCall ? Math.max(1, differences()) : 1,
  };
}

/** What the boxes say beyond what was sent or kept, to be saved at every tap; `null`: nothing. */
export function draftOf(page, kept) {
  const before = new Set(
    kept
      ? kept.fields.filter(([name]) => name === "assenti" || name === "serviti").map(([, id]) => id)
      : boxes()
          .filter((box) => box.defaultChecked)
          .map((box) => box.value),
  );
  const count = boxes().filter((box) => box.checked !== before.has(box.value)).length;
  if (count === 0) return null;
  return { ...changeOf(rollForm(), page), draft: true, state: "waiting", count };
}

/** Puts the boxes as the kept change says; the counts follow (`roll.js` hears the event). */
export function showList(change) {
  const on = new Set(
    change.fields.filter(([name]) => name === "assenti" || name === "serviti").map(([, id]) => id),
  );
  for (const box of boxes()) box.checked = on.has(box.value);
  boxes()[0]?.dispatchEvent(new Event("change", { bubbles: true }));
}

/** The last kept word about the list of this page. */
export function keptOfPage(changes, page) {
  const form = rollForm();
  if (!form) return undefined;
  const list = listOf(changeOf(form, page));
  return changes.findLast((change) => change.kind === "roll-call" && listOf(change) === list);
}

/** `Fuori lista 1`, counting who was served here and is not sent yet. */
export function showOutside(changes) {
  const place = document.querySelector("[data-outside]");
  const form = rollForm() ?? document.querySelector('form[action*="/fuori-lista"]');
  const classId = form
    ? new URL(form.action).pathname.split("/")[2]
    : location.pathname.split("/")[2];
  if (!place) return;
  const day = form?.elements.namedItem("giorno")?.value;
  const more = changes.filter(
    (change) =>
      change.kind === "walk-in" &&
      change.classId === classId &&
      (!day || change.day === day) &&
      change.state === "waiting",
  ).length;
  const all = Number(place.dataset.outside) + more;
  place.textContent = String(all);
  place.parentElement.hidden = all === 0;
}

/** `/scuola`: `Sul tablet, non ancora inviato` in place of `Da fare`. */
export function showStates(changes) {
  for (const link of document.querySelectorAll('main a[href^="/scuola/"]')) {
    const word = link.querySelector(".state-word");
    if (!word) continue;
    word.dataset.before ??= word.textContent ?? "";
    const classId = new URL(link.href).pathname.split("/")[2];
    const kept = changes.some(
      (change) => change.classId === classId && change.kind === "roll-call",
    );
    word.textContent = kept ? "Sul tablet, non ancora inviato" : word.dataset.before;
  }
}

/** Without network the walk-in page looks into the kept list of the school. */
export function showResults(children, changes) {
  const place = document.getElementById("risultati");
  const text = new URLSearchParams(location.search).get("q") ?? "";
  const input = document.querySelector("input[type=search]");
  const described = document.querySelector("input[name=descrizione]");
  const unknown = described?.form;
  // Once: a later attempt to reach the server must not take the focus from a button.
  if (!place || !unknown || text === "" || place.dataset.shown === text) return;
  place.dataset.shown = text;
  if (input && input.value === "") input.value = text;
  if (described.value === "") described.value = text;
  const say = (words) => {
    const line = document.createElement("p");
    line.className = "lead-text";
    line.setAttribute("role", "status");
    line.textContent = words;
    place.replaceChildren(line);
  };
  if (!children) return say("L'elenco della scuola non è su questo tablet: servire senza nome.");
  const found = searchNames(children, text).slice(0, MOST_RESULTS);
  if (found.length === 0) return say(`Nessun bambino con il nome «${text}».`);
  const list = document.createElement("ul");
  list.className = "tasks";
  const taken = new Set(changes.map((change) => fieldOf(change, "bambino")));
  list.append(...found.map((child) => resultLine(child, unknown, taken.has(child.id))));
  place.replaceChildren(list);
}

function resultLine(child, unknown, taken) {
  const line = document.createElement("li");
  line.className = "task";
  const words = document.createElement("span");
  words.className = "task-text";
  const name = document.createElement("strong");
  name.textContent = child.name;
  words.append(name, ` ${child.className}`);
  line.append(words);
  if (taken) {
    line.append("Salvato qui");
    return line;
  }
  const form = document.createElement("form");
  form.method = "post";
  form.action = unknown.action;
  form.className = "action-form";
  form.dataset.kept = "";
  const hidden = (field, value) => {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name: field, value });
    form.append(input);
  };
  for (const field of ["giorno", "servizio"])
    hidden(field, unknown.elements.namedItem(field)?.value ?? "");
  hidden("bambino", child.id);
  const send = document.createElement("button");
  Object.assign(send, { type: "submit", className: "btn btn-primary" });
  send.setAttribute("aria-label", `Servi ${child.name}`);
  const label = document.createElement("span");
  label.textContent = "Servi";
  send.append(label);
  form.append(send);
  line.append(form);
  return line;
}
