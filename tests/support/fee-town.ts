// SPDX-License-Identifier: EUPL-1.2
/** The small town with a fixed fee instead of meals, and what office and families do with it. */
import {
  type Charge,
  chargesOf,
  feeNoticeKeys,
  feePeriodsDue,
  type FeeRepricing,
  feesMark,
  issueFeeNotices,
  openOfFees,
  postFees,
  previewFees,
  repriceFees,
} from "#billing";
import type { Actor } from "#kernel/actor.ts";
import { day, type Moment, momentAt } from "#kernel/dates.ts";
import type { Database } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { balances } from "#ledger";
import { type Notice, noticesOf, positionsByKey, type ShownNotice } from "#payments";
import { recordIsees } from "#tariffs";
import type { ServiceSettings } from "#tenancy";
import { apply, collecting, land, receiptFor } from "./collecting.ts";
import { staff } from "./day-acts.ts";
import { type SmallTown, smallTown } from "./small-town.ts";

export const NOW = momentAt(day("2026-11-20"), "10:00");

/** 120 € up to 10,000 € of ISEE, else 210 €; one rate is past, two are to come. */
export const FEE = {
  kind: "fixed-fee",
  per: "year",
  payer: "child",
  base: {
    kind: "brackets",
    brackets: [{ upToCents: 1_000_000, priceCents: 12_000 }, { priceCents: 21_000 }],
  },
  instalments: [{ due: "10-31" }, { due: "01-31" }, { due: "03-31" }],
};

const payment: ServiceSettings["payment"] = {
  model: "fixed-fee",
  accountScope: "child-service",
  directDebit: false,
};

export const FEE_TOWN = { tariff: FEE, settings: { payment } };

export async function feeTown(
  db: Database,
  options: { tariff?: object; payment?: Partial<ServiceSettings["payment"]> } = {},
): Promise<SmallTown> {
  const place = await smallTown(db, {
    tariff: { ...FEE, ...options.tariff },
    settings: { payment: { ...payment, ...options.payment } },
  });
  await begin(place);
  return place;
}

/** It can be paid through pagoPA, and the fees of the year are posted. */
export async function begin(place: SmallTown): Promise<void> {
  await collecting(place);
  await post(place);
}

/** What the office does every day: fees that have begun. */
export async function post(place: SmallTown, now: Moment = NOW): Promise<number> {
  const of = { serviceId: place.serviceId, today: day("2026-11-20") };
  let fees = 0;
  for (const period of await place.town.read((tx) => feePeriodsDue(tx, of)))
    fees += (await place.town.write((tx) => postFees(tx, { ...of, period, now }))).fees;
  return fees;
}

/** An ISEE that counts from September, later than the ones before. */
export const record = (place: SmallTown, childId: string, valueCents: bigint, at: Moment = NOW) =>
  place.town.write((tx) =>
    recordIsees(tx, {
      actor: staff(place, "office"),
      at,
      isees: [
        {
          id: newId(),
          childId,
          kind: "minorenni",
          valueCents,
          presentedOn: day("2026-09-01"),
          validFrom: day("2026-09-01"),
          validTo: day("2026-12-31"),
          appliesFrom: day("2026-09-01"),
          overriddenBy: null,
          reason: null,
        },
      ],
    }),
  );

const span = (place: SmallTown, now: Moment) => ({
  serviceId: place.serviceId,
  from: day("2026-09-01"),
  to: day("2026-11-20"),
  now,
});

export const preview = (place: SmallTown, now: Moment = NOW): Promise<FeeRepricing> =>
  place.town.read((tx) => previewFees(tx, span(place, now)));

export async function reprice(
  place: SmallTown,
  of: { now?: Moment; shown?: string; role?: Actor["role"]; reason?: string } = {},
) {
  const now = of.now ?? NOW;
  const shown = of.shown ?? feesMark(await preview(place, now));
  return place.town.write((tx) =>
    repriceFees(tx, {
      ...orderOf(place, now, of.role),
      ...(of.reason && { reason: of.reason }),
      shown,
    }),
  );
}

