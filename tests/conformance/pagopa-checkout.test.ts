// SPDX-License-Identifier: EUPL-1.2
/** The cart we send against pagoPA's description of the service and its sample. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type CheckoutCart, toCartRequest } from "../../src/integrations/pagopa/checkout.ts";
import { schemaFaults } from "../support/json-schema.ts";
import { PAGOPA_SPECS, specsMissing } from "../support/xsd.ts";

const read = (path: string): unknown => JSON.parse(readFileSync(join(PAGOPA_SPECS, path), "utf8"));
const SCHEMA = "#/components/schemas/CartRequestV2";

const AT = "https://scuola.comune.esempio.it/pagopa";
const CART: CheckoutCart = {
  emailNotice: "mario.rossi@example.it",
  notices: [
    {
      noticeNumber: "312260000001234523",
      fiscalCode: "77777777777",
      amountCents: 6_410n,
      companyName: "Comune di Esempio",
      description: "Refezione scolastica ottobre 2026",
    },
  ],
  returnUrls: {
    ok: `${AT}/ok`,
    cancel: `${AT}/annullato`,
    error: `${AT}/errore`,
    waiting: `${AT}/attesa`,
  },
  idCart: "CART-2026-000123",
};

describe("X-04 Checkout's description of a cart", { skip: specsMissing }, () => {
  it("is met by the smallest, a usual and the largest cart", () => {
    const document = read("openapi/checkout_v2.json");
    const { emailNotice: _, idCart: __, ...smallest } = CART;
    const [first] = CART.notices as [CheckoutCart["notices"][number]];
    const largest: CheckoutCart = {
      ...CART,
      notices: [1, 2, 3, 4, 5].map((index) => ({
        ...first,
        noticeNumber: `31226000000123452${index}`,
        amountCents: 99_999_999_999n,
        companyName: "è".repeat(300),
        description: "🎒".repeat(300),
      })),
      allPostal: true,
    };
    for (const cart of [smallest, CART, largest]) {
      const sent: unknown = JSON.parse(JSON.stringify(toCartRequest(cart)));
      assert.deepEqual(schemaFaults(document, SCHEMA, sent), []);
    }
  });

  it("the sample is written field by field", () => {
    const sent: unknown = JSON.parse(JSON.stringify(toCartRequest(CART)));
    assert.deepEqual(sent, read("samples/rest/checkout_v2_cart.request.json"));
  });

  it("the judge of it can say no", () => {
    const document = read("openapi/checkout_v2.json");
    const good = toCartRequest(CART);
    const [notice] = good.paymentNotices;
    const wrong = [
      { ...good, paymentNotices: [] },
      { ...good, paymentNotices: [{ ...notice, amount: 0.5 }] },
      { ...good, paymentNotices: [{ ...notice, noticeNumber: "3" }] },
      { ...good, returnUrls: { ...good.returnUrls, returnWaitingUrl: undefined } },
      { ...good, allCCP: "no" },
    ];
    for (const one of wrong)
      assert.notDeepEqual(schemaFaults(document, SCHEMA, JSON.parse(JSON.stringify(one))), []);
  });
});
