// SPDX-License-Identifier: EUPL-1.2
/** What we tell ACA and GPD against pagoPA's descriptions of them, and what we read of their answers. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { moment } from "#kernel/dates.ts";
import { toAcaRequest } from "../../src/integrations/pagopa/aca/aca.ts";
import { readGpdPosition, toGpdPosition } from "../../src/integrations/pagopa/gpd/gpd-model.ts";
import type { RemoteDebt, RemoteOption } from "../../src/integrations/pagopa/remote-debt.ts";
import { schemaFaults } from "../support/json-schema.ts";
import { PAGOPA_SPECS, specsMissing } from "../support/xsd.ts";

const read = (path: string): unknown => JSON.parse(readFileSync(join(PAGOPA_SPECS, path), "utf8"));
const sent = (body: unknown): unknown => JSON.parse(JSON.stringify(body));

const WHOLE: RemoteOption = {
  noticeNumber: "302100000000000193",
  iuv: "02100000000000193",
  instalment: null,
  amountCents: 6410n,
  description: "Refezione scolastica ottobre 2026",
  dueAt: moment("2026-12-15T22:59:59Z"),
  transfers: [
    {
      id: 1,
      amountCents: 6410n,
      fiscalCode: "00112233445",
      companyName: "Comune di Borgo Immaginario",
      iban: "IT60X0542811101000000123456",
      postalIban: null,
      remittance: "/RFB/02100000000000193/64.10/TXT/Refezione scolastica",
      category: "9/0107101TS/",
      metadata: [],
    },
  ],
};
const DEBT: RemoteDebt = {
  iupd: "CMP018f000000007000800000000000000f",
  creditorFiscalCode: "00112233445",
  companyName: "Comune di Borgo Immaginario",
  debtor: { code: "ANONIMO", fullName: "Ada Perla" },
  switchToExpired: false,
  notices: [WHOLE],
};
const [TRANSFER] = WHOLE.transfers as [RemoteOption["transfers"][number]];

/** The longest words, the largest sum, five places for the money, a postal account, and instalments beside the whole. */
const LARGE: RemoteOption = {
  ...WHOLE,
  amountCents: 99_999_999_999n,
  description: "è".repeat(300),
  transfers: [1, 2, 3, 4, 5].map((id) => ({
    ...TRANSFER,
    id,
    amountCents: 19_999_999_999n,
    postalIban: "IT97D0760111100000012345678",
    remittance: "🎒".repeat(300),
    companyName: "Unione ".repeat(40),
    metadata: ["RC_CAP_1", "RC_ACC_1", "RC_IMP_1"].map((key) => ({ key, value: "2026/118" })),
  })),
};
const part = (instalment: number): RemoteOption => ({
  ...LARGE,
  instalment,
  noticeNumber: `30210000000000${instalment}193`.slice(0, 18).padEnd(18, "0"),
});
const DEBTS: readonly RemoteDebt[] = [
  DEBT,
  {
    ...DEBT,
    switchToExpired: true,
    debtor: { code: "PRLDAA80A41A271X", fullName: "x".repeat(400) },
  },
  { ...DEBT, notices: [LARGE, part(1), part(2), part(3)] },
  { ...DEBT, notices: [part(1)] },
];

describe("OS-07 what ACA is told", { skip: specsMissing }, () => {
  const document = specsMissing ? null : read("openapi/paCreatePosition.json");
  const SCHEMA = "#/components/schemas/NewDebtPositionRequest";
  const example = { close: false, isAlone: true };

  it("is as its description says, open and closed", () => {
    for (const debt of DEBTS)
      for (const close of [false, true])
        for (const option of debt.notices) {
          const body = sent(toAcaRequest(debt, option, { ...example, close }));
          assert.deepEqual(schemaFaults(document, SCHEMA, body), []);
          assert.equal((body as { amount: number }).amount === 0, close);
        }
  });

  it("lets pagoPA answer in our place only where one account gets everything", () => {
    const standIn = (option: RemoteOption, isAlone = true): boolean =>
      toAcaRequest(DEBT, option, { close: false, isAlone }).payStandIn;
    assert.equal(standIn(WHOLE), true);
    assert.equal(
      standIn(WHOLE, false),
      false,
      "it does not know that one option excludes the other",
    );
    assert.equal(standIn(LARGE), false, "it has room for one account");
    const elsewhere = { ...WHOLE, transfers: [{ ...TRANSFER, fiscalCode: "55443322110" }] };
    assert.equal(standIn(elsewhere), false, "the account is another institution's");
  });

  it("is refused by us before by them, when it is no notice", () => {
    for (const option of [
      { ...WHOLE, noticeNumber: "3" },
      { ...WHOLE, transfers: [] },
    ])
      assert.throws(() => toAcaRequest(DEBT, option, example));
  });
});

describe("OS-11 what GPD is told", { skip: specsMissing }, () => {
  for (const [version, file, name] of [
    ["v1", "gpd.json", "PaymentPositionModel"],
    ["v3", "gpd_v3.json", "PaymentPositionModelV3"],
  ] as const) {
    it(`${version}: is as its description says`, () => {
      const document = read(`openapi/${file}`);
      for (const debt of DEBTS) {
        const body = sent(toGpdPosition(version, debt));
        assert.deepEqual(schemaFaults(document, `#/components/schemas/${name}`, body), []);
      }
    });
  }

  it("v3: the whole and its instalments are two options, as in the example", () => {
    const notices = [WHOLE, { ...WHOLE, instalment: 1 }, { ...WHOLE, instalment: 2 }];
    const example = read("samples/rest/gpd_v3_create_unica_piu_rate.request.json");
    const shape = (body: unknown): string[] =>
      (
        body as { paymentOption: { description: string; installments: object[] }[] }
      ).paymentOption.map(({ installments }) => (installments.length > 1 ? "many" : "one"));
    assert.deepEqual(shape(toGpdPosition("v3", { ...DEBT, notices })), shape(example));
  });
});

describe("OS-11 what is read of GPD's answers", () => {
  it("takes null for missing, unknown words, and fields to come", () => {
    const v1 = {
      iupd: "x",
      status: "PARTIALLY_PAID",
      validityDate: null,
      news: { any: ["thing"] },
      paymentOption: [
        { nav: "302100000000000193", status: "PO_PAID", transfer: null },
        { nav: "302100000000000294", status: "PO_NEVER_HEARD", paymentDate: null },
        { nav: null, status: null },
      ],
    };
    assert.deepEqual(readGpdPosition(v1), {
      status: "PARTIALLY_PAID",
      options: [
        { noticeNumber: "302100000000000193", isPaid: true },
        { noticeNumber: "302100000000000294", isPaid: false },
      ],
    });
    const v3 = {
      status: null,
      paymentOption: [
        { installments: [{ nav: "302100000000000193", status: "REPORTED" }] },
        { installments: null },
      ],
    };
    assert.deepEqual(readGpdPosition(v3), {
      status: null,
      options: [{ noticeNumber: "302100000000000193", isPaid: true }],
    });
    assert.deepEqual(readGpdPosition({}), { status: null, options: [] });
    for (const none of [null, "text", 7, { paymentOption: "no" }])
      assert.equal(readGpdPosition(none), null);
  });

  it(
    "reads pagoPA's own example of an option as it is written, nulls and all",
    { skip: specsMissing },
    () => {
      const option = read("samples/rest/gpd_getPaymentOption.json") as { nav: string };
      const found = readGpdPosition({ status: "VALID", paymentOption: [option] });
      assert.deepEqual(found?.options, [{ noticeNumber: option.nav, isPaid: true }]);
    },
  );
});
