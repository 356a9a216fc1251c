// SPDX-License-Identifier: EUPL-1.2
import type { FastifyReply } from "fastify";

/** `ProblemJson`, as every REST service of pagoPA answers. */
export function problem(
  reply: FastifyReply,
  status: number,
  title: string,
  detail: string,
): FastifyReply {
  return reply.status(status).type("application/json").send({ title, status, detail });
}
