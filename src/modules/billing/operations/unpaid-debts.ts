// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import { dayOf, isBefore, type Moment } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { formats } from "#kernel/i18n.ts";
import { noticePapers, noticesOfBills, type OverdueNotice, overdueNotices } from "#payments";
import type { Debt } from "../rules/decide-reminders.ts";
import { billSubject } from "../rules/service-word.ts";
import { overdueBillIds, remindersOf } from "../sql/reminders.ts";
import { billsOf, type SettledBill } from "./read-bills.ts";

/** What families were asked to pay by a day that is past: notices, and bills without one. */
export async function unpaidDebts(tx: ReadTx, now: Moment): Promise<Debt[]> {
  const debts = await openDebts(tx, {
    notices: await overdueNotices(tx, now),
    billIds: (await overdueBillIds(tx, dayOf(now))).map(({ id }) => id),
    now,
  });
  const before = Map.groupBy(
    await remindersOf(
      tx,
      debts.map(({ key }) => key),
    ),
    ({ key }) => key,
  );
  return debts.map((debt) => ({
    ...debt,
    remindedOn: (before.get(debt.key) ?? []).map(({ at }) => dayOf(at)),
  }));
}

/** What these notices, and these bills where no notice asks for them, still want. */
export async function openDebts(
  tx: ReadTx,
  of: { notices: readonly OverdueNotice[]; billIds: readonly string[]; now: Moment },
): Promise<Debt[]> {
  const { notices, billIds, now } = of;
  const named = notices.flatMap(({ notice }) => notice.lines.flatMap(({ billId }) => billId ?? []));
  const ids = [...new Set([...named, ...billIds])];
  const open = (await billsOf(tx, { ids })).filter(
    ({ state, totalCents, paidCents }) =>
      (state === "drawn" || state === "issued") && totalCents > paidCents,
  );
  const openBills = new Map(open.map((bill) => [bill.id, bill]));
  return [
    ...notices.flatMap((one) => noticeDebt(one, openBills)),
    ...(await billDebts(tx, { bills: billIds.flatMap((id) => openBills.get(id) ?? []), now })),
  ];
}

/** Nothing where its bills were paid some other way; never more than they still want. */
function noticeDebt(
  { notice, touchedAt }: OverdueNotice,
  openBills: ReadonlyMap<string, SettledBill>,
): Debt[] {
  const billIds = [...new Set(notice.lines.flatMap(({ billId }) => billId ?? []))];
  const openCents = billIds.reduce((sum, id) => {
    const bill = openBills.get(id);
    return bill ? sum + bill.totalCents - bill.paidCents : sum;
  }, 0n);
  if (notice.dueOn === null || (billIds.length > 0 && openCents <= 0n)) return [];
  const isLess = billIds.length > 0 && openCents < notice.amountCents;
  const issuedOn = dayOf(notice.issuedAt);
  return [
    {
      key: `notice:${notice.id}`,
      holderId: notice.holderId,
      noticeId: notice.id,
      noticeNumber: notice.noticeNumber,
      subject: notice.subject,
      amountCents: isLess ? openCents : notice.amountCents,
      dueOn: notice.dueOn,
      pending: notice.standing === "pending",
      touchedAt,
      askedLateOn: isBefore(notice.dueOn, issuedOn) ? issuedOn : null,
      remindedOn: [],
    },
  ];
}

/** Of bills that no notice asks for: none was made, or the family deleted it and may be paying it all the same. */
async function billDebts(
  tx: ReadTx,
  of: { bills: readonly SettledBill[]; now: Moment },
): Promise<Debt[]> {
  const made = await noticesOfBills(
    tx,
    of.bills.map(({ id }) => id),
  );
  const ofBill = Map.groupBy(made, ({ billId }) => billId);
  // A notice that lives, or instalments that replaced it, ask for the bill themselves; of one that was paid with another
  // sum the office decides first.
  const isAsked = ({ state, isRevoked, isDecided }: (typeof made)[number]): boolean =>
    state === "issued" || state === "replaced" || (PAID.has(state) && !isRevoked && !isDecided);
  const bills = of.bills.filter(({ id }) => !ofBill.get(id)?.some(isAsked));
  if (bills.length === 0) return [];
  const noticeIds = bills.flatMap(({ id }) => ofBill.get(id)?.map((one) => one.noticeId) ?? []);
  const papers = await noticePapers(tx, { noticeIds, now: of.now });
  const { services } = await townCalendar(tx);
  const serviceOf = new Map(services.map((service) => [service.id, service]));
  return bills.map((bill) => ({
    key: `bill:${bill.id}`,
    holderId: bill.holderId,
    noticeId: null,
    noticeNumber: null,
    subject: `${billSubject(serviceOf.get(bill.serviceId)!, formats("it").month(bill.month))}, prospetto ${bill.number}`,
    amountCents: bill.totalCents - bill.paidCents,
    dueOn: bill.dueOn,
    pending: false,
    touchedAt: lastOf(
      ofBill.get(bill.id)?.map(({ noticeId }) => papers.get(noticeId)?.notice.lastAttemptAt),
    ),
    askedLateOn: null,
    remindedOn: [],
  }));
}

const PAID = new Set(["paid", "reported", "settled"]);

const lastOf = (moments: readonly (Moment | null | undefined)[] = []): Moment | null =>
  moments
    .filter((at) => at !== null && at !== undefined)
    .toSorted(Temporal.Instant.compare)
    .at(-1) ?? null;
