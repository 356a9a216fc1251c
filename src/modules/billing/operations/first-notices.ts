// SPDX-License-Identifier: EUPL-1.2
import { type Service, type TownCalendar, townCalendar } from "#calendar";
import { payersOn, roster, rosterBetween } from "#enrolment";
import { type Debtor, debtors } from "#families";
import { type Day, isBefore, later, type Moment, schoolYearOf } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { idFromContent } from "#kernel/ids.ts";
import { familyAccount } from "#ledger";
import { inEveryLanguage, planEmails, planMessages } from "#messaging";
import {
  inFours,
  issueNotices,
  type IssuedNotices,
  type Notice,
  type PositionDraft,
} from "#payments";
import { priceMeals } from "#tariffs";
import { datedSettings, type ServiceSettings } from "#tenancy";
import { firstNoticeEmail, firstNoticeMessage } from "../rules/first-notice-messages.ts";
import {
  type FirstNoticeOfPayer,
  type PlannedFirstNotices,
  planFirstNotices,
} from "../rules/plan-first-notices.ts";
import { capital, serviceWord } from "../rules/service-word.ts";
import { lockBilling } from "../sql/bills.ts";
import { firstNoticesMade, noteFirstNotices } from "../sql/first-notices.ts";

/** By themselves only for whoever begins now: a switch turned on in spring asks nobody for September. */
const NEW_DAYS = 30;

export interface FirstNoticePreview extends PlannedFirstNotices {
  service: Service;
  meals: number;
  /** the school year's first calendar year */
  year: number;
  /** prices and payers are those of that day */
  date: Day;
  /** children who have theirs already */
  made: number;
  /** account → who holds it */
  debtors: ReadonlyMap<string, Debtor>;
}

interface Asked {
  serviceId: string;
  /** enrolled on that day; prices of that day */
  date: Day;
  /** only children whose first day of the year is within the last month */
  onlyNew?: boolean;
}

/** The day on which a service of that school year begins, or today when it has begun. */
export function firstNoticeDay(calendar: TownCalendar, of: { serviceId: string; today: Day }): Day {
  const year = schoolYearOf(of.today);
  const starts = calendar.periods
    .filter((period) => period.serviceId === of.serviceId && period.year === year)
    .map(({ startsOn }) => startsOn)
    .toSorted(Temporal.PlainDate.compare);
  return later(of.today, starts[0] ?? of.today);
}

/**
 * BI-08, the dry run: who would get which first notice. `null`: the service is not prepaid or has no first notice
 * (`payment.firstNoticeMeals`).
 */
export async function previewFirstNotices(
  tx: ReadTx,
  of: Asked,
): Promise<FirstNoticePreview | null> {
  const { serviceId, date } = of;
  const calendar = await townCalendar(tx);
  const service = calendar.services.find(({ id }) => id === serviceId);
  const payment = service && (await paymentOf(tx, service, date));
  const meals = payment?.firstNoticeMeals;
  if (!service || !meals || payment.model !== "prepaid") return null;
  const year = schoolYearOf(date);
  const made = await firstNoticesMade(tx, { serviceId, year });
  const enrolled = await roster(tx, { serviceId, date });
  const begins = of.onlyNew ? await beginners(tx, { calendar, serviceId, date }) : null;
  const wanted = enrolled.filter(
    ({ childId }) => !made.has(childId) && (begins === null || begins.has(childId)),
  );
  const childIds = wanted.map(({ childId }) => childId);
  const [prices, payers] = await Promise.all([
    priceMeals(tx, {
      serviceId,
      date,
      meals: wanted.map(({ childId, siteId }) => ({
        childId,
        level: calendar.sites.get(siteId)?.level ?? null,
      })),
    }),
    payersOn(tx, { childIds, serviceId, date }),
  ]);
  const planned = planFirstNotices({ meals, childIds, prices, payers });
  const holderIds = planned.payers.map(({ holderId }) => holderId);
  return {
    ...planned,
    service,
    meals,
    year,
    date,
    made: enrolled.filter(({ childId }) => made.has(childId)).length,
    debtors: await debtors(tx, holderIds),
  };
}

const paymentOf = async (
  tx: ReadTx,
  { code }: Service,
  date: Day,
): Promise<ServiceSettings["payment"] | undefined> =>
  (await datedSettings(tx)).maybeService(code, "payment", date);

/** Children whose first day in the service this year is less than a month ago. */
async function beginners(
  tx: ReadTx,
  of: { calendar: TownCalendar; serviceId: string; date: Day },
): Promise<Set<string>> {
  const { serviceId, date } = of;
  const since = date.subtract({ days: NEW_DAYS });
  const opens = firstNoticeDay(of.calendar, {
    serviceId,
    today: Temporal.PlainDate.from({ year: schoolYearOf(date), month: 8, day: 1 }),
  });
  if (isBefore(date, opens)) return new Set();
  const spans = await rosterBetween(tx, { serviceIds: [serviceId], from: opens, to: date });
  const first = new Map<string, Day>();
  for (const { childId, from } of spans) {
    const known = first.get(childId);
    if (!known || isBefore(from, known)) first.set(childId, from);
  }
  return new Set([...first].filter(([, from]) => !isBefore(from, since)).map(([id]) => id));
}

