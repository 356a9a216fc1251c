// SPDX-License-Identifier: EUPL-1.2
/**
 * A town with years of payments: what people wait for reads what it shows, not all there is. Every statement is
 * explained where it runs; none may scan a big table.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { previewReminders } from "#billing";
import { moment } from "#kernel/dates.ts";
import { refreshStatistics } from "#kernel/statistics.ts";
import { claimDueEmails } from "#messaging";
import {
  applyReceipts,
  checkPayments,
  claimRemote,
  openCases,
  reconcile,
  recoverReceipts,
} from "#payments";
import { routes as office } from "../../src/surfaces/office/routes.ts";
import { routes as portal } from "../../src/surfaces/portal/routes.ts";
import { bigNoticeNumber, fillPayments } from "../support/big-payments.ts";
import { collecting } from "../support/collecting.ts";
import { testDatabase, type TestDatabase, testEngine } from "../support/db.ts";
import { type Explained, explaining } from "../support/plans.ts";
import { type SignedIn, type TestSite, testSite } from "../support/site.ts";

const NOW = moment("2026-11-24T08:00:00Z");
const POSITIONS = 16_000;
const LINES_PER_FLOW = 40;
/** A plain loop on a busy machine of two cores needs a sixtieth of it: what it scans is the proof, this the last net. */
const MOST_MS = 15_000;

const BIG = [
  "debt_position",
  "payment_notice",
  "payment_notice_line",
  "payment_notice_transfer",
  "payment_notice_event",
  "payment_receipt",
  "payment_cart",
  "payment_cart_notice",
  "pagopa_inbox",
  "remote_position",
  "settlement_payment",
  "email",
  "ledger_transfer",
];

const NONE = /^$/;
const skip =
  testEngine() === "pglite" && "plans are PostgreSQL's: skipped on the embedded database";

describe("a town with years of payments", { skip }, () => {
  let base: TestDatabase;
  let explained: Explained;
  let site: TestSite;
  let manager: SignedIn;
  let guardian: SignedIn;
  let segregationCode: string;

  before(async () => {
    base = await testDatabase();
    explained = await explaining(base.url!);
    site = await testSite(explained.db, { routes: [...office, ...portal], now: NOW });
    const { place } = site;
    const collected = await collecting(place);
    ({ segregationCode } = collected);
    await base.db.forTenant(place.tenantId).write((tx) =>
      fillPayments(tx, {
        ...collected,
        positions: POSITIONS,
        linesPerFlow: LINES_PER_FLOW,
        now: NOW,
        holderId: place.holderId,
        childId: place.giulia,
        serviceId: place.serviceId,
      }),
    );
    await refreshStatistics(base.db);
    manager = await site.signInAs("office-manager");
    guardian = await site.signInAs("guardian");
  });
  after(async () => {
    await site?.close();
    await explained?.db.close();
    await base?.close();
  });

  /** Runs it, and says what it would have scanned; `allowed`: statements that sum all there is, by design. */
  async function reads<Result>(
    what: string,
    work: () => Promise<Result>,
    allowed = NONE,
  ): Promise<Result> {
    explained.scans();
    const started = performance.now();
    const result = await work();
    const ms = performance.now() - started;
    const scans = explained.scans();
    for (const table of BIG) {
      const statements = scans.get(table)?.filter((text) => !allowed.test(text)) ?? [];
      assert.equal(statements.join("\n\n"), "", `${what} scans ${table}`);
    }
    assert.ok(ms < MOST_MS, `${what}: ${Math.round(ms)} ms`);
    return result;
  }

  async function page(path: string, as: SignedIn, allowed = NONE): Promise<string> {
    const answer = await reads(path, () => site.get(path, as), allowed);
    assert.equal(answer.statusCode, 200, `${path}: ${answer.statusCode}`);
    return answer.body;
  }

  it("BO-03 the family's payments, its notice, the office's page of the family", async () => {
    assert.match(await page("/pagamenti", guardian), /46,00/);
    const number = bigNoticeNumber(segregationCode, 5);
    assert.match(await page(`/pagamenti/avvisi/${number}`, guardian), /Pagato/);
    await page("/oggi", guardian);
    await page(`/ufficio/famiglie/${site.place.holderId}/pagamenti`, manager);
  });

  it("X-05 the office finds a notice, its cases, its board", async () => {
    const number = bigNoticeNumber(segregationCode, 15_005);
    const found = await reads("search", () => site.get(`/ufficio/cerca?q=${number}`, manager));
    assert.equal(found.statusCode, 303);
    await page(`/ufficio/pagamenti/avvisi/${number}`, manager);
    await page("/ufficio/pagamenti/da-sistemare", manager);
    const [first] = await base.db
      .forTenant(site.place.tenantId)
      .read((tx) => openCases(tx, { limit: 1, offset: 0 }));
    await page(`/ufficio/pagamenti/da-sistemare/${first!.id}`, manager);
    // Who is in debt is a sum over all accounts (ADR 5).
    await page("/ufficio", manager, /from ledger_transfer/);
    await page("/ufficio/pagamenti/stampe/nuova", manager);
  });

  it("X-05 reconciliation: pages, accounting of a month, what the worker does every minute", async () => {
    // Its sums are those of the ledger's accounts, which are sums of all that was ever posted (ADR 5), and of receipts.
    const sums = /from ledger_transfer|as "allCents"/;
    for (const view of ["da-spiegare", "in-attesa", "accreditati"])
      assert.match(
        await page(`/ufficio/riconciliazione?vista=${view}`, manager, sums),
        /Le somme coincidono/,
      );
    for (const by of ["pagamento", "accredito"])
      assert.match(
        await page(
          `/ufficio/riconciliazione/contabilita?dal=2026-03-02&al=2026-03-08&data=${by}`,
          manager,
        ),
        /Refezione|mensa/i,
      );
    const { place, app } = site;
    const town = place.town;
    assert.deepEqual(await reads("reconcile", () => town.write((tx) => reconcile(tx, NOW))), {
      banked: 0,
      posted: 0,
      reversed: 0,
    });
    await reads("lost receipts", () =>
      recoverReceipts(app.db, town, {
        now: NOW,
        ask: async () => ({ outcome: "not-found" }),
        onError: () => undefined,
      }),
    );
    assert.deepEqual(await base.db.forTenant(place.tenantId).read(checkPayments), []);
  });

  it("X-05 due reminders, what pagoPA is to be told, receipts to apply, mails to send", async () => {
    const { place, app } = site;
    const debts = await reads("reminders", () =>
      place.town.read((tx) => previewReminders(tx, { afterDays: 1, now: NOW })),
    );
    assert.ok(debts);
    const remote = await reads("remote sync", () =>
      place.town.write((tx) => claimRemote(tx, { channels: ["aca"], now: NOW, limit: 20 })),
    );
    assert.ok(remote);
    const applied = await reads("inbox", () =>
      applyReceipts(app.db, {
        now: NOW,
        read: () => assert.fail("nothing waits"),
        onError: (_, error) => assert.fail(String(error)),
      }),
    );
    assert.deepEqual(applied, { applied: 0, failed: 0 });
    const mails = await reads("outbox", () =>
      place.town.write((tx) => claimDueEmails(tx, { now: NOW, limit: 20 })),
    );
    assert.ok(mails);
  });
});
