// SPDX-License-Identifier: EUPL-1.2
/** ACA: the copy pagoPA keeps of synchronous stations' notices, and its one call (`paCreatePosition`). */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { type Answer, keyOf, type NoticeKey, type Payable } from "../node/types.ts";
import { problem } from "../problem.ts";

const requestShape = z.object({
  paFiscalCode: z.string().length(11),
  entityType: z.enum(["F", "G"]),
  entityFiscalCode: z.string().min(2),
  entityFullName: z.string().min(1).max(255),
  iuv: z.string().min(1).max(255),
  nav: z.string().min(1).max(255).optional(),
  amount: z.int().min(0).max(99_999_999_999),
  description: z.string().min(1).max(255),
  expirationDate: z.iso.datetime({ offset: true, local: true }),
  iban: z.string().length(27).optional(),
  postalIban: z.string().length(27).optional(),
  switchToExpired: z.boolean().default(false),
  payStandIn: z.boolean().default(true),
});

type Copy = z.infer<typeof requestShape> & { status: "VALID" | "INVALID" | "PAID" };

/** Amount 0 closes; a notice that is paid is not changed. */
export class AcaCopies {
  readonly #copies = new Map<string, Copy>();

  get all(): readonly Copy[] {
    return [...this.#copies.values()];
  }

  put(request: z.infer<typeof requestShape>): Copy | "not-found" | "conflict" {
    const key = keyOf({
      creditorFiscalCode: request.paFiscalCode,
      noticeNumber: request.nav ?? `3${request.iuv}`,
    });
    const before = this.#copies.get(key);
    if (request.amount === 0 && !before) return "not-found";
    if (before && before.status !== "VALID") {
      const isRepeated = before.status === "INVALID" && request.amount === 0;
      return isRepeated ? before : "conflict";
    }
    const copy: Copy = {
      ...request,
      amount: request.amount === 0 ? before!.amount : request.amount,
      status: request.amount === 0 ? "INVALID" : "VALID",
    };
    this.#copies.set(key, copy);
    return copy;
  }

  paid(notice: NoticeKey): void {
    const copy = this.#copies.get(keyOf(notice));
    if (copy) copy.status = "PAID";
  }

  /** Stand-in: pagoPA answers in the station's place, from its copy. `null`: it may not, or has none. */
  standIn(notice: NoticeKey): Answer<Payable> | null {
    const copy = this.#copies.get(keyOf(notice));
    if (!copy || copy.status !== "VALID" || !copy.payStandIn || !copy.iban) return null;
    const amountCents = BigInt(copy.amount);
    return {
      outcome: "ok",
      value: {
        iuv: copy.iuv,
        amountCents,
        dueDate: copy.expirationDate.slice(0, 10),
        description: copy.description.slice(0, 140),
        companyName: copy.paFiscalCode,
        officeName: "",
        debtor: {
          kind: copy.entityType,
          code: copy.entityFiscalCode,
          fullName: copy.entityFullName.slice(0, 70),
        },
        transfers: [
          {
            id: 1,
            amountCents,
            fiscalCodePA: copy.paFiscalCode,
            companyName: "",
            iban: copy.iban,
            remittanceInformation: `/RFB/${copy.iuv}/TXT/${copy.description}`.slice(0, 140),
            category: "9/0107101TS/",
            metadata: [],
          },
        ],
      },
    };
  }
}

export function acaRoutes(http: FastifyInstance, copies: AcaCopies): void {
  http.post("/aca/v1/paCreatePosition", async (request, reply) => {
    const read = requestShape.safeParse(request.body);
    if (!read.success) {
      const [issue] = read.error.issues;
      const detail = `${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`;
      return problem(reply, 400, "Bad Request", detail);
    }
    const put = copies.put(read.data);
    if (put === "not-found")
      return problem(reply, 404, "Invocation exception", "Debt position not found");
    if (put === "conflict")
      return problem(reply, 409, "Invocation exception", "the position cannot be changed");
    const { switchToExpired, payStandIn: _, ...said } = put;
    return reply.send({
      ...said,
      nav: put.nav ?? `3${put.iuv}`,
      expirationDate: put.expirationDate.slice(0, 19),
      switchToExpired,
    });
  });
}
