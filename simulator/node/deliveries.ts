// SPDX-License-Identifier: EUPL-1.2
import { readReceiptAnswer } from "./answers.ts";
import { callStation, type StationLine } from "./call-station.ts";
import { writeReceipt } from "./messages.ts";
import type { KnownStation, Payment } from "./types.ts";

/** After the first time: 48 times, an hour apart. An answer that is well formed, even a KO, is the last word. */
export const RETRIES = 48;
export const RETRY_EVERY_MS = 3_600_000;

export interface Delivery {
  readonly payment: Payment;
  readonly operation: "paSendRT" | "paSendRTV2";
  readonly recipient: string;
  readonly station: KnownStation;
  /** `held`: waits for others, to go out of order */
  state: "held" | "waiting" | "delivered" | "refused" | "given-up";
  attempts: number;
  /** what the station said last */
  said: string;
}

/** Receipts on their way to stations: first try, retries, the ways in which it goes wrong. */
export class Deliveries {
  readonly #line: StationLine;
  readonly #stations: () => Promise<readonly KnownStation[]>;
  readonly #retryEveryMs: number;
  readonly #all: Delivery[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(
    line: StationLine,
    stations: () => Promise<readonly KnownStation[]>,
    retryEveryMs: number,
  ) {
    this.#line = line;
    this.#stations = stations;
    this.#retryEveryMs = retryEveryMs;
  }

  get all(): readonly Delivery[] {
    return this.#all;
  }

  /** To the station of the notice, and to the broadcast stations of all who have a share. Resolves after the first try. */
  async send(payments: readonly Payment[], station: KnownStation): Promise<void> {
    const { version, duplicates, reorder } = this.#line.commands();
    const known = await this.#stations();
    const planned = payments.flatMap((payment) =>
      recipientsOf(payment, station, known, version).flatMap((to) =>
        Array.from({ length: 1 + duplicates }, (): Delivery => {
          const operation = version === "V1" ? "paSendRT" : "paSendRTV2";
          return { payment, operation, ...to, state: "held", attempts: 0, said: "" };
        }),
      ),
    );
    this.#all.push(...planned);
    if (reorder === 0) await Promise.all(planned.map((one) => this.#attempt(one)));
    else if (this.#held().length >= reorder) await this.release();
  }

  /** Sends what was held back, the last one first, one after the other. */
  async release(): Promise<number> {
    const held = this.#held().toReversed();
    for (const one of held) await this.#attempt(one);
    return held.length;
  }

  /** Everything that waits for its next hour is tried now. */
  async retryNow(): Promise<number> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    const waiting = this.#all.filter(({ state }) => state === "waiting");
    await Promise.all(waiting.map((one) => this.#attempt(one)));
    return waiting.length;
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #held(): Delivery[] {
    return this.#all.filter(({ state }) => state === "held");
  }

  async #attempt(delivery: Delivery): Promise<void> {
    const { operation, payment } = delivery;
    delivery.attempts += 1;
    delivery.state = "waiting";
    const answer = await callStation(this.#line, {
      operation,
      noticeNumber: payment.noticeNumber,
      xml: writeReceipt(operation, payment, delivery),
      read: (body) => readReceiptAnswer(operation, body),
    });
    switch (answer.outcome) {
      case "ok":
        delivery.state = "delivered";
        delivery.said = "OK";
        return;
      case "refused":
        delivery.state = "refused";
        delivery.said = answer.fault.code;
        return;
      case "no-answer":
        delivery.said = answer.why;
        if (delivery.attempts > RETRIES) delivery.state = "given-up";
        else this.#later(delivery);
    }
  }

  #later(delivery: Delivery): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#attempt(delivery);
    }, this.#retryEveryMs);
    timer.unref();
    this.#timers.add(timer);
  }
}

function recipientsOf(
  payment: Payment,
  station: KnownStation,
  known: readonly KnownStation[],
  version: "V1" | "V2",
): { recipient: string; station: KnownStation }[] {
  const first = { recipient: payment.creditorFiscalCode, station };
  if (version === "V1") return [first];
  const sharing = new Set(payment.transfers.map(({ fiscalCodePA }) => fiscalCodePA));
  const copies = known.filter(
    (one) => one.broadcast && one !== station && sharing.has(one.creditorFiscalCode),
  );
  return [first, ...copies.map((one) => ({ recipient: one.creditorFiscalCode, station: one }))];
}
