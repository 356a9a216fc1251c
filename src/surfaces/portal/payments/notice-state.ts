// SPDX-License-Identifier: EUPL-1.2
import { isBefore } from "#kernel/dates.ts";
import type { Html } from "#kernel/html.ts";
import type { ShownNotice } from "#payments";
import { stateBadge, tag } from "#ui/components.ts";
import type { Visit } from "../../web/visit.ts";
import { payWords } from "./pay-words.ts";

/** `Da pagare`, `In corso`, `Pagato`… as a mark beside a notice (BO-03). */
export function noticeState(
  { standing, dueOn }: Pick<ShownNotice, "standing" | "dueOn">,
  { lang, today }: Pick<Visit, "lang" | "today">,
): Html {
  const w = payWords(lang);
  const word = w.standings[standing];
  switch (standing) {
    case "paid":
    case "paid-elsewhere":
      return stateBadge("served", { word, size: "small", lang });
    case "pending":
      return stateBadge("pending", { word, size: "small", lang });
    case "to-pay":
      return dueOn && isBefore(dueOn, today) ? tag(w.overdue, "warning") : tag(word, "info");
    case "expired":
      return tag(word, "warning");
    case "preparing":
    case "cancelled":
    case "replaced":
      return tag(word);
  }
}
