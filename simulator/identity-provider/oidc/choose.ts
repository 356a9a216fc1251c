// SPDX-License-Identifier: EUPL-1.2
import type { FastifyReply } from "fastify";
import { sendPage } from "../../pages/frame.ts";
import { refusedPage } from "./pages.ts";

export type Query = Readonly<Record<string, string | undefined>>;

/** Somebody chose who he or she is, or an anomaly: back to the relying party, once. */
export function choose(
  provider: {
    decide(ticket: string, choice: { person: number } | { error: string }): string | null;
  },
  { ticket = "", person, error }: Query,
  reply: FastifyReply,
): FastifyReply {
  const choice = error === undefined ? { person: Number(person) } : { error };
  const url = provider.decide(ticket, choice);
  return url === null
    ? sendPage(reply, refusedPage("Scelta già usata o sconosciuta."), 400)
    : reply.redirect(url, 303);
}