export type MadeFirstNotices =
  | { outcome: "made"; notices: number; emails: number; totalCents: bigint; unpriced: number }
  /** since the preview something changed: look again */
  | { outcome: "changed" }
  | { outcome: "none" }
  | Exclude<IssuedNotices, { outcome: "issued" }>;

/**
 * Makes the first notices, tells the families and plans the e-mails, all in one transaction: once per child, service
 * and school year (BI-08). `expected`: what the preview showed; left out, whatever is due is made.
 */
export async function makeFirstNotices(
  tx: WriteTx,
  of: Asked & {
    expected?: { notices: number; totalCents: bigint };
    by: string;
    now: Moment;
  },
): Promise<MadeFirstNotices> {
  await lockBilling(tx);
  const plan = await previewFirstNotices(tx, of);
  if (!plan) return { outcome: "none" };
  const totalCents = plan.payers.reduce((sum, payer) => sum + payer.totalCents, 0n);
  const { expected } = of;
  if (expected && (expected.notices !== plan.payers.length || expected.totalCents !== totalCents))
    return { outcome: "changed" };
  const payment = await paymentOf(tx, plan.service, plan.date);
  const drafts = plan.payers.map((payer) => draftOf(plan, payer, payment!.accountScope));
  const issued = await issueNotices(tx, { drafts, by: of.by, now: of.now });
  if (issued.outcome !== "issued") return issued;
  const noticeOf = new Map(
    issued.positions.map(({ notices: [notice] }) => [notice!.holderId, notice!]),
  );
  const noted = { serviceId: of.serviceId, year: plan.year, meals: plan.meals, at: of.now };
  await noteFirstNotices(tx, { ...noted, by: of.by }, [
    ...new Map(
      plan.payers.flatMap(({ lines }) =>
        lines.map(({ childId, mealCents }) => [childId, { childId, mealCents, reason: "" }]),
      ),
    ).values(),
    ...plan.unpriced.map(({ childId, reason }) => ({ childId, mealCents: 0n, reason })),
  ]);
  const emails = await tell(tx, { plan, noticeOf, now: of.now });
  return {
    outcome: "made",
    notices: plan.payers.length,
    emails,
    totalCents,
    unpriced: plan.unpriced.length,
  };
}

function draftOf(
  plan: FirstNoticePreview,
  { holderId, lines }: FirstNoticeOfPayer,
  scope: ServiceSettings["payment"]["accountScope"],
): PositionDraft {
  const { service, year, meals } = plan;
  const childIds = lines.map(({ childId }) => childId).toSorted();
  // A brother who begins later has a notice of his own.
  const key = idFromContent(["first-notice", service.id, year, holderId, ...childIds].join("\n"));
  return {
    key: `first-notice:${key}`,
    kind: "first-notice",
    holderId,
    subject:
      `${capital(serviceWord(service, "it"))} ${year}/${year + 1}, primo avviso: ${meals} pasti`.slice(
        0,
        140,
      ),
    dueOn: null,
    payableAfterDue: true,
    lines: lines.map(({ childId, amountCents }) => {
      const account = familyAccount(scope, { holderId, childId, serviceId: service.id });
      return {
        holderId,
        accountChildId: account.childId ?? null,
        accountServiceId: account.serviceId ?? null,
        childId,
        serviceId: service.id,
        amountCents,
      };
    }),
  };
}

async function tell(
  tx: WriteTx,
  of: { plan: FirstNoticePreview; noticeOf: ReadonlyMap<string, Notice>; now: Moment },
): Promise<number> {
  const { service, meals, payers, debtors: people } = of.plan;
  const told = payers.map(({ holderId, lines, totalCents }) => ({
    holderId,
    notice: of.noticeOf.get(holderId)!,
    facts: { service, meals, children: lines.length, totalCents },
  }));
  await planMessages(
    tx,
    told.map(({ holderId, notice, facts }) => ({
      holderId,
      kind: "first-notice",
      dedupeKey: `first-notice:${notice.id}`,
      ...inEveryLanguage((lang) =>
        firstNoticeMessage({ ...facts, noticeNumber: inFours(notice.noticeNumber) }, lang),
      ),
    })),
    of.now,
  );
  const emails = told.flatMap(({ holderId, notice, facts }) => {
    const debtor = people.get(holderId);
    if (!debtor?.email) return [];
    const { personId, email: address, language: lang } = debtor;
    return [
      {
        holderId,
        personId,
        address,
        lang,
        kind: "first-notice" as const,
        ...firstNoticeEmail(facts, lang),
        path: "/pagamenti",
        noticeIds: [notice.id],
        dedupeKey: `first-notice:${notice.id}`,
      },
    ];
  });
  await planEmails(tx, emails, of.now);
  return emails.length;
}
