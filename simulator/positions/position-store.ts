// SPDX-License-Identifier: EUPL-1.2
import {
  type Answer,
  keyOf,
  type Moment,
  type NoticeKey,
  type Payable,
  type Payment,
  type Transfer,
  type Verified,
} from "../node/types.ts";

export type PositionStatus =
  | "DRAFT"
  | "PUBLISHED"
  | "VALID"
  | "INVALID"
  | "EXPIRED"
  | "PARTIALLY_PAID"
  | "PAID";

/** What one notice number stands for: the whole of a position, or one of its instalments. */
export interface Option {
  readonly nav: string;
  readonly iuv: string;
  readonly amountCents: bigint;
  readonly description: string;
  readonly dueDate: string;
  readonly isPartial: boolean;
  readonly transfers: readonly Transfer[];
  /** as it came, to give back as it is */
  readonly raw: Readonly<Record<string, unknown>>;
  paidAt: string | null;
  receiptId: string | null;
  pspCompany: string | null;
  paymentMethod: string | null;
}

export interface Position {
  readonly iupd: string;
  readonly organization: string;
  readonly companyName: string;
  readonly officeName: string;
  readonly switchToExpired: boolean;
  readonly validFrom: string | null;
  readonly debtor: { readonly kind: string; readonly code: string; readonly fullName: string };
  readonly options: readonly Option[];
  readonly insertedAt: string;
  /** as it came, to give back as it is */
  readonly raw: Readonly<Record<string, unknown>>;
  status: PositionStatus;
  publishedAt: string | null;
  updatedAt: string;
}

export type Changed =
  | { readonly outcome: "done"; readonly position: Position }
  | { readonly outcome: "not-found" }
  | { readonly outcome: "conflict"; readonly why: string };

const refused = (code: string, text: string): Answer<never> => ({
  outcome: "refused",
  fault: { code, text, description: "" },
});

/** Debt positions handed to pagoPA: GPD's rules of who may change what, and what the Node may take money for. */
export class PositionStore {
  readonly #now: () => Moment;
  readonly #positions = new Map<string, Position>();

  constructor(now: () => Moment) {
    this.#now = now;
  }

  all(organization: string): Position[] {
    return [...this.#positions.values()]
      .filter((one) => one.organization === organization)
      .map((one) => this.#seen(one));
  }

  find(organization: string, iupd: string): Position | undefined {
    const found = this.#positions.get(`${organization}/${iupd}`);
    return found && this.#seen(found);
  }

  create(position: Position): Changed {
    const { organization, iupd } = position;
    if (this.find(organization, iupd)) return conflict(`iupd ${iupd} exists`);
    const taken = this.#takenNav(position);
    if (taken) return conflict(`nav ${taken} exists`);
    this.#positions.set(`${organization}/${iupd}`, position);
    return { outcome: "done", position };
  }

  /** Nothing of it may be paid, and it must not be closed. */
  update(position: Position, of: { toPublish: boolean }): Changed {
    const { organization, iupd } = position;
    const before = this.find(organization, iupd);
    if (!before) return { outcome: "not-found" };
    if (!["DRAFT", "PUBLISHED", "VALID"].includes(before.status))
      return conflict(`a position that is ${before.status} is not changed`);
    const taken = this.#takenNav(position);
    if (taken) return conflict(`nav ${taken} exists`);
    const kept: Position = { ...position, insertedAt: before.insertedAt };
    if (!of.toPublish) {
      kept.status = before.status;
      kept.publishedAt = before.publishedAt;
    }
    this.#positions.set(`${organization}/${iupd}`, kept);
    return { outcome: "done", position: kept };
  }

  publish(organization: string, iupd: string): Changed {
    return this.#change(organization, iupd, ["DRAFT"], (position) => {
      position.status = position.validFrom === null ? "VALID" : "PUBLISHED";
      position.publishedAt = this.#now().toString();
    });
  }

