// SPDX-License-Identifier: EUPL-1.2
import { assertNever } from "#kernel/outcome.ts";
import type { Moment } from "#kernel/dates.ts";
import type { Database } from "#kernel/db/index.ts";
import {
  beginPayment,
  iuvOf,
  type Notice,
  type NotPayable,
  payableNotice,
  type TransferRow,
} from "#payments";
import {
  type FaultCode,
  type GetRequest,
  type PayableNotice,
  type VerifyRequest,
  writeFault,
  writeGetPaymentResponse,
  writeVerifyResponse,
} from "../../integrations/pagopa/soap/index.ts";
import type { Addressee, StationDirectory } from "./station-directory.ts";

const FAULT_OF: Readonly<Record<NotPayable, FaultCode>> = {
  unknown: "PAA_PAGAMENTO_SCONOSCIUTO",
  "already-paid": "PAA_PAGAMENTO_DUPLICATO",
  expired: "PAA_PAGAMENTO_SCADUTO",
  cancelled: "PAA_PAGAMENTO_ANNULLATO",
  // Its station is asynchronous: pagoPA answers from GPD, and nobody asks us.
  "in-preparation": "PAA_PAGAMENTO_SCONOSCIUTO",
};

export const faultOfAddressee = (outcome: Exclude<Addressee["outcome"], "ours">): FaultCode => {
  switch (outcome) {
    case "creditor-unknown":
      return "PAA_ID_DOMINIO_ERRATO";
    case "broker-unknown":
      return "PAA_ID_INTERMEDIARIO_ERRATO";
    case "station-unknown":
      return "PAA_STAZIONE_INT_ERRATA";
    default:
      return assertNever(outcome);
  }
};

/** paVerifyPaymentNotice and paGetPayment(V2): the notice as it stands this moment, or why it cannot be paid. */
export async function answerNotice(
  of: { db: Database; directory: StationDirectory; now: Moment },
  request: VerifyRequest | GetRequest,
): Promise<string> {
  const refuse = (fault: FaultCode): string => writeFault(request.operation, fault, request.idPA);
  const addressee = await of.directory.find(request);
  if (addressee.outcome !== "ours") return refuse(faultOfAddressee(addressee.outcome));
  if (!addressee.station) return refuse("PAA_PAGAMENTO_SCONOSCIUTO");
  const town = of.db.forTenant(addressee.station.tenantId);
  const asked = { creditorFiscalCode: request.fiscalCode, noticeNumber: request.noticeNumber };
  const answer =
    request.kind === "verify"
      ? await town.read((tx) => payableNotice(tx, { ...asked, now: of.now }))
      : await town.write((tx) =>
          beginPayment(tx, { ...asked, station: request.idStation, now: of.now }),
        );
  if (answer.outcome !== "payable") return refuse(FAULT_OF[answer.outcome]);
  const { notice, transfers } = answer;
  if (request.kind === "verify") return writeVerifyResponse(toAnswer(notice, transfers));
  const isPostal = request.transferType === "POSTAL";
  if (isPostal && transfers[0]?.postalIban === null) return refuse("PAA_SEMANTICA");
  const told = toAnswer(notice, transfers, request.transferType);
  return writeGetPaymentResponse(request.operation, told);
}

/** `POSTAL`: transfer 1 goes to the postal account. `PAGOPA`: each transfer says on which account it may rest. */
function toAnswer(
  notice: Notice,
  transfers: readonly TransferRow[],
  transferType?: "POSTAL" | "PAGOPA",
): PayableNotice {
  const first = transfers[0];
  if (!first) throw new Error(`notice ${notice.id} has no transfer`);
  const creditor = transfers.find(({ fiscalCode }) => fiscalCode === notice.creditorFiscalCode);
  return {
    noticeNumber: notice.noticeNumber,
    iuv: iuvOf(notice.noticeNumber),
    amountCents: notice.amountCents,
    dueOn: notice.dueOn,
    description: notice.subject,
    creditor: {
      fiscalCode: notice.creditorFiscalCode,
      name: (creditor ?? first).name,
    },
    debtor: { kind: "F", code: notice.debtorFiscalCode, fullName: notice.debtorName },
    transfers: transfers.map((transfer) => ({
      id: transfer.transfer,
      amountCents: transfer.amountCents,
      fiscalCodePA: transfer.fiscalCode,
      companyName: transfer.name,
      iban:
        transferType === "POSTAL" && transfer.transfer === 1 ? transfer.postalIban : transfer.iban,
      remittanceInformation: transfer.remittance,
      category: transfer.category,
      metadata: [
        ...transfer.metadata,
        ...(transferType === "PAGOPA" ? [{ key: "IBANAPPOGGIO", value: transfer.iban }] : []),
      ],
    })),
    metadata: [],
    allPostal: transfers.every(({ postalIban }) => postalIban !== null),
  };
}
