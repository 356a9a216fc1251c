// SPDX-License-Identifier: EUPL-1.2
// The school's tablet without a network: what is decided without a page, a database or a clock. Tested by node.

/** `8:58`, as the pages write it. @param {number} at epoch milliseconds */
export function clockTime(at) {
  const date = new Date(at);
  return `${date.getHours()}:${String(date.getMinutes()).padStart(2, "0")}`;
}

/** `lunedì 23 novembre` @param {string} day ISO */
export const dayWords = (day) =>
  new Date(`${day}T12:00:00`).toLocaleDateString("it-IT", {
    weekday: "long",
    day: "numeric",
    month: "long",
  });

export const manyWords = (count, one, many) => `${count} ${count === 1 ? one : many}`;

const keptWords = (count) => `${manyWords(count, "modifica salvata", "modifiche salvate")} qui`;

/**
 * The sentence of the strip (pages.md 2.2). `since`: when the network went; `unsent`: changes kept here; `waits`: what a
 * person must decide; `drafts`: classes whose roll call was begun and not sent; `back`: when all of it had arrived.
 */
export function stripSentence({ since, over, unsent, waits, drafts, back }) {
  if (since) {
    const kept = unsent === 0 ? "ogni modifica resta salvata qui" : keptWords(unsent);
    return `Senza rete dalle ${clockTime(since)}. L'appello continua: ${kept}.`;
  }
  if (over)
    return unsent === 0
      ? "Sessione scaduta."
      : `Sessione scaduta: ${keptWords(unsent)}, ${unsent === 1 ? "parte" : "partono"} dopo l'accesso.`;
  const parts = [];
  if (back && waits === 0)
    parts.push(back.time ? `Rete tornata: tutto inviato alle ${back.time}.` : "Rete tornata.");
  if (waits > 0) {
    const asked = `${manyWords(waits, "modifica aspetta", "modifiche aspettano")} una risposta.`;
    parts.push(
      back ? `Rete tornata: ${asked}` : asked.replace(/^./, (first) => first.toUpperCase()),
    );
  }
  if (back && drafts.length > 0) parts.push(`Appello da inviare: ${drafts.join(", ")}.`);
  return parts.join(" ");
}

/** Seconds to the next attempt: quick at first, never more than twenty. */
export const waitSeconds = (failures) => Math.min(20, 2 ** Math.min(failures, 5));

/** Which list a roll call is about: class, day, service, phase. */
export const listOf = (change) =>
  [change.classId, ...["giorno", "servizio", "fase"].map((name) => fieldOf(change, name))].join(
    " ",
  );

export const fieldOf = (change, name) => change.fields.find(([field]) => field === name)?.[1] ?? "";

/** A roll call that was never tried is replaced by the next one of the same list: only the last word counts. */
export const replacedBy = (changes, next) =>
  changes.find(
    (change) =>
      next.kind === "roll-call" &&
      change.kind === "roll-call" &&
      change.owner === next.owner &&
      change.state === "waiting" &&
      !change.tried &&
      listOf(change) === listOf(next),
  );

export const withField = (change, name, value) => ({
  ...change,
  fields: change.fields.map(([field, old]) => [field, field === name ? value : old]),
});

/**
 * What an answer of the server means. `later`: nobody knows whether it arrived, the same key may be sent again;
 * `failed`: so too, but the server is there, and the other changes need not wait for this one; `over`: the session; `sent`; `stopped`: the server has answered and a person must decide.
 */
export function judgeAnswer(status, told) {
  if (status === 500) return { verdict: "failed" };
  if (status >= 500 || status === 429 || status === 408) return { verdict: "later" };
  if (status === 0 || status === 401) return { verdict: "over" };
  if (status === 403)
    return { verdict: "stopped", said: "Non accolto: questa classe è di altre persone." };
  if (status !== 200 || !told?.outcome)
    return { verdict: "stopped", said: "Non accolto. Chiedere all'ufficio." };
  if (told.outcome === "recorded") return { verdict: "sent", ...told };
  return { verdict: "stopped", said: told.said, seen: told.seen };
}

/** `D'Angelo Nicolò` → `dangelo nicolo`, as the server does. */
export const searchWords = (text) =>
  text
    .toLowerCase()
    .normalize("NFD")
    .replace(/[\p{M}'’`´]/gu, "")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");

/** Every typed word is the start of a word of the name, in any order. */
export function searchNames(children, text) {
  const words = searchWords(text);
  if (words.length === 0) return [];
  return children.filter(({ name }) => {
    const names = searchWords(name);
    return words.every((word) => names.some((part) => part.startsWith(word)));
  });
}

/** What a kept change is, in words that can be read before it is thrown away. `names`: child id → name. */
export function changeWords(change, names, today) {
  const nameOf = (id) => names.get(id) ?? "un bambino";
  const ofDay = change.day === today ? "" : `${dayWords(change.day)}, `;
  const perhaps = change.tried && change.state === "waiting" ? " Forse è già arrivato." : "";
  const saved = `Salvato alle ${clockTime(change.savedAt)}.${perhaps}`;
  if (change.kind === "walk-in") {
    const text = fieldOf(change, "descrizione").trim();
    const who =
      fieldOf(change, "bambino") === ""
        ? `senza nome${text === "" ? "" : ` («${text}»)`}`
        : nameOf(fieldOf(change, "bambino"));
    return `${change.className}, ${ofDay}fuori lista: ${who}. ${saved}`;
  }
  const ids = (name) => change.fields.filter(([field]) => field === name).map(([, id]) => id);
  const listed = (name) => {
    const found = ids(name).map((id) => names.get(id));
    return found.length > 0 && found.every(Boolean) ? ` (${found.join(", ")})` : "";
  };
  const absent = `${manyWords(ids("assenti").length, "assente", "assenti")}${listed("assenti")}`;
  const count = ids("serviti").length;
  const served = count > 0 ? `, ${manyWords(count, "servito", "serviti")}${listed("serviti")}` : "";
  const what = change.draft ? "appello cominciato" : "appello";
  return `${change.className}, ${ofDay}${what}: ${absent}${served}. ${saved}`;
}
