// SPDX-License-Identifier: EUPL-1.2
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import type { Lang } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { formatEuro } from "#kernel/money.ts";
import { accountKey } from "#ledger";
import {
  type CartProgress,
  cartProgress,
  type CartReturn,
  noteCartReturn,
  type ShownNotice,
} from "#payments";
import {
  alert,
  dataTable,
  definitionList,
  linkButton,
  linkRow,
  liveRegion,
  type Tone,
} from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import type { FamilyScope } from "../family-scope.ts";
import { inMoney, portalPage, toToday } from "../portal-page.ts";
import { accountLines, accountName } from "./account-lines.ts";
import { familyNotices, noticeName, noticePath } from "./family-notices.ts";
import { noticeState, otherAmountNote, shownCents } from "./notice-state.ts";
import { payWords } from "./pay-words.ts";
import { outcomePath } from "./to-checkout.ts";

/** What a browser may come back with; it decides nothing (X-06). */
const RETURNS: Readonly<Record<string, CartReturn>> = {
  ok: "ok",
  attesa: "waiting",
  errore: "error",
  annullato: "cancel",
};

type Outcome = "received" | "pending" | "cancelled" | "failed" | "refused" | "uncertain";

interface Found {
  progress: CartProgress;
  notices: ShownNotice[];
  outcome: Outcome;
}

/** GET /pagamenti/carrello/:id: the truth from the receipts, never from the return (X-05, X-06, BO-05). */
export async function showOutcome(visit: Visit): Promise<Answer> {
  const cartId = visit.params["id"] ?? "";
  const { actor, now } = visit;
  if (!isUuid(cartId)) return notFound;
  if (!actor) return forbidden;
  const as = RETURNS[visit.query["esito"] ?? ""];
  if (as) {
    const noted = await visit.town.write((tx) => noteCartReturn(tx, { actor, cartId, as, now }));
    return noted === "noted" ? seeOther(outcomePath(cartId)) : notFound;
  }
  return inMoney(visit, async (tx, scope) => {
    const found = await findOutcome(tx, scope, visit, cartId);
    return found ? outcomePage(tx, scope, visit, found) : notFound;
  });
}

/** GET /pagamenti/carrello/:id/stato: a word that changes when the page has something new to say. */
export function outcomeVersion(visit: Visit): Promise<Answer> {
  const cartId = visit.params["id"] ?? "";
  return inMoney(visit, async (tx, scope) => {
    const found = isUuid(cartId) ? await findOutcome(tx, scope, visit, cartId) : null;
    if (!found) return notFound;
    return { kind: "text", contentType: "text/plain; charset=utf-8", text: versionOf(found) };
  });
}

async function findOutcome(
  tx: ReadTx,
  scope: FamilyScope,
  visit: Visit,
  cartId: string,
): Promise<Found | null> {
  if (!visit.actor) return null;
  const progress = await cartProgress(tx, { actor: visit.actor, cartId, now: visit.now });
  if (!progress) return null;
  const ids = new Set(progress.notices.map(({ id }) => id));
  const notices = (await familyNotices(tx, scope, visit)).filter(({ id }) => ids.has(id));
  notices.sort((one, other) => (one.noticeNumber < other.noticeNumber ? -1 : 1));
  if (notices.length < ids.size) return null;
  return { progress, notices, outcome: outcomeOf(progress) };
}

function outcomeOf({ cart, received, pending }: CartProgress): Outcome {
  if (received) return "received";
  if (cart.state === "refused") return "refused";
  if (cart.returnedAs === "cancel") return "cancelled";
  if (cart.returnedAs === "error") return "failed";
  return pending ? "pending" : "uncertain";
}

const versionOf = ({ outcome, notices }: Found): string =>
  `${outcome}:${notices.map(({ state }) => state).join(",")}`;

const TONES: Readonly<Record<Outcome, Tone>> = {
  received: "success",
  pending: "info",
  cancelled: "warning",
  failed: "warning",
  refused: "warning",
  uncertain: "warning",
};

/** Money that came in another sum is not all well: the office decides first (X-05). */
const toneOf = ({ outcome, notices }: Found): Tone =>
  outcome === "received" && notices.some(({ other }) => other !== null)
    ? "warning"
    : TONES[outcome];

