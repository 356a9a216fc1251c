// SPDX-License-Identifier: EUPL-1.2
// Sends what was kept: in order, one tab at a time, each until the server has answered.
import { judgeAnswer, listOf, waitSeconds, withField } from "./rules.js";

const STATE = "/scuola/senza-rete";
const STATE_MS = 8000;
const SEND_MS = 15_000;

/** `away`: no server; `over`: no session; otherwise who is signed in and the token for forms. */
async function askState() {
  if (!navigator.onLine) return "away";
  try {
    const answer = await fetch(STATE, {
      cache: "no-store",
      redirect: "manual",
      signal: AbortSignal.timeout(STATE_MS),
    });
    if (answer.status >= 500 || answer.status === 429) return "away";
    return answer.ok ? await answer.json() : "over";
  } catch {
    return "away";
  }
}

async function sendOne(change, csrf) {
  const fields = [
    ...change.fields,
    ["toccato", String(change.savedAt)],
    ["csrf", csrf],
    ["key", change.key],
  ];
  try {
    const answer = await fetch(change.path, {
      method: "POST",
      redirect: "manual",
      headers: { accept: "application/json" },
      body: new URLSearchParams(fields),
      signal: AbortSignal.timeout(SEND_MS),
    });
    // Not before the whole answer is here: half an answer is none.
    return judgeAnswer(answer.status, answer.ok ? await answer.json() : null);
  } catch {
    return { verdict: "later" };
  }
}

/**
 * `me`: whose changes; `changed(news)`: called after every attempt with `{ state, sent, time }`; `state` is `away`,
 * `over`, `other` (somebody else is signed in) or `here`.
 */
export function createSender(store, me, changed) {
  let failures = 0;
  let timer = 0;
  let line = Promise.resolve();

  /** The next one, marked as tried: from now on nobody replaces it. `failed`: ids that are left for another time */
  const take = (failed) =>
    store.edit((all, changes) => {
      const next = all.find(
        (one) => one.owner === me && one.state === "waiting" && !failed.has(one.id),
      );
      if (!next) return undefined;
      const tried = { ...next, tried: true };
      changes.put(tried);
      return tried;
    });

  const settle = (change, answer) =>
    store.edit((all, changes) => {
      if (answer.verdict === "stopped") {
        const { said, seen } = answer;
        changes.put({ ...change, state: "stopped", said, seen });
        return;
      }
      changes.delete(change.id);
      // A later roll call of the same list was made knowing this one.
      const { owner, classId, className, day, kind, fields, id } = change;
      for (const one of all) {
        const isLater = one.id > id && one.owner === owner && kind === "roll-call";
        if (isLater && one.kind === kind && listOf(one) === listOf(change))
          changes.put(withField(one, "visto", answer.seen));
      }
      const ofDay = fields.filter(([name]) => name === "giorno" || name === "servizio");
      const shared = { owner, classId, className, day, kind: "question", state: "question" };
      for (const ask of answer.asks) changes.put({ ...shared, fields: ofDay, count: 0, ...ask });
    });

  async function run() {
    clearTimeout(timer);
    const state = await askState();
    if (state === "away") return { state };
    if (state === "over") return { state };
    if (state.owner !== me) return { state: "other" };
    let sent = 0;
    let time = "";
    let said = "";
    const failed = new Set();
    for (;;) {
      const next = await take(failed);
      if (!next && failed.size > 0) return { state: "away", sent, time };
      if (!next) return { state: "here", sent, time, said };
      const answer = await sendOne(next, state.csrf);
      if (answer.verdict === "failed") {
        failed.add(next.id);
        continue;
      }
      if (answer.verdict === "later") return { state: "away", sent, time };
      if (answer.verdict === "over") return { state: "over", sent, time };
      await settle(next, answer);
      if (answer.verdict === "sent") {
        sent += 1;
        ({ time, said } = answer);
      }
    }
  }

  /** Everything that waits, now; resolves with the news after the attempt. */
  function flush() {
    const turn = line.then(async () => {
      const news = await navigator.locks.request("campanella-appello", run);
      failures = news.state === "away" ? failures + 1 : 0;
      if (news.state === "away") timer = setTimeout(flush, waitSeconds(failures) * 1000);
      await changed(news);
      return news;
    });
    line = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }

  addEventListener("online", () => flush());
  addEventListener("offline", () => flush());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") flush();
  });
  return { flush };
}
