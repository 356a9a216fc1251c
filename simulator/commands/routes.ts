// SPDX-License-Identifier: EUPL-1.2
/** `/_comandi`: a page for people, JSON for tests. Never part of pagoPA's own interfaces. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Payment } from "../node/types.ts";
import { sendPage } from "../pages/frame.ts";
import { problem } from "../problem.ts";
import type { World } from "../world.ts";
import { BEHAVES, commandsShape } from "./commands.ts";
import { commandsPage } from "./pages.ts";

const patchShape = commandsShape.partial();

const wantsJson = (request: FastifyRequest): boolean =>
  (request.headers["content-type"] ?? "").startsWith("application/json") ||
  (request.headers.accept ?? "").startsWith("application/json");

export function commandRoutes(http: FastifyInstance, world: World): void {
  const done = (request: FastifyRequest, reply: FastifyReply, answer: unknown): FastifyReply =>
    wantsJson(request) ? reply.send(answer) : reply.redirect("/_comandi", 303);

  http.get("/_comandi", async (request, reply) =>
    wantsJson(request) ? reply.send(world.commands) : sendPage(reply, commandsPage(world)),
  );

  http.post("/_comandi", async (request, reply) => {
    const read = patchShape.safeParse(request.body ?? {});
    if (!read.success) return problem(reply, 400, "Bad Request", read.error.issues[0]!.message);
    world.commands = { ...world.commands, ...read.data } as typeof world.commands;
    return done(request, reply, world.commands);
  });

  http.post("/_comandi/azzera", async (request, reply) => {
    world.commands = { ...BEHAVES };
    return done(request, reply, world.commands);
  });

  http.post("/_comandi/ritenta", async (request, reply) =>
    done(request, reply, { sent: await world.deliveries.retryNow() }),
  );

  http.post("/_comandi/rilascia", async (request, reply) =>
    done(request, reply, { sent: await world.deliveries.release() }),
  );

  http.get("/_comandi/diario", async (_request, reply) => reply.send(world.diary));

  http.get("/_comandi/pagamenti", async (_request, reply) =>
    reply.send(world.node.payments.map((payment) => described(world, payment))),
  );
}

const described = (world: World, payment: Payment) => ({
  receiptId: payment.receiptId,
  noticeNumber: payment.noticeNumber,
  creditorFiscalCode: payment.creditorFiscalCode,
  amountCents: Number(payment.amountCents),
  psp: payment.psp.id,
  deliveries: world
    .deliveriesOf(payment.receiptId)
    .map(({ operation, recipient, state, attempts, said }) => ({
      operation,
      recipient,
      state,
      attempts,
      said,
    })),
});