  invalidate(organization: string, iupd: string): Changed {
    return this.#change(organization, iupd, ["PUBLISHED", "VALID"], (position) => {
      position.status = "INVALID";
    });
  }

  remove(organization: string, iupd: string): Changed {
    const open: PositionStatus[] = ["DRAFT", "PUBLISHED", "VALID", "INVALID", "EXPIRED"];
    return this.#change(organization, iupd, open, () => {
      this.#positions.delete(`${organization}/${iupd}`);
    });
  }

  /** The money came in elsewhere, or through the Node. */
  markPaid(
    notice: NoticeKey,
    by: { paidAt: string; receiptId?: string; pspCompany?: string; paymentMethod?: string },
  ): Changed | { readonly outcome: "not-payable" } {
    const found = this.#option(notice);
    if (!found) return { outcome: "not-found" };
    const { position, option } = found;
    if (option.paidAt !== null) return conflict("already paid");
    if (!["VALID", "PARTIALLY_PAID", "EXPIRED"].includes(position.status))
      return { outcome: "not-payable" };
    option.paidAt = by.paidAt;
    option.receiptId = by.receiptId ?? null;
    option.pspCompany = by.pspCompany ?? null;
    option.paymentMethod = by.paymentMethod ?? null;
    position.updatedAt = this.#now().toString();
    const parts = position.options.filter(({ isPartial }) => isPartial);
    const isWhole = !option.isPartial || parts.every(({ paidAt }) => paidAt !== null);
    position.status = isWhole ? "PAID" : "PARTIALLY_PAID";
    return { outcome: "done", position };
  }

  verify(notice: NoticeKey): Answer<Verified> {
    const answer = this.get(notice);
    if (answer.outcome !== "ok") return answer;
    const { amountCents, dueDate, description, companyName } = answer.value;
    return {
      outcome: "ok",
      value: { amountCents, dueDate, description, companyName, allCcp: false },
    };
  }

  get(notice: NoticeKey): Answer<Payable> {
    const found = this.#option(notice);
    const { position, option } = found ?? {};
    if (!position || !option || ["DRAFT", "PUBLISHED"].includes(position.status))
      return refused("PAA_PAGAMENTO_SCONOSCIUTO", "Pagamento in attesa risulta sconosciuto.");
    if (option.paidAt !== null || position.status === "PAID")
      return refused("PAA_PAGAMENTO_DUPLICATO", "Pagamento in attesa risulta concluso.");
    if (position.status === "INVALID")
      return refused("PAA_PAGAMENTO_ANNULLATO", "Pagamento in attesa risulta annullato.");
    if (position.status === "EXPIRED")
      return refused("PAA_PAGAMENTO_SCADUTO", "Pagamento in attesa risulta scaduto.");
    // Instalments have begun: the whole is no longer to be had.
    if (!option.isPartial && position.status === "PARTIALLY_PAID")
      return refused("PAA_PAGAMENTO_SCONOSCIUTO", "Pagamento in attesa risulta sconosciuto.");
    return {
      outcome: "ok",
      value: {
        iuv: option.iuv,
        amountCents: option.amountCents,
        dueDate: option.dueDate.slice(0, 10),
        description: option.description,
        companyName: position.companyName,
        officeName: position.officeName,
        debtor: position.debtor,
        transfers: option.transfers,
      },
    };
  }

  paid(payment: Payment): void {
    this.markPaid(payment, {
      paidAt: payment.paidAt.toString(),
      receiptId: payment.receiptId,
      pspCompany: payment.psp.name,
      paymentMethod: payment.method,
    });
  }

  #option(notice: NoticeKey): { position: Position; option: Option } | null {
    for (const position of this.all(notice.creditorFiscalCode)) {
      const option = position.options.find(
        ({ nav }) => keyOf({ ...notice, noticeNumber: nav }) === keyOf(notice),
      );
      if (option) return { position, option };
    }
    return null;
  }

  #takenNav({ organization, iupd, options }: Position): string | null {
    const others = this.all(organization).filter((one) => one.iupd !== iupd);
    const navs = new Set(others.flatMap((one) => one.options.map(({ nav }) => nav)));
    return options.find(({ nav }) => navs.has(nav))?.nav ?? null;
  }

  #change(
    organization: string,
    iupd: string,
    from: readonly PositionStatus[],
    change: (position: Position) => void,
  ): Changed {
    const position = this.find(organization, iupd);
    if (!position) return { outcome: "not-found" };
    if (!from.includes(position.status)) return conflict(`the position is ${position.status}`);
    change(position);
    position.updatedAt = this.#now().toString();
    return { outcome: "done", position };
  }

  /** Time passes: what becomes valid, what expires. */
  #seen(position: Position): Position {
    const now = this.#now();
    const isBefore = (text: string): boolean =>
      Temporal.Instant.compare(Temporal.Instant.from(text), now) <= 0;
    if (position.status === "PUBLISHED" && position.validFrom && isBefore(position.validFrom))
      position.status = "VALID";
    const open = position.options.filter(({ paidAt }) => paidAt === null);
    if (
      position.status === "VALID" &&
      position.switchToExpired &&
      open.every(({ dueDate }) => isBefore(dueDate))
    )
      position.status = "EXPIRED";
    return position;
  }
}

const conflict = (why: string): Changed => ({ outcome: "conflict", why });
