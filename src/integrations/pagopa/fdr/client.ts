// SPDX-License-Identifier: EUPL-1.2
/**
 * Flows of settlement by pagoPA's REST interface (FdR, `fdr-org`): the list since a moment, one flow with all its
 * payments. One call a second is what pagoPA allows.
 */
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { type Day, ZONE } from "#kernel/dates.ts";
import type { FlowSource, ListedFlow, ReceivedReport, ReportedPayment } from "#payments";
import type { PagopaAccess } from "../call-service.ts";
import { code35, euroAmount, getJson, RestFault } from "../rest.ts";

const BASE = "fdr-org/service/v1/organizations";
const PAGE_SIZE = "1000";
/** More pages than this are no answer to what was asked. */
const MAX_PAGES = 500;
const CALL_EVERY_MS = 1100;

const instant = z.iso
  .datetime({ offset: true, local: true })
  .transform((text) => Temporal.Instant.from(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`));
const plainDay = z.iso.date().transform((text) => Temporal.PlainDate.from(text));
const page = z.object({ metadata: z.object({ totPage: z.int().min(0) }) });

const listed = z.object({
  fdr: code35,
  pspId: code35,
  revision: z.int().min(1),
  published: instant,
});
const listPage = page.extend({ data: z.array(listed) });

const flow = z.object({
  fdr: code35,
  fdrDate: instant,
  revision: z.int().min(1),
  regulation: z.string().max(140),
  regulationDate: plainDay,
  published: instant.nullish(),
  sender: z.object({ id: code35, pspId: code35, pspName: z.string().max(140).nullish() }),
  receiver: z.object({ organizationId: code35 }),
  totPayments: z.int().min(0),
  sumPayments: euroAmount,
});

const payment = z.object({
  iuv: code35,
  iur: code35,
  idTransfer: z.int().min(1).max(5),
  pay: euroAmount,
  payStatus: z.enum(["EXECUTED", "REVOKED", "STAND_IN", "STAND_IN_NO_RPT", "NO_RPT"]),
  payDate: z.string().min(10),
});
const paymentPage = page.extend({ data: z.array(payment) });

/** `pauseMs`: between two calls; tests do not wait. */
export function fdrSource(service: PagopaAccess, options: { pauseMs?: number } = {}): FlowSource {
  const pauseMs = options.pauseMs ?? CALL_EVERY_MS;
  let isFirst = true;
  const get: typeof getJson = async (to, of) => {
    if (!isFirst) await wait(pauseMs);
    isFirst = false;
    return getJson(to, of);
  };
  return {
    async list({ creditorFiscalCode, publishedAfter }) {
      const path = `${BASE}/${encodeURIComponent(creditorFiscalCode)}/fdrs`;
      // In whole seconds: `yyyy-MM-dd'T'HH:mm:ss'Z'`.
      const publishedGt = publishedAfter?.round("second").toString() ?? null;
      const found: ListedFlow[] = [];
      await eachPage(async (number) => {
        const query = { page: String(number), size: PAGE_SIZE, publishedGt };
        const { body } = await get(service, { path, query, schema: listPage });
        for (const { fdr, pspId, revision, published } of body.data)
          found.push({ flowCode: fdr, pspId, revision, publishedAt: published });
        return body.metadata.totPage;
      });
      return found;
    },
    async read({ creditorFiscalCode, pspId, flowCode, revision, publishedAt }) {
      const part = [creditorFiscalCode, flowCode, String(revision), pspId].map(encodeURIComponent);
      const path = `${BASE}/${part[0]}/fdrs/${part[1]}/revisions/${part[2]}/psps/${part[3]}`;
      const { body } = await get(service, { path, schema: flow });
      if (body.receiver.organizationId !== creditorFiscalCode || body.fdr !== flowCode)
        throw new RestFault("another flow than the one asked for");
      const payments: ReportedPayment[] = [];
      await eachPage(async (number) => {
        const query = { page: String(number), size: PAGE_SIZE };
        const read = await get(service, { path: `${path}/payments`, query, schema: paymentPage });
        for (const one of read.body.data) payments.push(toPayment(one));
        return read.body.metadata.totPage;
      });
      if (payments.length !== body.totPayments)
        throw new RestFault(`${payments.length} payments came of ${body.totPayments}`);
      return toReport(body, { creditorFiscalCode, pspId, publishedAt, payments });
    },
  };
}

/** `read` tells how many pages there are. */
async function eachPage(read: (number: number) => Promise<number>): Promise<void> {
  let pages = 1;
  for (let number = 1; number <= pages; number += 1) {
    if (number > MAX_PAGES) throw new RestFault("too many pages");
    pages = await read(number);
  }
}

function toPayment(one: z.infer<typeof payment>): ReportedPayment {
  const { iuv, iur, idTransfer: transfer, pay: amountCents, payStatus: outcome } = one;
  return { iuv, iur, transfer, amountCents, paidOn: dayOfPayment(one.payDate), outcome };
}

/** "Defined with UTC; the original business day is preserved": midnight UTC is that day, not the one before. */
function dayOfPayment(text: string): Day {
  try {
    const isMidnight = /T00:00:00(\.0+)?Z$/.test(text);
    if (isMidnight || !/(Z|[+-]\d\d:?\d\d)$/.test(text))
      return Temporal.PlainDate.from(text.slice(0, 10));
    return Temporal.Instant.from(text).toZonedDateTimeISO(ZONE).toPlainDate();
  } catch {
    throw new RestFault("a payment without a day");
  }
}

function toReport(
  body: z.infer<typeof flow>,
  of: Pick<ReceivedReport, "creditorFiscalCode" | "pspId" | "publishedAt" | "payments">,
): ReceivedReport {
  return {
    ...of,
    senderId: body.sender.id,
    flowCode: body.fdr,
    revision: body.revision,
    pspName: body.sender.pspName ?? of.pspId,
    bankTransferCode: body.regulation,
    settledOn: body.regulationDate,
    flowAt: body.fdrDate,
    totalCents: body.sumPayments,
    paymentCount: body.totPayments,
  };
}
