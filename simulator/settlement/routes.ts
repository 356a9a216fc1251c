// SPDX-License-Identifier: EUPL-1.2
/** `fdr-org` (settlement flows) and `bizevents` (one receipt) as creditor institutions ask for them. */
import type { FastifyInstance, FastifyReply } from "fastify";
import { problem } from "../problem.ts";
import type { Payment } from "../node/types.ts";
import type { World } from "../world.ts";
import type { Flow, FlowLine } from "./flows.ts";

const FDR = "/fdr-org/service/v1/organizations/:cf/fdrs";
const ONE_FLOW = `${FDR}/:fdr/revisions/:revision/psps/:psp`;
const RECEIPT = "/bizevents/service/v1/organizations/:cf/receipts/:iur";
const MAX_PAGE = 1000;
const DEFAULT_DAYS = 30;

interface OneFlow {
  Params: { cf: string; fdr: string; revision: string; psp: string };
  Querystring: { page?: string; size?: string };
}

/** Whole euro and cents as JSON has them. */
const euroNumber = (cents: bigint): number => Number(cents) / 100;

export function settlementRoutes(http: FastifyInstance, world: World): void {
  http.get<{
    Params: { cf: string };
    Querystring: { publishedGt?: string; pspId?: string; page?: string; size?: string };
  }>(FDR, async (request, reply) => {
    const { publishedGt, pspId } = request.query;
    const after = publishedGt
      ? momentOf(publishedGt)
      : world.now().subtract({ hours: 24 * DEFAULT_DAYS });
    if (!after) return fdrFault(reply, 400, "FDR-0400", "publishedGt is not a date-time");
    const found = world.flows
      .of(request.params.cf)
      .filter((flow) => Temporal.Instant.compare(flow.createdAt, after) > 0)
      .filter((flow) => pspId === undefined || flow.psp.id === pspId);
    return sendPage(reply, request.query, found, (flow) => ({
      fdr: flow.fdr,
      pspId: flow.psp.id,
      revision: flow.revision,
      published: flow.createdAt.toString(),
      flowDate: flow.createdAt.toString(),
    }));
  });

  const findFlow = ({ cf, fdr, revision, psp }: OneFlow["Params"]): Flow | undefined =>
    world.flows.find({ fiscalCode: cf, fdr, revision: Number(revision), pspId: psp });

  http.get<OneFlow>(ONE_FLOW, async (request, reply) => {
    const flow = findFlow(request.params);
    return flow ? reply.send(describedFlow(flow)) : noFlow(reply, request.params.fdr);
  });

  http.get<OneFlow>(`${ONE_FLOW}/payments`, async (request, reply) => {
    const flow = findFlow(request.params);
    if (!flow) return noFlow(reply, request.params.fdr);
    return sendPage(reply, request.query, flow.lines, (line: FlowLine, index) => ({
      index: index + 1,
      iuv: line.iuv,
      iur: line.iur,
      idTransfer: line.idTransfer,
      pay: euroNumber(line.amountCents),
      payStatus: line.status,
      payDate: line.paidAt.toString({ smallestUnit: "second" }),
    }));
  });

  for (const path of [RECEIPT, `${RECEIPT}/paymentoptions/:iuv`])
    http.get<{ Params: { cf: string; iur: string; iuv?: string } }>(
      path,
      async (request, reply) => {
        const { cf, iur, iuv } = request.params;
        const payment = world.node.payments.find(
          (one) =>
            one.receiptId === iur &&
            (iuv === undefined || one.iuv === iuv) &&
            one.transfers.some(({ fiscalCodePA }) => fiscalCodePA === cf),
        );
        return payment
          ? reply.send(describedReceipt(payment))
          : problem(reply, 404, "Not Found", "no receipt with this id");
      },
    );
}

function momentOf(text: string): Temporal.Instant | null {
  try {
    return Temporal.Instant.from(text);
  } catch {
    return null;
  }
}

