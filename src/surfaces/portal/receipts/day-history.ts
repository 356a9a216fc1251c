// SPDX-License-Identifier: EUPL-1.2
import { type Mark, marksOf, type Recorder, whoMarked } from "#attendance";
import { formatReceiptCode, type Receipt, receiptsOfChildren } from "#booking";
import type { Service } from "#calendar";
import { type ActedByDelegation, actsByDelegation } from "#families";
import type { Day, Moment } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { history } from "#ui/components.ts";
import type { Visit } from "../../web/visit.ts";
import type { ScopedChild } from "../family-scope.ts";
import { recorderName } from "../meals/recorder-words.ts";
import { fromWords, momentWords, receiptTitle } from "./receipt-words.ts";
import { words } from "./words.ts";

const MANY = 50;

interface Event {
  at: Moment;
  entry: { when: string; who: string; what: Html | string };
}

/** `Chi e quando`: every act of the family, the office and the school on one day of one child. */
export async function dayHistory(
  tx: ReadTx,
  visit: Visit,
  of: { child: ScopedChild; service: Service; date: Day },
): Promise<Html> {
  const { child } = of;
  const isDelegated = await actsByDelegation(tx, child.holderId ? [child.holderId] : []);
  const receipts = await receiptsOfChildren(tx, {
    childIds: [child.id],
    date: of.date,
    limit: MANY,
  });
  const day = { childId: child.id, serviceId: of.service.id, date: of.date };
  const marks = await marksOf(tx, day);
  const recorderOf = await whoMarked(tx, day);
  const events = [
    ...receipts
      .filter(({ serviceId }) => serviceId === of.service.id)
      .map((receipt) => receiptEvent(receipt, isDelegated, visit)),
    ...marks.map((mark) => markEvent(mark, recorderOf(mark), visit)),
  ].sort((a, b) => Temporal.Instant.compare(b.at, a.at));
  return html`<h2 class="section-title">${words(visit.lang).history}</h2>
    ${events.length === 0 ? html`<p class="quiet">${words(visit.lang).noHistory}</p>` : history(events.map(({ entry }) => entry))}`;
}

function receiptEvent(receipt: Receipt, isDelegated: ActedByDelegation, visit: Visit): Event {
  const code = formatReceiptCode(receipt.number, receipt.checkCode);
  return {
    at: receipt.receivedAt,
    entry: {
      when: momentWords(receipt.receivedAt, visit.today, visit.lang),
      who: fromWords(receipt, isDelegated, visit.lang),
      what: html`${receiptTitle(receipt, visit.lang)} <a href="/ricevute/${code}">${code}</a>`,
    },
  };
}

function markEvent(mark: Mark, recorder: Recorder, visit: Visit): Event {
  const w = words(visit.lang);
  const status = mark.status === "present" ? w.present : w.absent;
  const reason = mark.reason ? ` (${mark.reason})` : "";
  return {
    at: mark.receivedAt,
    entry: {
      when: momentWords(mark.receivedAt, visit.today, visit.lang),
      who: recorderName(recorder, mark.recordedBy, visit.lang),
      what: `${status}, ${w.phases[mark.phase]}${reason}`,
    },
  };
}
