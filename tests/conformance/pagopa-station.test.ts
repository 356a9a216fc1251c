// SPDX-License-Identifier: EUPL-1.2
/** The published samples, asked of the real endpoint: the notice they speak of exists here, and is paid by them. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { sql } from "#kernel/db/index.ts";
import { balanceOf } from "#ledger";
import type { Notice } from "#payments";
import { collecting, CREDITOR, issueOne, topUp, topUpLine } from "../support/collecting.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { askNotice } from "../support/pagopa-node.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";
import { type TestStation, testStation } from "../support/station.ts";
import { PAGOPA_SPECS, specsMissing } from "../support/xsd.ts";

const SAMPLES = join(PAGOPA_SPECS, "samples/soap");
/** The samples' notice: `3`, segregation 12, this sequence, check digits 23. */
const [SEGREGATION, SEQUENCE, NUMBER] = ["12", 2_600_000_012_345n, "312260000001234523"];

let base: TestDatabase;
let station: TestStation;
let place: SmallTown;
let notice: Notice;

before(async () => {
  base = await testDatabase();
  station = await testStation(base.db);
  place = await smallTown(base.db);
  await collecting(place, { segregationCode: SEGREGATION });
  await base.db.platform((tx) =>
    tx.run(sql`
      insert into platform.pagopa_number (creditor_fiscal_code, segregation_code, last)
      values (${CREDITOR}, ${SEGREGATION}, ${SEQUENCE - 1n})`),
  );
  notice = await issueOne(place, topUp(place, "sample", [topUpLine(place, place.giulia, 6410n)]));
});
after(async () => {
  await station.close();
  await base.close();
});

const sample = (name: string): string => readFileSync(join(SAMPLES, name), "utf8");

describe("the published samples at our door", { skip: specsMissing }, () => {
  it("OS-07 the number is the one they use", () => {
    assert.equal(notice.noticeNumber, NUMBER);
  });

  it("OS-07 every question is answered OK while the notice is to be paid", async () => {
    const questions = readdirSync(SAMPLES).filter((name) =>
      /^0[1-3].*\.req(\..*)?\.xml$/.test(name),
    );
    assert.ok(questions.length >= 4);
    for (const name of questions) {
      const { body, fault } = await station.call(sample(name));
      if (name.includes("POSTAL")) {
        // This creditor has no postal account: nobody may be sent to one.
        assert.equal(fault, "PAA_SEMANTICA", name);
        continue;
      }
      assert.equal(fault, null, name);
      assert.match(body, /64\.10/);
    }
  });

  it("OS-07 a service nobody sells without a notice is unknown", async () => {
    const { fault } = await station.call(sample("06-paDemandPaymentNotice.req.xml"));
    assert.equal(fault, "PAA_PAGAMENTO_SCONOSCIUTO");
  });

  it("X-05 both receipts of the samples are one payment, and then the notice is paid", async () => {
    for (const name of ["05-paSendRTV2.req.xml", "04-paSendRT.req.xml", "05-paSendRTV2.req.xml"])
      assert.equal((await station.call(sample(name))).fault, null, name);
    await station.settle();
    const account = { kind: "family", holderId: place.holderId, childId: place.giulia } as const;
    assert.equal(await place.town.read((tx) => balanceOf(tx, account)), 6410n);
    assert.equal(
      (await station.call(askNotice("paVerifyPaymentNotice", notice))).fault,
      "PAA_PAGAMENTO_DUPLICATO",
    );
  });
});
