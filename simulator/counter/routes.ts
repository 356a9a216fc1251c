// SPDX-License-Identifier: EUPL-1.2
/** "Paga al tabaccaio": a notice is paid by its number, the way a counter, a cash machine or a home bank does. */
import type { FastifyInstance } from "fastify";
import { sendPage } from "../pages/frame.ts";
import { TOBACCONIST } from "../psps.ts";
import { wordsOf } from "../words.ts";
import type { World } from "../world.ts";
import { cannotPayPage, counterPage, noticePage, receiptPage, type Typed } from "./pages.ts";
import { readScan } from "./scan.ts";

const NOT_READ =
  "Servono il numero avviso (18 cifre) e il codice fiscale dell'ente (11 cifre), oppure il testo del codice QR.";

export function counterRoutes(http: FastifyInstance, world: World): void {
  http.get("/tabaccaio", async (_request, reply) => sendPage(reply, counterPage()));

  http.get<{ Querystring: Typed }>("/tabaccaio/avviso", async (request, reply) => {
    const notice = readScan(request.query);
    if (!notice) return sendPage(reply, counterPage(request.query, NOT_READ), 400);
    const answer = await world.node.verify(notice);
    if (answer.outcome !== "ok")
      return sendPage(reply, cannotPayPage(notice, wordsOf(answer)), 409);
    return sendPage(reply, noticePage(notice, answer.value, TOBACCONIST));
  });

  http.post<{ Body: Typed & { amountCents?: string } }>(
    "/tabaccaio/paga",
    async (request, reply) => {
      const body = request.body ?? {};
      const notice = readScan(body);
      const amount = body.amountCents ?? "";
      if (!notice || !/^\d{1,11}$/.test(amount))
        return sendPage(reply, counterPage(body, NOT_READ), 400);
      const answer = await world.node.activate(notice, { amountCents: BigInt(amount) });
      if (answer.outcome !== "ok")
        return sendPage(reply, cannotPayPage(notice, wordsOf(answer)), 409);
      const [payment] = await world.settle([answer.value], { psp: TOBACCONIST, method: "cash" });
      return reply.redirect(`/tabaccaio/ricevute/${payment?.receiptId ?? ""}`, 303);
    },
  );

  http.get<{ Params: { id: string } }>("/tabaccaio/ricevute/:id", async (request, reply) => {
    const payment = world.node.payments.find(({ receiptId }) => receiptId === request.params.id);
    if (!payment) return sendPage(reply, counterPage({}, "Questa ricevuta non c'è."), 404);
    return sendPage(reply, receiptPage(payment, world.deliveriesOf(payment.receiptId)));
  });
}
