// SPDX-License-Identifier: EUPL-1.2
import { type DayFacts, formatReceiptCode, type Receipt } from "#booking";
import { html, type Html } from "#kernel/html.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { receiptCard, type Row, stateBadge } from "#ui/components.ts";
import { type Answer, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { actForm } from "../meals/act-forms.ts";
import { dayView, limitText } from "../meals/day-view.ts";
import { afterCancelling, beforeAct, keptCharge, samePrice } from "../meals/meal-money.ts";
import { capital, isCanteen, shortName } from "../meals/service-words.ts";
import { words as mealWords } from "../meals/words.ts";
import { childPath, inFamily, portalPage, toToday } from "../portal-page.ts";
import { contestWhen } from "./contest-receipt.ts";
import { dayHistory } from "./day-history.ts";
import { loadReceipt, type ShownReceipt } from "./load-receipt.ts";
import {
  alreadySentence,
  countedSentence,
  fromWords,
  isCancellation,
  momentWords,
  receiptTitle,
  refusalSentence,
  spanWords,
} from "./receipt-words.ts";
import { words } from "./words.ts";

/** GET /ricevute/:codice. */
export function showReceipt(visit: Visit): Promise<Answer> {
  return inFamily(visit, async (tx, scope) => {
    const shown = await loadReceipt(tx, scope, visit, visit.params["codice"] ?? "");
    if (!shown) return notFound;
    const { receipt, child, service } = shown;
    const w = words(visit.lang);
    const title = visit.query["gia"]
      ? alreadySentence(receipt, visit.today, visit.lang)
      : receiptTitle(receipt, visit.lang);
    const already = visit.query["gia"] && {
      tone: "info" as const,
      text: w.sameAsBefore,
    };
    const page = portalPage(
      visit,
      { current: "today", scope },
      {
        h1:
          receipt.outcome === "done" && !visit.query["gia"] ? w.receipt : title.replace(/\.$/, ""),
        title: receiptTitle(receipt, visit.lang),
        back: toToday(visit.lang),
        focusHeading: true,
        ...(already ? { flash: already } : {}),
        body: html`${receiptBody(shown, visit)}${await dayHistory(tx, visit, { child, service, date: receipt.from })}`,
      },
    );
    return page;
  });
}

/** The card: outcome, child, day, money, code, arrival, channel and person, cut-off, what follows. */
export function receiptBody(shown: ShownReceipt, visit: Visit): Html {
  const { receipt, child, service, on } = shown;
  const { lang } = visit;
  const w = words(lang);
  const code = formatReceiptCode(receipt.number, receipt.checkCode);
  const accepted = receipt.outcome === "done";
  const undone = receipt.act === "restore" || receipt.act === "normal" || receipt.act === "resume";
  return receiptCard({
    outcome: accepted ? (undone ? "reversed" : "accepted") : "refused",
    title: accepted ? receiptTitle(receipt, lang) : refusedTitle(shown, visit),
    subject: [
      `${child.name}, ${shortName(service, lang)}`,
      capital(spanWords(receipt, visit.lang)),
      ...(on.day.kind === "service" && !isPeriod(receipt)
        ? [html`${w.now} ${nowBadge(shown, visit)}`]
        : []),
    ],
    // what it said about the money held until the later act
    money: shown.later ? "" : moneySentence(shown, visit),
    code,
    rows: receiptRows(shown, visit),
    primary: primaryAct(shown, visit),
    note: noteOf(shown, visit),
    links: [
      !accepted && shown.isOwn && html`<a href="/ricevute/${code}/contesta">${w.contest}</a>`,
      html`<a href="${childPath(child)}/giorni/${receipt.from.toString()}?servizio=${service.code}"
        >${w.openDay}</a
      >`,
      shown.moved &&
        html`<a
          href="${childPath(child)}/giorni/${shown.moved.date.toString()}?servizio=${service.code}"
          >${w.openOther(formats(lang).day(shown.moved.date))}</a
        >`,
      html`<a href="/verifica?codice=${code}">${w.verify}</a>`,
      html`<a href="/ricevute">${w.allReceipts}</a>`,
      html`<a href="/oggi">${toToday(lang).label}</a>`,
    ],
    lang: visit.lang,
  });
}

/** The sentence that says what a late one counts for tells what stays charged too: not to who may not know (BO-23). */
function refusedTitle({ receipt, moved, seesMoney }: ShownReceipt, visit: Visit): string {
  const { lang, today } = visit;
  const counted = seesMoney
    ? countedSentence(receipt, today, lang)
    : moved && receiptTitle(receipt, lang);
  return counted ?? refusalSentence(receipt, lang) ?? "";
}

const isPeriod = ({ act }: Receipt): boolean => act === "absence" || act === "resume";

function nowBadge({ on, service }: ShownReceipt, visit: Visit): Html {
  const view = dayView(on, { today: visit.today });
  const waits = view.state === "roll-call" && isCanteen(service);
  const word = waits ? words(visit.lang).awaitsRollCall : view.word;
  return stateBadge(view.state, { lang: visit.lang, size: "small", word });
}

function receiptRows({ receipt, isDelegated }: ShownReceipt, visit: Visit): Row[] {
  const { cutoffAt } = receipt;
  const w = words(visit.lang);
  return [
    { label: w.arrived, value: momentWords(receipt.receivedAt, visit.today, visit.lang) },
    { label: w.by, value: fromWords(receipt, isDelegated, visit.lang) },
    ...(cutoffAt
      ? [{ label: w.limit, value: momentWords(cutoffAt, visit.today, visit.lang) }]
      : []),
  ];
}

/** The sentence about money after the act; with the amount in force when the charge stays. */
function moneySentence(shown: ShownReceipt, visit: Visit): string {
  const { receipt, money } = shown;
  const { lang } = visit;
  const w = words(lang);
  if (!shown.seesMoney) return receipt.effect.charge === "kept" ? keptCharge(money, lang) : "";
  if (receipt.act === "absence" && receipt.outcome === "done") return absenceMoney(shown, lang);
  if (receipt.effect.charge === "unchanged") return w.feeSame;
  if (receipt.effect.charge === "none") {
    const current = receipt.outcome === "done" && isCancellation(receipt);
    return afterCancelling(money, current ? shown.creditCents : null, lang);
  }
  const charged = shown.charges.reduce((sum, { amountCents }) => sum + amountCents, 0n);
  const wasCharged = shown.charges.length > 0;
  if (receipt.outcome === "done" && receipt.act === "plain") return samePrice(money, lang);
  if (receipt.outcome === "done" && receipt.act !== "report-absence")
    return wasCharged ? w.charged(formatEuro(charged)) : beforeAct(money, lang);
  return wasCharged && charged > 0n ? w.staysCharged(formatEuro(charged)) : keptCharge(money, lang);
}

function absenceMoney({ receipt, absenceCents }: ShownReceipt, lang: Lang): string {
  const w = words(lang);
  const { mealDays } = receipt.effect;
  if (receipt.effect.charge === "unchanged") return w.feeSame;
  if (mealDays === undefined) return w.freeUntilResumed;
  const meals = w.meals(mealDays);
  return absenceCents !== null && absenceCents > 0n
    ? `${meals}, ${w.notCharged(formatEuro(absenceCents))}`
    : `${meals}, ${w.noCharge}`;
}

/** Undo until the cut-off; after a refusal the first useful day. */
function primaryAct(shown: ShownReceipt, visit: Visit): Html | null {
  const { receipt, child, service, on, useful } = shown;
  const [act] = dayView(on, { today: visit.today }).acts;
  const limit = on.cutoffAt && limitText(on.cutoffAt, visit.today, visit.lang);
  const note = limit ? mealWords(visit.lang).until(limit) : undefined;
  const base = { child, service, date: on.date, wide: false };
  if (isPeriod(receipt)) return null;
  if (shown.moved) return giveBack(shown.moved, shown, visit);
  if (receipt.outcome === "done") {
    if (isCancellation(receipt) && (act === "restore" || act === "book"))
      return actForm(visit, { ...base, act, kind: "secondary", note });
    if (receipt.act === "plain" && dayView(on, { today: visit.today }).acts.includes("normal"))
      return actForm(visit, { ...base, act: "normal", kind: "secondary", note });
    return null;
  }
  const next = receipt.act === "cancel" || receipt.act === "unbook" ? useful : null;
  const [useAct] = next ? dayView(next, { today: visit.today }).acts : [];
  if (!next || (useAct !== "cancel" && useAct !== "unbook")) return null;
  return actForm(visit, { ...base, act: useAct, date: next.date, named: true });
}

/** `Annulla la disdetta di lunedì 23 novembre`, while it can be. */
function giveBack(moved: DayFacts, { child, service }: ShownReceipt, visit: Visit): Html | null {
  if (!dayView(moved, { today: visit.today }).acts.includes("restore")) return null;
  const limit = moved.cutoffAt && limitText(moved.cutoffAt, visit.today, visit.lang);
  return actForm(visit, {
    act: "restore",
    child,
    service,
    date: moved.date,
    named: true,
    wide: false,
    kind: "secondary",
    note: limit ? mealWords(visit.lang).until(limit) : undefined,
  });
}

function noteOf(shown: ShownReceipt, visit: Visit): string {
  const { receipt } = shown;
  const { lang } = visit;
  if (shown.later)
    return words(lang).overtaken(momentWords(shown.later.receivedAt, visit.today, lang));
  if (receipt.outcome === "done") return followUp(receipt, lang);
  const when = shown.isOwn && contestWhen(shown, visit);
  return [refusedNote(shown, lang), when].filter(Boolean).join(" ");
}

function refusedNote({ receipt, moved, seesMoney }: ShownReceipt, lang: Lang): string {
  const w = words(lang);
  if (receipt.outcome === "plain-limit") return w.certificate;
  if (!receipt.effect.countsFor) return w.nothingChanged;
  const late = refusalSentence(receipt, lang) ?? "";
  const free = moved && seesMoney && receipt.effect.charge !== "unchanged";
  return free ? `${late} ${w.otherFree(formats(lang).day(moved.date))}` : late;
}

function followUp(receipt: Receipt, lang: Lang): string {
  const w = words(lang);
  if (receipt.act === "absence" && receipt.to === null) return w.openFollowUp;
  if (receipt.act === "report-absence" && !isCancellation(receipt)) return w.lateFollowUp;
  return w.kitchenKnows;
}
