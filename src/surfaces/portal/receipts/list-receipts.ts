// SPDX-License-Identifier: EUPL-1.2
import { formatReceiptCode, movedTo, type Receipt, receiptsOfChildren } from "#booking";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import type { Lang } from "#kernel/i18n.ts";
import { emptyState, linkButton, linkList } from "#ui/components.ts";
import { type Answer, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import type { FamilyScope } from "../family-scope.ts";
import { shortName } from "../meals/service-words.ts";
import { inFamily, portalPage, toToday } from "../portal-page.ts";
import { momentWords, receiptTitle, spanWords } from "./receipt-words.ts";
import { words } from "./words.ts";

const MANY = 100;
const SEVERAL = 40;

/** GET /ricevute: all receipts; with `?di=…` the ones of one act on several children or days. */
export function listReceipts(visit: Visit): Promise<Answer> {
  return inFamily(visit, async (tx, scope) => {
    const childIds = scope.children.map(({ id }) => id);
    const all = await receiptsOfChildren(tx, { childIds, limit: MANY });
    const { di } = visit.query;
    return di === undefined ? allReceipts(scope, visit, all) : someReceipts(tx, scope, visit, di);
  });
}

function allReceipts(scope: FamilyScope, visit: Visit, receipts: readonly Receipt[]): Html {
  const w = words(visit.lang);
  return portalPage(
    visit,
    { current: "more", scope },
    {
      h1: w.receipts,
      back: { href: "/altro", label: w.toMore },
      body:
        receipts.length === 0
          ? emptyState({ text: w.none })
          : linkList(receipts.map((receipt) => receiptItem(receipt, scope, visit))),
    },
  );
}

function receiptItem(receipt: Receipt, scope: FamilyScope, visit: Visit) {
  const code = formatReceiptCode(receipt.number, receipt.checkCode);
  const child = scope.children.find(({ id }) => id === receipt.childId);
  const service = scope.calendar.services.find(({ id }) => id === receipt.serviceId);
  const arrived = momentWords(receipt.receivedAt, visit.today, visit.lang);
  return {
    href: `/ricevute/${code}`,
    label: `${receiptTitle(receipt, visit.lang)}: ${child?.name ?? ""}, ${spanWords(receipt, visit.lang)}`,
    note: `${service ? shortName(service, visit.lang) : ""} · ${code} · ${words(visit.lang).arrivedAt(arrived)}`,
  };
}

/** What one act did: a heading that sums up, then a line for each receipt. */
async function someReceipts(
  tx: ReadTx,
  scope: FamilyScope,
  visit: Visit,
  di: string,
): Promise<Answer> {
  const codes = [...new Set(di.split(","))].slice(0, SEVERAL);
  const wanted = new Set(codes.map((code) => code.toUpperCase()));
  const childIds = scope.children.map(({ id }) => id);
  const receipts = (await receiptsOfChildren(tx, { childIds, limit: 300 })).filter((receipt) =>
    wanted.has(formatReceiptCode(receipt.number, receipt.checkCode)),
  );
  const [first] = receipts;
  if (!first) return notFound;
  const done = receipts.filter(({ outcome }) => outcome === "done");
  const moved = receipts.filter((receipt) => movedTo(receipt) !== null).length;
  const refused = receipts.length - done.length - moved;
  return portalPage(
    visit,
    { current: "today", scope },
    {
      h1: headingOf(done, { moved, refused }, visit.lang),
      title: words(visit.lang).receipts,
      back: toToday(visit.lang),
      focusHeading: true,
      lead: summary(done, visit.lang),
      body: html`${linkList(receipts.map((receipt) => receiptItem(receipt, scope, visit)))}
        <div class="button-row">${linkButton(toToday(visit.lang))}</div>`,
    },
  );
}

function headingOf(
  done: readonly Receipt[],
  { moved, refused }: { moved: number; refused: number },
  lang: Lang,
): string {
  const w = words(lang);
  const acts = new Set(done.map(({ act }) => act));
  const notDone = [
    ...(moved > 0 ? [w.countedLater(moved)] : []),
    ...(refused > 0 ? [w.refusedCount(refused)] : []),
  ];
  if (done.length === 0) return moved > 0 ? notDone.join(", ") : w.noneDone;
  const late = notDone.map((text) => `, ${text}`).join("");
  if (acts.size === 1 && acts.has("absence")) return `${w.absences(done.length)}${late}`;
  if (acts.size === 1 && acts.has("cancel")) return `${w.meals(done.length)}${late}`;
  return `${w.changes(done.length)}${late}`;
}

function summary(done: readonly Receipt[], lang: Lang): string {
  const w = words(lang);
  const meals = done.reduce((sum, { effect }) => sum + (effect.mealDays ?? 0), 0);
  return meals > 0 ? w.inAll(w.meals(meals)) : w.oneEach;
}
