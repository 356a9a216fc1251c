// SPDX-License-Identifier: EUPL-1.2
/** A family at home in a town that can be paid through pagoPA. */
import { noticesOf, type ShownNotice } from "#payments";
import type { StubCheckout } from "./checkout.ts";
import { apply, collecting, land, receiptFor } from "./collecting.ts";
import { completeFamily } from "./complete-family.ts";
import type { TestDatabase } from "./db.ts";
import { portalHome } from "./portal.ts";
import type { SignedIn, TestSite } from "./site.ts";

export const PREPAID = { model: "prepaid", accountScope: "child", directDebit: false } as const;

/** Meals are prepaid unless told otherwise; nothing is missing from the family's data unless `complete` is false. */
export async function payingHome(
  { db }: TestDatabase,
  { pagoPa }: StubCheckout,
  options: Parameters<typeof portalHome>[1] = {},
  of: { complete?: boolean } = {},
): Promise<{ site: TestSite; sara: SignedIn }> {
  const { site, sara } = await portalHome(db, {
    pagoPa,
    town: { settings: { payment: PREPAID } },
    ...options,
  });
  await collecting(site.place);
  if (of.complete !== false) await completeFamily(site.place);
  return { site, sara };
}

export const noticesIn = (site: TestSite): Promise<ShownNotice[]> =>
  site.place.town.read((tx) =>
    noticesOf(tx, { holderIds: [site.place.holderId], now: site.app.clock.now() }),
  );

/** Its receipt comes and is applied. */
export async function receiptCame(
  site: TestSite,
  notice: ShownNotice,
  changes: Parameters<typeof receiptFor>[1] = {},
): Promise<void> {
  const now = site.app.clock.now();
  await land(site.app.db, receiptFor(notice, { paidAt: now, ...changes }), now);
  await apply(site.app.db, now);
}