/** What the office orders; it still has to say what it was shown. */
export const orderOf = (place: SmallTown, now: Moment, role: Actor["role"] = "office-manager") => ({
  ...span(place, now),
  actor: staff(place, role),
  reason: "ISEE presentato in ritardo",
});

/** The fees that stand, by child and day. */
export const standing = async (place: SmallTown, holderId = place.holderId): Promise<Charge[]> =>
  (
    await place.town.read((tx) =>
      chargesOf(tx, {
        holderId,
        kind: "fixed-fee",
        from: day("2026-08-01"),
        to: day("2027-07-31"),
      }),
    )
  )
    .filter(({ reversed }) => !reversed)
    .toSorted((a, b) => `${a.dueOn} ${a.reason}`.localeCompare(`${b.dueOn} ${b.reason}`));

export const feesOf = async (place: SmallTown, childId = place.giulia): Promise<Charge[]> =>
  (await standing(place)).filter((fee) => fee.childId === childId);

/** `2026-10-31 70,00`: the rates of one child. */
export const rates = async (place: SmallTown, childId = place.giulia): Promise<string[]> =>
  (await feesOf(place, childId)).map(
    ({ dueOn, amountCents }) => `${dueOn?.toString() ?? "-"} ${amountCents / 100n}`,
  );

/** Notices, as the family makes them in the portal: of the whole, unless `openCents` says what is left. */
export async function ask(
  place: SmallTown,
  fees: readonly (Charge & { openCents?: bigint })[],
  now: Moment = NOW,
): Promise<Notice[]> {
  const issued = await place.town.write((tx) =>
    issueFeeNotices(tx, {
      fees: fees.map((fee) => ({ fee, openCents: fee.openCents ?? fee.amountCents })),
      by: "test",
      now,
    }),
  );
  if (issued.outcome !== "issued") throw new Error(JSON.stringify(issued));
  return issued.positions.map(({ notices }) => notices[0]!);
}

export async function pay(db: Database, notice: Notice, now: Moment = NOW, cents?: bigint) {
  const sum = cents === undefined ? {} : { paymentAmountCents: cents };
  await land(db, receiptFor(notice, { paidAt: now, ...sum }), now);
  const { failed, errors } = await apply(db, now);
  if (failed > 0) throw new Error(String(errors));
}

export const noticesNow = (place: SmallTown, now: Moment = NOW): Promise<ShownNotice[]> =>
  place.town.read((tx) => noticesOf(tx, { holderIds: [place.holderId], now }));

/** Of a child's account: below zero it owes. */
export const balanceOf = async (
  place: SmallTown,
  childId: string | null = place.giulia,
  holderId = place.holderId,
): Promise<bigint> =>
  (await place.town.read((tx) => balances(tx, { holderId })))
    .filter((one) => one.childId === childId)
    .reduce((sum, { balanceCents }) => sum + balanceCents, 0n);

/** What the portal would ask for: each fee of a child that its account does not cover, with the notice that asks for it. */
export async function openFees(place: SmallTown, childId: string, now: Moment) {
  const fees = await feesOf(place, childId);
  const notices = await noticesNow(place, now);
  const positions = await place.town.read((tx) =>
    positionsByKey(
      tx,
      fees.flatMap(({ id }) => feeNoticeKeys(id)),
    ),
  );
  const asked = fees.map((fee) => {
    const keys = feeNoticeKeys(fee.id);
    const own = new Set(positions.filter(({ key }) => keys.includes(key)).map(({ id }) => id));
    const of = notices.filter(({ positionId }) => own.has(positionId));
    return {
      ...fee,
      notice: of.find(({ state }) => state === "issued") ?? null,
      isPaidByNotice: of.some(({ state }) => state === "paid"),
    };
  });
  const open = openOfFees(asked, -(await balanceOf(place, childId)));
  return asked.map((fee) => ({ ...fee, openCents: open.get(fee.id)! }));
}
