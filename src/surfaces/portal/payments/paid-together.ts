// SPDX-License-Identifier: EUPL-1.2
/** What one cart holds is one payment for the family: told once, wherever it is told (X-04, X-05). */
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { cartsOfNotices, type ShownNotice } from "#payments";
import { alert } from "#ui/components.ts";
import type { Visit } from "../../web/visit.ts";
import type { FamilyScope } from "../family-scope.ts";
import { noticeName, noticePath } from "./family-notices.ts";
import { shownCents } from "./notice-state.ts";
import { payWords } from "./pay-words.ts";
import { outcomePath } from "./to-checkout.ts";

/** Notices that were paid together; one alone is together with nobody. */
export interface Together {
  readonly notices: readonly ShownNotice[];
  /** where all of them are shown */
  readonly href: string;
}

export async function together(tx: ReadTx, notices: readonly ShownNotice[]): Promise<Together[]> {
  const ids = notices.map(({ id }) => id);
  const found = ids.length > 1 ? await cartsOfNotices(tx, ids) : [];
  const carts = new Map(found.map(({ noticeId, cartId }) => [noticeId, cartId]));
  // What arrived in another sum than asked for has something of its own to say.
  const groups = Map.groupBy(notices, ({ id, other }) => (other ? id : (carts.get(id) ?? id)));
  return [...groups].map(([key, same]) => ({
    notices: same,
    href: same.length > 1 ? outcomePath(key) : noticePath(same[0]!.noticeNumber),
  }));
}

export const sumOf = ({ notices }: Together): string =>
  formatEuro(notices.reduce((sum, notice) => sum + shownCents(notice), 0n));

export const seeTogether = ({ href }: Together, { lang }: Pick<Visit, "lang">): Html =>
  html`<a href="${href}">${payWords(lang).see}</a>`;

/** `Pagamento di 92,00 € in corso dalle 8:50. Non serve pagare di nuovo…` (X-05) */
export async function pendingAlerts(
  tx: ReadTx,
  notices: readonly ShownNotice[],
  scope: FamilyScope,
  visit: Pick<Visit, "lang">,
): Promise<Html[]> {
  const { lang } = visit;
  const w = payWords(lang);
  const pending = await together(
    tx,
    notices.filter(({ standing }) => standing === "pending"),
  );
  return pending.map((one) => {
    const [only, ...more] = one.notices;
    const [first] = one.notices
      .flatMap(({ openAttemptAt }) => openAttemptAt ?? [])
      .sort(Temporal.Instant.compare);
    return alert({
      tone: "info",
      title: w.home(sumOf(one), first ? formats(lang).time(first) : ""),
      body: html`${only && more.length === 0 && html`${noticeName(only, scope, lang)}. `}${w.homeBody}
      ${seeTogether(one, visit)}`,
    });
  });
}