async function outcomePage(
  tx: ReadTx,
  scope: FamilyScope,
  visit: Visit,
  found: Found,
): Promise<Html> {
  const { lang } = visit;
  const w = payWords(lang);
  const { outcome, progress } = found;
  const path = outcomePath(progress.cart.id);
  return portalPage(
    visit,
    { current: "payments", scope },
    {
      h1: w.outcome,
      back: { href: "/pagamenti", label: w.payments },
      focusHeading: false,
      body: liveRegion({
        id: "esito",
        versionUrl: `${path}/stato`,
        version: versionOf(found),
        lang,
        body: html`${alert({ tone: toneOf(found), ...told(found, lang), live: true })}${noticeTable(found, scope, visit)}${
          outcome === "received" && (await newCredit(tx, scope, visit, found))
        }${actions(found, lang)}`,
      }),
    },
  );
}

function told({ outcome, notices }: Found, lang: Lang): { title: string; body: string } {
  const w = payWords(lang);
  const total = formatEuro(notices.reduce((sum, notice) => sum + shownCents(notice), 0n));
  switch (outcome) {
    case "received": {
      const others = notices.flatMap((notice) => otherAmountNote(notice, lang) ?? []);
      return {
        title: w.received(total),
        body: [...others, w.receivedBody(notices.length)].join(" "),
      };
    }
    case "pending":
      return { title: w.pending(total), body: w.pendingBody };
    case "cancelled":
      return { title: w.cancelled, body: w.cancelledBody };
    case "failed":
      return { title: w.failed, body: w.failedBody };
    case "refused":
      return { title: w.refused, body: w.refusedBody };
    case "uncertain":
      return { title: w.uncertain, body: w.uncertainBody };
  }
}

function noticeTable({ notices }: Found, scope: FamilyScope, visit: Visit): Html {
  const { lang } = visit;
  const w = payWords(lang);
  return dataTable({
    caption: w.outcome,
    captionHidden: true,
    columns: [
      { label: w.what, header: true },
      { label: w.state },
      { label: w.amount, align: "end" },
    ],
    rows: notices.map((notice) => [
      html`<a href="${noticePath(notice.noticeNumber)}">${noticeName(notice, scope, lang)}</a>`,
      html`${noticeState(notice, visit)}${
        notice.standing === "paid" &&
        html` <a href="${noticePath(notice.noticeNumber)}/ricevuta.pdf">${w.receipt}</a>`
      }`,
      formatEuro(shownCents(notice)),
    ]),
  });
}

/** `Credito di Giulia: 95,20 €` of the accounts that this payment raised. */
async function newCredit(
  tx: ReadTx,
  scope: FamilyScope,
  visit: Visit,
  { notices }: Found,
): Promise<Html | null> {
  const { lang } = visit;
  const raised = new Set(
    notices
      .filter(({ kind, other }) => (kind === "top-up" || kind === "first-notice") && other === null)
      .flatMap(({ lines }) =>
        lines.map(({ holderId, accountChildId: childId, accountServiceId: serviceId }) =>
          accountKey({ kind: "family", holderId, childId, serviceId }),
        ),
      ),
  );
  if (raised.size === 0) return null;
  const accounts = (await accountLines(tx, scope, visit.today)).filter(({ account }) =>
    raised.has(accountKey(account)),
  );
  return html`<h2 class="section-title">${payWords(lang).newCredit}</h2>
    ${definitionList(
      accounts.map((line) => ({
        label: accountName(line, lang),
        value: html`<strong>${formatEuro(line.balanceCents)}</strong>`,
      })),
    )}`;
}

/** While a payment may still end well there is no second button to pay, only a question that explains. */
function actions({ outcome, notices, progress }: Found, lang: Lang): Html {
  const w = payWords(lang);
  const open = notices.filter(({ standing }) => standing === "to-pay" || standing === "pending");
  const again = `/carrello?${open.map(({ noticeNumber }) => `avviso=${noticeNumber}`).join("&")}`;
  const [first] = open;
  const elsewhere = first && open.length === 1 ? noticePath(first.noticeNumber) : "/pagamenti";
  if (outcome === "received" || open.length === 0)
    return linkRow([html`<a href="/oggi">${toToday(lang).label}</a>`]);
  if (outcome === "pending" || outcome === "uncertain")
    // Where scripts are off: a page that loads itself anew would take the reader's place away (WCAG F41).
    return linkRow([
      html`<a href="${outcomePath(progress.cart.id)}">${w.refresh}</a>`,
      html`<a href="${again}">${w.interrupted}</a>`,
      html`<a href="/oggi">${toToday(lang).label}</a>`,
    ]);
  return html`<div class="button-row">
    ${linkButton({ href: again, label: w.tryAgain, kind: "primary" })}${linkButton({ href: elsewhere, label: w.toNotice })}
  </div>`;
}
