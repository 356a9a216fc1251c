// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { day } from "#kernel/dates.ts";
import { billEmail, billMessage, disputeMessage } from "./money-messages.ts";

const REFUSED = {
  service: { kind: "canteen", name: "Refezione" },
  date: day("2026-11-24"),
  child: "Giulia",
  feeName: null,
  number: 7,
  decision: "refused",
  answer: "la disdetta è arrivata alle 9:20",
  before: 460n,
} as const;
const body = (now: bigint, lang: "it" | "en" = "it"): string =>
  disputeMessage({ ...REFUSED, now }, lang).body;

describe("BO-02 the words of a bill", () => {
  const bill = { number: "2026/00012", children: ["Giulia"], meals: 12, totalCents: 5520n };
  const of = {
    service: { kind: "canteen", name: "Refezione" } as const,
    month: day("2026-10-01"),
    dueOn: day("2026-11-18"),
  };
  const noticeNumber = "3018 3260 0000 0012 34";

  it("name the number to pay with and no other one beside it", () => {
    const one = billMessage({ ...of, bills: [{ ...bill, noticeNumber }] }, "it").body;
    assert.match(one, /Numero avviso per pagare: 3018 [\d ]+\. Nel portale/);
    assert.doesNotMatch(one, /2026\/00012/);
    const two = billMessage(
      {
        ...of,
        bills: [
          { ...bill, noticeNumber },
          { ...bill, noticeNumber },
        ],
      },
      "en",
    );
    assert.match(two.body, /\(notice number \(numero avviso\) to pay with: 3018/);
    const none = billMessage({ ...of, bills: [{ ...bill, noticeNumber: null }] }, "it").body;
    assert.match(none, /\. Prospetto n\. 2026\/00012\. Nel portale/);
  });

  it("say which notice it takes the place of, and why; by e-mail too, without what the office wrote", () => {
    const replaces = { number: "3018 3260 0000 0001 11", reason: "il 6 Giulia era assente." };
    const bills = [{ ...bill, noticeNumber, replaces }];
    const said = billMessage({ ...of, bills }, "it").body;
    assert.match(said, /sostituisce l'avviso 3018 3260 0000 0001 11, che non va più pagato\./);
    assert.match(said, /Motivo: il 6 Giulia era assente\. Nel portale/);
    const mailed = billEmail({ ...of, bills }, "en").body;
    assert.match(mailed, /replaces the notice 3018 3260 0000 0001 11/);
    assert.doesNotMatch(mailed, /Giulia/);
  });
});

describe("X-09 the words of a refused dispute", () => {
  it("say what stands now, which is not always what was disputed", () => {
    assert.match(body(460n), /non è accolta: l'addebito di 4,60\s€ resta\. Motivo: «la disdetta/);
    assert.match(body(310n), /l'addebito di 3,10\s€ resta\./);
  });

  it("never that a charge stands which something else took back", () => {
    assert.match(body(0n), /non è accolta; l'addebito è già stornato per altro motivo\. Motivo:/);
    assert.match(body(0n, "en"), /not accepted; the charge was taken back already/);
  });
});
