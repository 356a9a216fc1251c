// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, describe, it } from "node:test";
import { type CheckoutCart, postCart, toCartRequest } from "./checkout.ts";
import { IDLE } from "../../../tests/support/idle.ts";

const CART: CheckoutCart = {
  notices: [
    {
      noticeNumber: "302100000000000193",
      fiscalCode: "00112233445",
      amountCents: 3_780n,
      companyName: "Comune di Borgo Immaginario",
      description: "Mensa scolastica novembre 2026",
    },
  ],
  returnUrls: {
    ok: "https://scuola.example.org/pagamenti/7/ok",
    cancel: "https://scuola.example.org/pagamenti/7/annullato",
    error: "https://scuola.example.org/pagamenti/7/errore",
    waiting: "https://scuola.example.org/pagamenti/7/attesa",
  },
  idCart: "carrello-7",
  emailNotice: "ada@example.org",
};
const [NOTICE] = CART.notices as [CheckoutCart["notices"][number]];

describe("X-04 the cart that leaves", () => {
  it("is what the interface asks for: whole cents, at most five notices", () => {
    assert.deepEqual(toCartRequest(CART), {
      emailNotice: "ada@example.org",
      paymentNotices: [
        {
          noticeNumber: "302100000000000193",
          fiscalCode: "00112233445",
          amount: 3780,
          companyName: "Comune di Borgo Immaginario",
          description: "Mensa scolastica novembre 2026",
        },
      ],
      returnUrls: {
        returnOkUrl: "https://scuola.example.org/pagamenti/7/ok",
        returnCancelUrl: "https://scuola.example.org/pagamenti/7/annullato",
        returnErrorUrl: "https://scuola.example.org/pagamenti/7/errore",
        returnWaitingUrl: "https://scuola.example.org/pagamenti/7/attesa",
      },
      idCart: "carrello-7",
      allCCP: false,
    });
    const { emailNotice: _, idCart: __, ...bare } = CART;
    assert.deepEqual(Object.keys(JSON.parse(JSON.stringify(toCartRequest(bare))) as object), [
      ...["paymentNotices", "returnUrls", "allCCP"],
    ]);
  });

  it("cuts long texts and leaves out an address of mail that Checkout would not take", () => {
    const long = { ...NOTICE, companyName: "🎒".repeat(200), description: "x".repeat(141) };
    const request = toCartRequest({ ...CART, notices: [long], emailNotice: "ada@" });
    assert.equal(request.paymentNotices[0]?.companyName, "🎒".repeat(140));
    assert.equal(request.paymentNotices[0]?.description.length, 140);
    assert.equal(request.emailNotice, undefined);
  });

  it("is refused here when it is none", () => {
    const numbered = (index: number): CheckoutCart["notices"][number] => ({
      ...NOTICE,
      noticeNumber: `30210000000000019${index}`,
    });
    const wrong: readonly Partial<CheckoutCart>[] = [
      { notices: [] },
      { notices: [NOTICE, NOTICE] },
      { notices: [0, 1, 2, 3, 4, 5].map(numbered) },
      { notices: [{ ...NOTICE, amountCents: 0n }] },
      { notices: [{ ...NOTICE, noticeNumber: "3" }] },
      { notices: [{ ...NOTICE, fiscalCode: "PRLDAA80A41A271X" }] },
      { notices: [{ ...NOTICE, description: " " }] },
      { returnUrls: { ...CART.returnUrls, ok: "javascript:alert(1)" } },
      { returnUrls: { ...CART.returnUrls, waiting: "/pagamenti/7" } },
      { idCart: "" },
    ];
    for (const change of wrong)
      assert.throws(() => toCartRequest({ ...CART, ...change }), { name: "ZodError" });
    const five = toCartRequest({ ...CART, notices: [0, 1, 2, 3, 4].map(numbered) });
    assert.equal(five.paymentNotices.length, 5);
  });
});

