// SPDX-License-Identifier: EUPL-1.2
import { isBefore } from "#kernel/dates.ts";
import type { Html } from "#kernel/html.ts";
import type { NoticeDetail, ShownNotice } from "#payments";
import { stateBadge, tag } from "#ui/components.ts";
import type { Visit } from "../../web/visit.ts";

const STANDINGS: Record<ShownNotice["standing"], string> = {
  "to-pay": "Da pagare",
  preparing: "In preparazione",
  pending: "In corso",
  paid: "Pagato",
  revoked: "Pagamento revocato",
  expired: "Scaduto",
  cancelled: "Eliminato",
  replaced: "Sostituito",
  "paid-elsewhere": "Pagato altrove",
};

/** `Da pagare`, `In corso`, `Pagato`… as a mark beside a notice. */
export function standingMark(
  { standing, dueOn, other }: Pick<ShownNotice, "standing" | "dueOn" | "other">,
  { today }: Pick<Visit, "today">,
): Html {
  const word = STANDINGS[standing];
  // The family reads that it is being checked: the office, that it is its turn.
  if (standing === "paid" && other?.outcome.word === "checking")
    return tag("Pagato, da sistemare", "warning");
  if (standing === "paid" || standing === "paid-elsewhere")
    return stateBadge("served", { word, size: "small" });
  if (standing === "pending") return stateBadge("pending", { word, size: "small" });
  if (standing === "to-pay" && dueOn && isBefore(dueOn, today))
    return tag("Scaduto, ancora da pagare", "warning");
  return tag(word, standing === "expired" || standing === "revoked" ? "warning" : "plain");
}

export const NOTICE_KINDS: Record<ShownNotice["kind"], string> = {
  "top-up": "Ricarica",
  "first-notice": "Primo avviso",
  bill: "Avviso del mese",
  "fixed-fee": "Quota",
  "old-debt": "Debito precedente",
};

export const NOTICE_EVENTS: Record<NoticeDetail["events"][number]["kind"], string> = {
  issued: "Emesso",
  cart: "Pagamento on line cominciato",
  asked: "Pagamento cominciato presso un prestatore",
  paid: "Pagato",
  reported: "Rendicontato",
  settled: "Riversato in banca",
  expired: "Scaduto",
  cancelled: "Eliminato",
  replaced: "Sostituito",
  "paid-elsewhere": "Pagato altrove",
  revoked: "Pagamento revocato da chi lo ha eseguito, credito tolto",
};

/** A debt, not a wish: only these are paid in instalments. */
export const isDebt = ({ kind }: Pick<ShownNotice, "kind">): boolean =>
  kind === "bill" || kind === "fixed-fee" || kind === "old-debt";

export const isOpenNotice = ({ standing }: Pick<ShownNotice, "standing">): boolean =>
  standing === "to-pay" || standing === "expired" || standing === "pending";

export const noticePath = (noticeNumber: string): string =>
  `/ufficio/pagamenti/avvisi/${noticeNumber}`;
