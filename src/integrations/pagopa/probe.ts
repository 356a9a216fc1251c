// SPDX-License-Identifier: EUPL-1.2
/**
 * Does a service of pagoPA answer, and does it take our key? Each question changes nothing: a list of one, a document
 * that does not exist, a cart that is none.
 */
import { callService, type PagopaAccess } from "./call-service.ts";

export type ProbedService = "checkout" | "gpd" | "aca" | "fdr" | "biz-events";

export type Probe =
  | { readonly outcome: "answers" }
  /** HTTP 401 or 403 */
  | { readonly outcome: "key-refused" }
  | { readonly outcome: "unreachable"; readonly reason: "timeout" | "network" }
  | { readonly outcome: "unexpected"; readonly status: number; readonly detail: string };

interface Question {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: unknown;
  /** what somebody with the right key is told */
  readonly expects: readonly number[];
}

/** Nobody's: the largest number there is, with its check digits. */
const MADE_UP_IUV = "99999999999999999";

function questionFor(service: ProbedService, creditorFiscalCode: string): Question {
  switch (service) {
    case "checkout":
      return { method: "POST", path: "checkout/ec/v2/carts", body: {}, expects: [400, 422] };
    case "gpd":
      return {
        method: "GET",
        path: `gpd/debt-positions-service/v1/organizations/${creditorFiscalCode}/debtpositions?limit=1&page=0`,
        expects: [200],
      };
    case "aca":
      // Closing what is not there; 422 and 409 are other ways to say so.
      return {
        method: "POST",
        path: "aca/v1/paCreatePosition",
        body: {
          paFiscalCode: creditorFiscalCode,
          entityType: "F",
          entityFiscalCode: "ANONIMO",
          entityFullName: "Prova di collegamento",
          iuv: MADE_UP_IUV,
          nav: `3${MADE_UP_IUV}`,
          amount: 0,
          description: "Prova di collegamento",
          expirationDate: "2099-12-31T22:59:59Z",
        },
        expects: [404, 409, 422],
      };
    case "fdr":
      return {
        method: "GET",
        path: `fdr-org/service/v1/organizations/${creditorFiscalCode}/fdrs?page=1&size=1`,
        expects: [200],
      };
    case "biz-events":
      return {
        method: "GET",
        path: `bizevents/service/v1/organizations/${creditorFiscalCode}/receipts/prova/paymentoptions/${MADE_UP_IUV}`,
        expects: [404],
      };
  }
}

/** @throws RangeError for an `apiUrl` that would send the key in the clear */
export async function probe(
  access: PagopaAccess,
  service: ProbedService,
  creditorFiscalCode: string,
): Promise<Probe> {
  const { expects, ...question } = questionFor(service, creditorFiscalCode);
  const answer = await callService(access, question);
  if (answer.outcome === "unreachable") return answer;
  const { status, detail } = answer;
  if (status === 401 || status === 403) return { outcome: "key-refused" };
  return expects.includes(status)
    ? { outcome: "answers" }
    : { outcome: "unexpected", status, detail };
}
