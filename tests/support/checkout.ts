// SPDX-License-Identifier: EUPL-1.2
/** pagoPA's Checkout as far as a creditor sees it: takes carts, answers 302, and has pages to come back from. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { PagoPa } from "../../src/surfaces/web/app.ts";
import { IDLE } from "./idle.ts";

export interface CartCall {
  idCart: string;
  emailNotice?: string;
  paymentNotices: { noticeNumber: string; fiscalCode: string; amount: number }[];
  returnUrls: Record<
    "returnOkUrl" | "returnCancelUrl" | "returnErrorUrl" | "returnWaitingUrl",
    string
  >;
}

export interface StubCheckout {
  readonly pagoPa: PagoPa;
  readonly carts: CartCall[];
  /** what the next calls are answered with; default 302 */
  answer: "pages" | "down" | "elsewhere";
  close(): Promise<void>;
}

/** Its pages are one: links back to the creditor, as Checkout's buttons lead there. */
export async function stubCheckout(): Promise<StubCheckout> {
  const carts: CartCall[] = [];
  const server = createServer(IDLE, (request, response) => {
    if (request.method === "GET") {
      const cart = carts.at(-1);
      const links = Object.entries(cart?.returnUrls ?? {}).map(
        ([name, url]) => `<p><a href="${url}">${name}</a></p>`,
      );
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.end(`<!DOCTYPE html><title>Checkout</title><h1>Checkout</h1>${links.join("")}`);
      return;
    }
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (stub.answer === "down") {
        response.writeHead(503).end();
        return;
      }
      carts.push(JSON.parse(Buffer.concat(chunks).toString("utf8")) as CartCall);
      const origin = stub.answer === "elsewhere" ? "https://evil.example" : own();
      response.writeHead(302, { location: `${origin}/pay/${carts.length}` }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const own = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stub: StubCheckout = {
    pagoPa: { apiUrl: own(), checkoutOrigin: own(), caller: null },
    carts,
    answer: "pages",
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return stub;
}