function sendPage<Item>(
  reply: FastifyReply,
  query: { page?: string; size?: string },
  items: readonly Item[],
  describe: (item: Item, index: number) => object,
): FastifyReply {
  const page = Number(query.page ?? 1);
  const size = Number(query.size ?? MAX_PAGE);
  if (!Number.isInteger(page) || page < 1 || !Number.isInteger(size) || size < 1 || size > MAX_PAGE)
    return fdrFault(reply, 400, "FDR-0400", "page or size out of range");
  const from = (page - 1) * size;
  const data = items.map(describe).slice(from, from + size);
  return reply.send({
    metadata: {
      pageSize: size,
      pageNumber: page,
      totPage: Math.max(1, Math.ceil(items.length / size)),
    },
    count: data.length,
    data,
  });
}

const fdrFault = (
  reply: FastifyReply,
  httpStatusCode: number,
  appErrorCode: string,
  message: string,
): FastifyReply =>
  reply.status(httpStatusCode).send({
    httpStatusCode,
    httpStatusDescription: httpStatusCode === 404 ? "Not Found" : "Bad Request",
    appErrorCode,
    errors: [{ message }],
  });

const noFlow = (reply: FastifyReply, fdr: string): FastifyReply =>
  fdrFault(reply, 404, "FDR-3001", `Flow with ID [${fdr}] not found.`);

const describedFlow = (flow: Flow) => ({
  status: "PUBLISHED",
  revision: flow.revision,
  created: flow.createdAt.toString(),
  updated: flow.createdAt.toString(),
  fdr: flow.fdr,
  fdrDate: flow.createdAt.toString(),
  regulation: flow.regulation,
  regulationDate: flow.regulationDate,
  bicCodePouringBank: "PROVITXXXXX",
  sender: {
    type: "LEGAL_PERSON",
    id: flow.psp.fiscalCode,
    pspId: flow.psp.id,
    pspName: flow.psp.name,
    pspBrokerId: flow.psp.fiscalCode,
    channelId: flow.psp.channelId,
  },
  receiver: {
    id: flow.organization.fiscalCode,
    organizationId: flow.organization.fiscalCode,
    organizationName: flow.organization.name,
  },
  published: flow.createdAt.toString(),
  computedTotPayments: flow.lines.length,
  computedSumPayments: euroNumber(flow.totalCents),
  totPayments: flow.lines.length,
  sumPayments: euroNumber(flow.totalCents),
});

/** `CtReceiptModelResponse`: `null` for what is missing, as pagoPA's own examples have it. */
function describedReceipt(payment: Payment) {
  const local = payment.paidAt.toZonedDateTimeISO("Europe/Rome").toPlainDateTime();
  return {
    receiptId: payment.receiptId,
    noticeNumber: payment.noticeNumber,
    fiscalCode: payment.creditorFiscalCode,
    outcome: "OK",
    creditorReferenceId: payment.iuv,
    paymentAmount: euroNumber(payment.amountCents),
    description: payment.description,
    companyName: payment.companyName,
    officeName: payment.officeName || null,
    debtor: {
      entityUniqueIdentifierType: payment.debtor.kind,
      entityUniqueIdentifierValue: payment.debtor.code,
      fullName: payment.debtor.fullName,
    },
    transferList: payment.transfers.map((one) => ({
      idTransfer: one.id,
      transferAmount: euroNumber(one.amountCents),
      fiscalCodePA: one.fiscalCodePA,
      iban: one.iban,
      mbdAttachment: null,
      remittanceInformation: one.remittanceInformation,
      transferCategory: one.category,
      metadata: one.metadata,
    })),
    idPSP: payment.psp.id,
    pspFiscalCode: payment.psp.fiscalCode,
    pspPartitaIVA: null,
    pspCompanyName: payment.psp.name,
    idChannel: payment.psp.channelId,
    channelDescription: payment.psp.channel,
    payer: null,
    paymentMethod: payment.method,
    fee: euroNumber(payment.feeCents),
    paymentDateTime: local.toPlainDate().toString(),
    paymentDateTimeFormatted: local.toString({ smallestUnit: "second" }),
    applicationDate: payment.applicationDate,
    transferDate: payment.transferDate,
    metadata: [],
  };
}
