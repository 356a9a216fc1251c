// SPDX-License-Identifier: EUPL-1.2
/** The tablet's sender, run by node: its store in memory, its server a function. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

interface Change {
  id: number;
  owner: string;
  state: string;
  key: string;
  path: string;
  kind: string;
  fields: [string, string][];
}
interface News {
  state: string;
  sent?: number;
}
type Sender = (
  store: object,
  me: string,
  changed: (news: News) => void,
) => { flush(): Promise<News> };

const BROWSER = ["navigator", "document", "addEventListener", "fetch", "setTimeout"] as const;
const kept = BROWSER.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]);
const give = (name: string, value: unknown): void => {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
};

let createSender: Sender;
before(async () => {
  give("navigator", {
    onLine: true,
    locks: { request: (_name: string, run: () => unknown) => run() },
  });
  give("document", { addEventListener: () => {}, visibilityState: "visible" });
  give("addEventListener", () => {});
  give("setTimeout", () => 0);
  const file = new URL("../../src/surfaces/ui/client/school/sender.js", import.meta.url);
  ({ createSender } = (await import(file.href)) as { createSender: Sender });
});
after(() => {
  for (const [name, was] of kept)
    if (was) Object.defineProperty(globalThis, name as string, was as PropertyDescriptor);
    else delete (globalThis as Record<string, unknown>)[name as string];
});

function memory(changes: Change[]) {
  const rows = new Map(changes.map((one) => [one.id, one]));
  const store = {
    put: (one: Change) => rows.set(one.id, one),
    delete: (id: number) => rows.delete(id),
  };
  const edit = (act: (all: Change[], changes: typeof store) => unknown) =>
    Promise.resolve(act([...rows.values()], store));
  return { rows, edit };
}

const walkIn = (id: number): Change => ({
  id,
  owner: "anna",
  state: "waiting",
  key: `key-${id}`,
  path: `/scuola/${id}/fuori-lista`,
  kind: "walk-in",
  fields: [["giorno", "2026-11-24"]],
});

/** Statuses by path; what is not named is recorded. */
function server(statuses: Record<string, number>): string[] {
  const asked: string[] = [];
  give("fetch", (path: string, init: { method?: string }) => {
    if (init.method !== "POST") return Promise.resolve(Response.json({ owner: "anna", csrf: "c" }));
    asked.push(path);
    const status = statuses[path] ?? 200;
    const told = { outcome: "recorded", said: "", time: "9:00", seen: "", asks: [] };
    return Promise.resolve(Response.json(status === 200 ? told : {}, { status }));
  });
  return asked;
}

describe("X-03 sending what waited", () => {
  it("one change at which the server fails holds up no other, and is tried again", async () => {
    const { rows, edit } = memory([walkIn(1), walkIn(2), walkIn(3)]);
    const sender = createSender({ edit }, "anna", () => {});
    const asked = server({ "/scuola/1/fuori-lista": 500 });
    const news = await sender.flush();
    assert.deepEqual([news.state, news.sent], ["away", 2]);
    assert.deepEqual([...rows.keys()], [1]);
    assert.equal(asked.length, 3, "each once");
    server({});
    assert.equal((await sender.flush()).state, "here");
    assert.equal(rows.size, 0);
  });

  it("a server that is not there ends the attempt: nothing is sent out of order", async () => {
    const { rows, edit } = memory([walkIn(1), walkIn(2)]);
    const asked = server({ "/scuola/1/fuori-lista": 503 });
    const news = await createSender({ edit }, "anna", () => {}).flush();
    assert.deepEqual([news.state, asked.length, rows.size], ["away", 1, 2]);
  });
});
