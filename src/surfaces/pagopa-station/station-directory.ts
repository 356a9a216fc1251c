// SPDX-License-Identifier: EUPL-1.2
import type { Database } from "#kernel/db/index.ts";
import { type Station, stationFor, stations } from "#payments";

const REFRESH_MS = 5000;

export type Addressee =
  | { outcome: "ours"; station: Station | null }
  | { outcome: "creditor-unknown" | "broker-unknown" | "station-unknown" };

/** The stations of this installation, read again every few seconds: the Node asks hundreds of times a second. */
export class StationDirectory {
  readonly #db: Database;
  #all: readonly Station[] = [];
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | null = null;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Is the request for us, in the order in which pagoPA's faults ask; and which station has the notice? */
  async find(of: {
    idPA: string;
    idBrokerPA: string;
    idStation: string;
    fiscalCode: string;
    noticeNumber: string;
  }): Promise<Addressee> {
    await this.#refresh();
    const known = this.#look(of);
    if (known.outcome === "ours" && known.station) return known;
    // A station added a moment ago; those who ask at once share one look.
    await this.#readOnce();
    return this.#look(of);
  }

  /** The same of a request that names no notice. */
  async findAddressee(of: {
    idPA: string;
    idBrokerPA: string;
    idStation: string;
  }): Promise<Addressee["outcome"]> {
    await this.#refresh();
    return this.#look({ ...of, fiscalCode: of.idPA, noticeNumber: "" }).outcome;
  }

  #look(of: Parameters<StationDirectory["find"]>[0]): Addressee {
    const ofCreditor = this.#all.filter((one) => one.creditorFiscalCode === of.idPA);
    if (ofCreditor.length === 0) return { outcome: "creditor-unknown" };
    const ofBroker = ofCreditor.filter((one) => one.brokerFiscalCode === of.idBrokerPA);
    if (ofBroker.length === 0) return { outcome: "broker-unknown" };
    if (!ofBroker.some(({ stationId }) => stationId === of.idStation))
      return { outcome: "station-unknown" };
    return { outcome: "ours", station: stationFor(this.#all, of) };
  }

  async #refresh(): Promise<void> {
    if (performance.now() - this.#readAt >= REFRESH_MS) await this.#readOnce();
  }

  async #readOnce(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    await this.#reading;
  }

  async #read(): Promise<void> {
    this.#all = await this.#db.platform((tx) => stations(tx));
    this.#readAt = performance.now();
  }
}
