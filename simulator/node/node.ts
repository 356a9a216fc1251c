// SPDX-License-Identifier: EUPL-1.2
/** The Node between those who take money in and the stations: what may be paid, who is paying it, what was paid. */
import { randomBytes } from "node:crypto";
import { readGetAnswer, readVerifyAnswer } from "./answers.ts";
import { callStation, type StationLine } from "./call-station.ts";
import { writeGet, writeVerify } from "./messages.ts";
import type { AcaCopies } from "../positions/aca.ts";
import type { PositionStore } from "../positions/position-store.ts";
import {
  type Answer,
  keyOf,
  type KnownStation,
  type Moment,
  type NoticeKey,
  type Payable,
  type Payment,
  type Psp,
  type Verified,
} from "./types.ts";

/** A payment that was begun and not ended blocks its notice for so long. */
const TOKEN_MS = 30 * 60_000;

/** A payment that has begun: the notice belongs to it until it is paid or let go. */
export interface Activation extends NoticeKey {
  readonly payable: Payable;
  readonly note: string;
  readonly station: KnownStation;
  readonly standIn: boolean;
}

export interface NodeOptions {
  readonly line: StationLine;
  readonly stations: () => Promise<readonly KnownStation[]>;
  /** handed to pagoPA itself: it answers for asynchronous stations without asking them */
  readonly positions: PositionStore;
  /** its copies of what synchronous stations have */
  readonly aca: AcaCopies;
  readonly now: () => Moment;
}

const ppt = (code: string, text: string): Answer<never> => ({
  outcome: "refused",
  fault: { code, text, description: "" },
});

export class Node {
  readonly #of: NodeOptions;
  /** notice → when its block ends, in ms of the process */
  readonly #begun = new Map<string, number>();
  readonly #paid = new Set<string>();
  readonly #payments: Payment[] = [];

  constructor(of: NodeOptions) {
    this.#of = of;
  }

  get payments(): readonly Payment[] {
    return this.#payments;
  }

  /** Is it paid, or being paid by somebody? */
  isBlocked(notice: NoticeKey): boolean {
    return this.#blocked(notice) !== null;
  }

