// SPDX-License-Identifier: EUPL-1.2
/** The payment notices that a visitor may see, and how this town can be paid. */
import type { Bill, Charge } from "#billing";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import { noticesOf, type ShownNotice, stationsOfTown } from "#payments";
import type { Visit } from "../../web/visit.ts";
import type { FamilyScope } from "../family-scope.ts";
import { capital, shortName } from "../meals/service-words.ts";
import { words } from "./words.ts";

/** What this town's families can do about money. */
export interface Paying {
  /** notices can be made: paid at banks, shops, post offices */
  notices: boolean;
  /** and paid here, on pagoPA's pages */
  online: boolean;
}

export async function payingIn(tx: ReadTx, visit: Visit): Promise<Paying> {
  const notices = (await stationsOfTown(tx)).some(({ retiredAt }) => retiredAt === null);
  const { apiUrl, checkoutOrigin } = visit.app.pagoPa;
  return { notices, online: notices && apiUrl !== null && checkoutOrigin !== null };
}

/** Every line is about somebody the visitor may see (X-12). */
export const maySeeNotice = (scope: FamilyScope, { lines }: Pick<ShownNotice, "lines">): boolean =>
  lines.length > 0 && lines.every(scope.maySee);

/** Newest first. */
export async function familyNotices(
  tx: ReadTx,
  scope: FamilyScope,
  visit: Visit,
): Promise<ShownNotice[]> {
  const { holderIds } = scope;
  const all = await noticesOf(tx, { holderIds, now: visit.now });
  return all.filter((notice) => maySeeNotice(scope, notice));
}

export const noticePath = (noticeNumber: string): string => `/pagamenti/avvisi/${noticeNumber}`;

/** `Ricarica mensa, Giulia e Tommaso`: the subject is Italian in every language. */
export function noticeName(
  notice: Pick<ShownNotice, "subject" | "lines">,
  scope: FamilyScope,
  lang: Lang,
): Html {
  const ids = new Set(notice.lines.map(({ childId }) => childId));
  const children = scope.children.filter(({ id }) => ids.has(id)).map(({ name }) => name);
  const subject =
    lang === "it" ? html`${notice.subject}` : html`<span lang="it">${notice.subject}</span>`;
  return html`${subject}${children.length > 0 && `, ${formats(lang).list(children)}`}`;
}

/** `Mensa di ottobre 2026, Giulia` */
export function billName(bill: Bill, scope: FamilyScope, lang: Lang): string {
  const w = words(lang);
  const child = scope.children.find(({ id }) => id === bill.childId);
  const service = scope.calendar.services.find(({ id }) => id === bill.serviceId);
  const what = capital(service ? shortName(service, lang) : w.service);
  const name = w.serviceOf(what, formats(lang).month(bill.month));
  return child ? `${name}, ${child.name}` : name;
}

/** Does it ask for this bill? */
export const asksFor = ({ lines }: Pick<ShownNotice, "lines">, { id }: Pick<Bill, "id">): boolean =>
  lines.some(({ billId }) => billId === id);

/** A notice that asks for a bill is called as the bill is, in the reader's language; any other by its subject. */
export function askedName(
  notice: ShownNotice,
  bills: readonly Bill[],
  scope: FamilyScope,
  lang: Lang,
): Html | string {
  const bill = bills.find((one) => asksFor(notice, one));
  return bill ? billName(bill, scope, lang) : noticeName(notice, scope, lang);
}

/** `Quota, scuolabus, Giulia` */
export function feeName({ fee }: { fee: Charge }, scope: FamilyScope, lang: Lang): string {
  const child = scope.children.find(({ id }) => id === fee.childId);
  const service = scope.calendar.services.find(({ id }) => id === fee.serviceId);
  const w = words(lang);
  const name = service ? w.feeFor(shortName(service, lang)) : w.fee;
  return child ? `${name}, ${child.name}` : name;
}
