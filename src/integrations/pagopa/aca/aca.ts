// SPDX-License-Identifier: EUPL-1.2
/** ACA, the copy pagoPA keeps of a synchronous station's notices (`POST …/aca/v1/paCreatePosition`): one upsert for all. */
import { z } from "zod";
import { callService, type PagopaAccess } from "../call-service.ts";
import {
  done,
  failed,
  type RemoteAnswer,
  type RemoteDebt,
  type RemoteOption,
} from "../remote-debt.ts";
import { clip } from "../soap/write-xml.ts";

const PATH = "aca/v1/paCreatePosition";
const NOT_FOUND = 404;
/** conflict; the position does not allow it */
const REFUSED_BY_STATE: ReadonlySet<number> = new Set([409, 422]);

/** What leaves: as `NewDebtPositionRequest` of the interface, and a little stricter. */
const acaRequest = z.strictObject({
  paFiscalCode: z.string().regex(/^\d{11}$/),
  entityType: z.enum(["F", "G"]),
  entityFiscalCode: z.string().min(2).max(16),
  entityFullName: z.string().min(1).max(255),
  iuv: z.string().regex(/^\d{17}$/),
  nav: z.string().regex(/^\d{18}$/),
  /** 0 closes it */
  amount: z.int().min(0).max(99_999_999_999),
  description: z.string().min(1).max(140),
  expirationDate: z.iso.datetime(),
  iban: z.string().length(27),
  postalIban: z.string().length(27).optional(),
  switchToExpired: z.boolean(),
  payStandIn: z.boolean(),
});

export type AcaRequest = z.infer<typeof acaRequest>;

/**
 * The body for one notice. pagoPA may answer in our place while we are down (`payStandIn`), but only for a notice of which
 * ACA knows everything: it has room for one account, and does not know that whole and instalments exclude each other.
 * @throws ZodError for a notice that is none: a bug of the caller
 */
export function toAcaRequest(
  debt: Omit<RemoteDebt, "notices" | "iupd">,
  option: RemoteOption,
  of: { close: boolean; isAlone: boolean },
): AcaRequest {
  const [first] = option.transfers;
  const own = option.transfers.find(({ fiscalCode }) => fiscalCode === debt.creditorFiscalCode);
  const account = own ?? first;
  return acaRequest.parse({
    paFiscalCode: debt.creditorFiscalCode,
    entityType: "F",
    entityFiscalCode: debt.debtor.code,
    entityFullName: clip(debt.debtor.fullName, 255),
    iuv: option.iuv,
    nav: option.noticeNumber,
    amount: of.close ? 0 : Number(option.amountCents),
    description: clip(option.description, 140),
    expirationDate: option.dueAt.toString({ smallestUnit: "second" }),
    iban: account?.iban,
    postalIban: account?.postalIban ?? undefined,
    switchToExpired: debt.switchToExpired,
    payStandIn: of.isAlone && own !== undefined && option.transfers.length === 1,
  });
}

/** Registers the notice, or brings its copy up to date. Harmless when repeated. */
export async function putInAca(access: PagopaAccess, body: AcaRequest): Promise<RemoteAnswer> {
  const answer = await callService(access, { method: "POST", path: PATH, body });
  return answer.outcome === "answered" && answer.status === 200 ? done() : failed(answer);
}

/**
 * Closes the copy (amount 0). One that is not there needs no closing. `wasPaid`: pagoPA took the money itself, and that
 * it refuses to touch a paid position is no news.
 */
export async function closeInAca(
  access: PagopaAccess,
  body: AcaRequest,
  of: { wasPaid: boolean },
): Promise<RemoteAnswer> {
  const answer = await callService(access, {
    method: "POST",
    path: PATH,
    body: { ...body, amount: 0 },
  });
  if (answer.outcome === "unreachable") return failed(answer);
  const isClosed =
    answer.status === 200 ||
    answer.status === NOT_FOUND ||
    (of.wasPaid && REFUSED_BY_STATE.has(answer.status));
  return isClosed ? done() : failed(answer);
}
