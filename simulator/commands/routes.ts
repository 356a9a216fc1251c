// SPDX-License-Identifier: EUPL-1.2
/** `/_comandi`: a page for people, JSON for tests. Never part of pagoPA's own interfaces. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Payment } from "../node/types.ts";
import { sendPage } from "../pages/frame.ts";
import { problem } from "../problem.ts";
import { type Flow, PAY_STATUSES } from "../settlement/flows.ts";
import { writeCashJournal } from "../settlement/cash-journal.ts";
import type { World } from "../world.ts";
import { BEHAVES, commandsShape } from "./commands.ts";
import { commandsPage } from "./pages.ts";

const patchShape = commandsShape.partial();

/** `revise`: the name of a flow that is sent again with a higher revision */
const flowShape = z.strictObject({
  status: z.enum(PAY_STATUSES).default("EXECUTED"),
  revise: z.string().optional(),
});

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
    done(request, reply, { files: world.workFiles(), sent: await world.deliveries.release() }),
  );

  http.post("/_comandi/rendiconta", async (request, reply) => {
    const read = flowShape.safeParse(request.body ?? {});
    if (!read.success) return problem(reply, 400, "Bad Request", read.error.issues[0]!.message);
    const { status, revise } = read.data;
    const now = world.now();
    const again = revise === undefined ? null : world.flows.revise(revise, now);
    if (revise !== undefined && !again) return problem(reply, 404, "Not Found", revise);
    const made = again ? [again] : world.flows.publish(world.node.payments, { status, now });
    return done(request, reply, made.map(describedFlow));
  });

  http.get<{ Params: { cf: string } }>("/_comandi/giornale/:cf", async (request, reply) => {
    const { cf: fiscalCode } = request.params;
    const flows = world.flows.of(fiscalCode);
    if (flows.length === 0) return problem(reply, 404, "Not Found", "no flow of this institution");
    return reply
      .type("application/xml; charset=utf-8")
      .header("content-disposition", `attachment; filename="giornale-di-cassa-${fiscalCode}.xml"`)
      .send(writeCashJournal(flows, { fiscalCode, now: world.now() }));
  });

  http.get("/_comandi/aca", async (_request, reply) => reply.send(world.aca.all));

  http.get("/_comandi/diario", async (_request, reply) => reply.send(world.diary));

  http.get("/_comandi/pagamenti", async (_request, reply) =>
    reply.send(world.node.payments.map((payment) => described(world, payment))),
  );
}

const describedFlow = ({ fdr, revision, psp, organization, regulation, ...flow }: Flow) => ({
  fdr,
  revision,
  pspId: psp.id,
  organization: organization.fiscalCode,
  regulation,
  regulationDate: flow.regulationDate,
  totalCents: Number(flow.totalCents),
  payments: flow.lines.length,
});

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