describe("X-06 what Checkout answers", () => {
  type Answer = (request: IncomingMessage, response: ServerResponse) => void;
  let server: Server;
  let apiUrl = "";
  let respond: Answer = () => undefined;
  const calls: { method: string; url: string; key: string; type: string; body: string }[] = [];

  before(async () => {
    server = createServer(IDLE, (request, response) => {
      const pieces: Buffer[] = [];
      request.on("data", (piece: Buffer) => pieces.push(piece));
      request.on("end", () => {
        calls.push({
          method: request.method ?? "",
          url: request.url ?? "",
          key: String(request.headers["ocp-apim-subscription-key"]),
          type: String(request.headers["content-type"]),
          body: Buffer.concat(pieces).toString(),
        });
        respond(request, response);
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    calls.length = 0;
  });

  const redirectTo =
    (location: string, status = 302): Answer =>
    (_request, response) =>
      response.writeHead(status, { location }).end("moved");
  const post = (change: Partial<Parameters<typeof postCart>[0]> = {}) =>
    postCart({ apiUrl, subscriptionKey: "chiave-di-prova", ...change }, CART);

  it("a place to send the browser to, which this program does not visit", async () => {
    respond = redirectTo("https://checkout.example.org/c/abc?x=1");
    assert.deepEqual(await post(), {
      outcome: "redirect",
      location: "https://checkout.example.org/c/abc?x=1",
    });
    assert.equal(calls.length, 1);
    const [call] = calls;
    assert.deepEqual(
      [call?.method, call?.url, call?.key, call?.type],
      ["POST", "/checkout/ec/v2/carts", "chiave-di-prova", "application/json"],
    );
    assert.deepEqual(JSON.parse(call?.body ?? ""), toCartRequest(CART));
    respond = redirectTo(`${apiUrl}/pagine/7`);
    assert.deepEqual(await post(), { outcome: "redirect", location: `${apiUrl}/pagine/7` });
    assert.equal(calls.length, 2);
    assert.equal((await post({ apiUrl: `${apiUrl}/prova/` })).outcome, "redirect");
    assert.equal(calls[2]?.url, "/prova/checkout/ec/v2/carts");
  });

  it("a place that is none", async () => {
    const nowhere = [
      ...["", "/pagine/7", "javascript:alert(1)", "http://checkout.example.org/c/abc", "data:,x"],
      ...[
        "https://ada:segreto@checkout.example.org/",
        `https://a.example.org/${"x".repeat(2_000)}`,
      ],
    ];
    for (const location of nowhere) {
      respond = redirectTo(location);
      const answer = await post();
      assert.deepEqual([answer.outcome, calls.length], ["refused", 1], location);
      calls.length = 0;
    }
    respond = redirectTo("https://checkout.example.org/c/abc");
    const checkoutOrigin = "https://checkout.example.org";
    assert.equal((await post({ checkoutOrigin })).outcome, "redirect");
    assert.equal((await post({ checkoutOrigin: "https://other.example.org" })).outcome, "refused");
    for (const status of [301, 303, 307, 200]) {
      respond = redirectTo("https://checkout.example.org/c/abc", status);
      assert.deepEqual(await post(), { outcome: "refused", status, detail: "" });
    }
  });

  it("a refusal, with its reason in one line", async () => {
    const problem =
      (status: number, body: string): Answer =>
      (_request, response) =>
        response.writeHead(status, { "content-type": "application/json" }).end(body);
    respond = problem(422, JSON.stringify({ title: "Invalid", detail: "twice\r\n\u0000the same" }));
    assert.deepEqual(await post(), {
      outcome: "refused",
      status: 422,
      detail: "Invalid: twice the same",
    });
    respond = problem(400, "<html>no</html>");
    assert.deepEqual(await post(), { outcome: "refused", status: 400, detail: "" });
    respond = problem(500, JSON.stringify({ detail: 7 }));
    assert.deepEqual(await post(), { outcome: "refused", status: 500, detail: "" });
    respond = problem(429, JSON.stringify({ detail: "x".repeat(5_000) }));
    const long = await post();
    assert.equal(long.outcome === "refused" && long.detail.length, 300);
    respond = problem(500, "x".repeat(10_000_000));
    assert.deepEqual(await post(), { outcome: "refused", status: 500, detail: "" });
  });

  it("nothing at all: too late, cut off, not there", async () => {
    respond = () => undefined;
    assert.deepEqual(await post({ timeoutMs: 60 }), { outcome: "unreachable", reason: "timeout" });
    respond = (_request, response) => {
      response.writeHead(400, { "content-length": "100" });
      response.write("{");
    };
    assert.deepEqual(await post({ timeoutMs: 200 }), { outcome: "unreachable", reason: "timeout" });
    respond = (request) => request.socket.destroy();
    assert.deepEqual(await post(), { outcome: "unreachable", reason: "network" });
    const nobody = await post({ apiUrl: "http://127.0.0.1:1" });
    assert.deepEqual(nobody, { outcome: "unreachable", reason: "network" });
  });

  it("a connection that was closed meanwhile is no answer: asked once more", async () => {
    const answers: Answer[] = [
      (request) => request.socket.destroy(),
      redirectTo("https://checkout.pagopa.it/c/7"),
    ];
    respond = (request, response) => answers.shift()?.(request, response);
    const service = { checkoutOrigin: "https://checkout.pagopa.it" };
    assert.equal((await post(service)).outcome, "redirect");
    assert.equal(calls.length, 2);
  });

  it("never sends the key in the clear to another machine", async () => {
    for (const elsewhere of ["http://api.example.org", "ftp://127.0.0.1", "nowhere", ""])
      await assert.rejects(post({ apiUrl: elsewhere }), RangeError);
    assert.equal(calls.length, 0);
  });
});