  /** Can it be paid, and how much is it? Changes nothing. */
  async verify(notice: NoticeKey): Promise<Answer<Verified>> {
    const blocked = this.#blocked(notice);
    if (blocked) return blocked;
    const found = await this.#stationOf(notice);
    if ("outcome" in found) return found;
    if (found.mode === "asynchronous") return this.#of.positions.verify(notice);
    const answer = await callStation(this.#of.line, {
      operation: "paVerifyPaymentNotice",
      noticeNumber: notice.noticeNumber,
      xml: writeVerify(notice, found),
      read: readVerifyAnswer,
    });
    const copy = answer.outcome === "no-answer" ? this.#standIn(notice) : null;
    return copy ? verifiedFrom(copy) : answer;
  }

  /** Begins a payment. Nobody else can begin one of the same notice until it is paid or let go. */
  async activate(
    notice: NoticeKey,
    of: { amountCents?: bigint; note?: string; transferType?: "POSTAL" } = {},
  ): Promise<Answer<Activation>> {
    const blocked = this.#blocked(notice);
    if (blocked) return blocked;
    this.#begun.set(keyOf(notice), performance.now() + TOKEN_MS);
    const answer = await this.#get(notice, of).catch((error: unknown) => {
      this.release(notice);
      throw error;
    });
    if (answer.outcome !== "ok") this.release(notice);
    return answer;
  }

  /** The card was refused, the person went away: the notice is free again. */
  release(notice: NoticeKey): void {
    this.#begun.delete(keyOf(notice));
  }

  /** The money is in. Gives the payments whose receipts are due: two of them where the commands want it. */
  pay(activation: Activation, by: { psp: Psp; method: string; feeCents: bigint }): Payment[] {
    const { payable, creditorFiscalCode, noticeNumber, note, standIn } = activation;
    const { otherAmountCents, secondReceipt } = this.#of.line.commands();
    const paidAt = this.#of.now();
    const day = paidAt.toZonedDateTimeISO("Europe/Rome").toPlainDate();
    const payment: Payment = {
      ...withOtherAmount(payable, BigInt(otherAmountCents)),
      ...by,
      creditorFiscalCode,
      noticeNumber,
      note,
      standIn,
      receiptId: newReceiptId(),
      paidAt,
      applicationDate: day.toString(),
      transferDate: nextBankingDay(day).toString(),
    };
    const made = secondReceipt ? [payment, { ...payment, receiptId: newReceiptId() }] : [payment];
    this.#payments.push(...made);
    this.#paid.add(keyOf(activation));
    this.release(activation);
    if (activation.station.mode === "asynchronous") this.#of.positions.paid(payment);
    else this.#of.aca.paid(activation);
    return made;
  }

  #blocked(notice: NoticeKey): Answer<never> | null {
    const key = keyOf(notice);
    if (this.#paid.has(key)) return ppt("PPT_PAGAMENTO_DUPLICATO", "Pagamento già eseguito.");
    const until = this.#begun.get(key);
    if (until !== undefined && until > performance.now())
      return ppt("PPT_PAGAMENTO_IN_CORSO", "Pagamento in corso.");
    return null;
  }

  async #get(
    notice: NoticeKey,
    of: Parameters<Node["activate"]>[1] & {},
  ): Promise<Answer<Activation>> {
    const station = await this.#stationOf(notice);
    if ("outcome" in station) return station;
    const { version } = this.#of.line.commands();
    const operation = version === "V1" ? "paGetPayment" : "paGetPaymentV2";
    const own =
      station.mode === "asynchronous"
        ? this.#of.positions.get(notice)
        : await callStation(this.#of.line, {
            operation,
            noticeNumber: notice.noticeNumber,
            xml: writeGet(operation, notice, station, of),
            read: (body) => readGetAnswer(operation, body),
          });
    const copy = own.outcome === "no-answer" ? this.#standIn(notice) : null;
    const answer = copy ?? own;
    if (answer.outcome !== "ok") return answer;
    const { amountCents } = of;
    if (amountCents !== undefined && amountCents !== answer.value.amountCents)
      return ppt("PPT_IMPORTO_ERRATO", "L'importo non è più quello dell'avviso.");
    return {
      outcome: "ok",
      value: {
        ...notice,
        payable: answer.value,
        note: of.note ?? "",
        station,
        standIn: copy !== null,
      },
    };
  }

  #standIn(notice: NoticeKey): Answer<Payable> | null {
    return this.#of.line.commands().standIn ? this.#of.aca.standIn(notice) : null;
  }

  async #stationOf(notice: NoticeKey): Promise<KnownStation | Answer<never>> {
    const known = await this.#of.stations();
    const ofCreditor = known.filter((one) => one.creditorFiscalCode === notice.creditorFiscalCode);
    if (ofCreditor.length === 0)
      return ppt("PPT_DOMINIO_SCONOSCIUTO", "Ente creditore sconosciuto.");
    const segregation = notice.noticeNumber.slice(1, 3);
    return (
      ofCreditor.find((one) => one.segregationCode === segregation) ??
      ppt("PPT_STAZIONE_INT_PA_SCONOSCIUTA", "Numero avviso di nessuna stazione nota.")
    );
  }
}

const verifiedFrom = (copy: Answer<Payable>): Answer<Verified> =>
  copy.outcome === "ok" ? { outcome: "ok", value: { ...copy.value, allCcp: false } } : copy;

const newReceiptId = (): string => randomBytes(16).toString("hex");

/** The transfers still sum to the amount: the first one carries the difference. */
function withOtherAmount(payable: Payable, differenceCents: bigint): Payable {
  const [first, ...others] = payable.transfers;
  if (!first || differenceCents === 0n || first.amountCents + differenceCents <= 0n) return payable;
  return {
    ...payable,
    amountCents: payable.amountCents + differenceCents,
    transfers: [{ ...first, amountCents: first.amountCents + differenceCents }, ...others],
  };
}

function nextBankingDay(day: Temporal.PlainDate): Temporal.PlainDate {
  let next = day.add({ days: 1 });
  while (next.dayOfWeek > 5) next = next.add({ days: 1 });
  return next;
}
