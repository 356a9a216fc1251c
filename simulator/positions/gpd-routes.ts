// SPDX-License-Identifier: EUPL-1.2
/** GPD v1 and v3 (`/gpd/debt-positions-service/…`), and the same v1 for ACA (`/aca/debt-positions-service/v1`). */
import type { FastifyInstance, FastifyReply } from "fastify";
import { problem } from "../problem.ts";
import type { World } from "../world.ts";
import {
  readPosition,
  type Version,
  writeModel,
  writeOptionV1,
  writePosition,
} from "./gpd-shapes.ts";
import type { Changed, PositionStore } from "./position-store.ts";

interface Call {
  Params: { cf: string; iupd: string };
  Querystring: { toPublish?: string; limit?: string; page?: string };
}

export function gpdRoutes(
  http: FastifyInstance,
  world: World,
  of: { base: string; version: Version; store: PositionStore },
): void {
  const { version, store } = of;
  const all = `${of.base}/organizations/:cf/debtpositions`;
  const one = `${all}/:iupd`;

  const send = (reply: FastifyReply, changed: Changed, status = 200): FastifyReply => {
    switch (changed.outcome) {
      case "done":
        return reply.status(status).send(writeModel(version, changed.position));
      case "not-found":
        return problem(reply, 404, "Not Found", "no debt position found");
      case "conflict":
        return problem(reply, 409, "Conflict", changed.why);
    }
  };

  const put = (reply: FastifyReply, body: unknown, call: Call, isNew: boolean): FastifyReply => {
    const { cf: organization } = call.Params;
    const toPublish = call.Querystring.toPublish === "true";
    const now = world.now().toString();
    const read = readPosition(version, body, { organization, now, toPublish });
    if (typeof read === "string") return problem(reply, 400, "Bad Request", read);
    if (isNew) return send(reply, store.create(read), 201);
    if (read.iupd !== call.Params.iupd)
      return problem(reply, 400, "Bad Request", "iupd of path and body differ");
    return send(reply, store.update(read, { toPublish }));
  };

  http.get<Call>(all, async (request, reply) => {
    const limit = Math.min(Number(request.query.limit ?? 10) || 10, 50);
    const page = Number(request.query.page ?? 0) || 0;
    const found = store.all(request.params.cf);
    const shown = found.slice(page * limit, (page + 1) * limit);
    return reply.send({
      payment_position_list: shown.map((position) => writePosition(version, position)),
      page_info: {
        page,
        limit,
        items_found: shown.length,
        total_pages: Math.ceil(found.length / limit),
      },
    });
  });

  http.post<Call>(all, async (request, reply) =>
    put(reply, request.body, { Params: request.params, Querystring: request.query }, true),
  );
  http.put<Call>(one, async (request, reply) =>
    put(reply, request.body, { Params: request.params, Querystring: request.query }, false),
  );

  http.get<Call>(one, async (request, reply) => {
    const position = store.find(request.params.cf, request.params.iupd);
    return position
      ? reply.send(writePosition(version, position))
      : send(reply, { outcome: "not-found" });
  });

  http.delete<Call>(one, async (request, reply) => {
    const removed = store.remove(request.params.cf, request.params.iupd);
    return removed.outcome === "done" ? reply.send("OK") : send(reply, removed);
  });

  http.post<Call>(`${one}/publish`, async (request, reply) =>
    send(reply, store.publish(request.params.cf, request.params.iupd)),
  );
  if (version === "v3") return;

  http.post<Call>(`${one}/invalidate`, async (request, reply) =>
    send(reply, store.invalidate(request.params.cf, request.params.iupd)),
  );

  http.post<{ Params: { cf: string; nav: string }; Body: { paymentDate?: string } | null }>(
    `${of.base}/organizations/:cf/paymentoptions/paids/:nav`,
    async (request, reply) => {
      const { cf: creditorFiscalCode, nav: noticeNumber } = request.params;
      const paidAt = request.body?.paymentDate ?? world.now().toString();
      const marked = store.markPaid({ creditorFiscalCode, noticeNumber }, { paidAt });
      if (marked.outcome === "not-payable")
        return problem(reply, 422, "Unprocessable", "the position cannot be paid");
      if (marked.outcome !== "done") return send(reply, marked);
      const option = marked.position.options.find(({ nav }) => nav === noticeNumber)!;
      return reply.send(writeOptionV1(marked.position, option));
    },
  );
}
