// SPDX-License-Identifier: EUPL-1.2
import { BEHAVES, type Commands } from "./commands/commands.ts";
import type { StationLine } from "./node/call-station.ts";
import { Deliveries, type Delivery, RETRY_EVERY_MS } from "./node/deliveries.ts";
import { type Activation, Node } from "./node/node.ts";
import type { KnownStation, Moment, Payment, Psp } from "./node/types.ts";
import { AcaCopies } from "./positions/aca.ts";
import { PositionStore } from "./positions/position-store.ts";
import { Flows } from "./settlement/flows.ts";

const DIARY_LINES = 500;

export interface SimulatorOptions {
  /** the station to call */
  readonly stationUrl: string;
  readonly stationHeaders?: Readonly<Record<string, string>>;
  readonly stations: () => Promise<readonly KnownStation[]>;
  readonly now: () => Moment;
  /** pagoPA: an hour */
  readonly retryEveryMs?: number;
}

export interface DiaryLine {
  readonly at: string;
  readonly operation: string;
  readonly noticeNumber: string;
  readonly said: string;
  readonly milliseconds: number;
}

/** Everything the simulator knows. In memory: it forgets when it ends, as a simulator may. */
export class World {
  readonly node: Node;
  readonly deliveries: Deliveries;
  readonly flows = new Flows();
  /** GPD's positions, of any version */
  readonly positions: PositionStore;
  /** positions of synchronous institutions that use GPD's interface for ACA */
  readonly acaPositions: PositionStore;
  readonly aca = new AcaCopies();
  readonly now: () => Moment;
  commands: Commands = { ...BEHAVES };
  /** files of positions that nobody got an answer for, to be worked through */
  readonly lateFiles: (() => void)[] = [];
  readonly #diary: DiaryLine[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(options: SimulatorOptions) {
    const { stations, now } = options;
    this.now = now;
    this.positions = new PositionStore(now);
    this.acaPositions = new PositionStore(now);
    const line: StationLine = {
      url: options.stationUrl,
      headers: options.stationHeaders ?? {},
      commands: () => this.commands,
      take: (what) => {
        if (this.commands[what] === 0) return false;
        this.commands = { ...this.commands, [what]: this.commands[what] - 1 };
        return true;
      },
      diary: {
        note: (call) => {
          this.#diary.push({ at: now().toString({ smallestUnit: "millisecond" }), ...call });
          if (this.#diary.length > DIARY_LINES) this.#diary.shift();
        },
      },
    };
    this.deliveries = new Deliveries(line, stations, options.retryEveryMs ?? RETRY_EVERY_MS);
    this.node = new Node({ line, stations, positions: this.positions, aca: this.aca, now });
  }

  get diary(): readonly DiaryLine[] {
    return this.#diary;
  }

  /** What every delivery of a receipt has come to. */
  deliveriesOf(receiptId: string): Delivery[] {
    return this.deliveries.all.filter(({ payment }) => payment.receiptId === receiptId);
  }

  /** Takes the money of one or more payments that have begun; one commission for all of them, in the first. */
  async settle(
    activations: readonly Activation[],
    by: { psp: Psp; method: string },
  ): Promise<Payment[]> {
    const made = activations.map((activation, index) => ({
      station: activation.station,
      payments: this.node.pay(activation, { ...by, feeCents: index === 0 ? by.psp.feeCents : 0n }),
    }));
    const { receipt, receiptAfterMs } = this.commands;
    const sendAll = (): Promise<unknown> =>
      Promise.all(made.map(({ payments, station }) => this.deliveries.send(payments, station)));
    if (receipt === "before-return") await sendAll();
    if (receipt === "after-return") this.#later(() => void sendAll(), receiptAfterMs);
    return made.flatMap(({ payments }) => payments);
  }

  /** Works through the files that are late; returns how many they were. */
  workFiles(): number {
    const files = this.lateFiles.splice(0);
    for (const work of files) work();
    return files.length;
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.deliveries.close();
  }

  #later(work: () => void, milliseconds: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, milliseconds);
    this.#timers.add(timer);
  }
}
