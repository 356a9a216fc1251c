// SPDX-License-Identifier: EUPL-1.2
import type { ReadTx } from "#kernel/db/index.ts";
import type { Lang } from "#kernel/i18n.ts";
import { accountKey, balances } from "#ledger";
import { refundableCents } from "#payments";
import type { FamilyScope } from "../family-scope.ts";
import { shortName } from "../meals/service-words.ts";
import { accountLines } from "../payments/account-lines.ts";
import { words } from "./words.ts";

export interface OwnAccount {
  readonly key: string;
  readonly holderId: string;
  readonly childId: string | null;
  readonly serviceId: string | null;
  /** `Giulia, mensa` */
  readonly name: string;
  /** what may be asked for now */
  readonly freeCents: bigint;
}

/** `Giulia`, `Giulia, mensa`, `Conto della famiglia` */
export function nameOfAccount(
  scope: FamilyScope,
  of: { childId: string | null; serviceId: string | null },
  lang: Lang,
): string {
  const child = scope.children.find(({ id }) => id === of.childId);
  const service = scope.calendar.services.find(({ id }) => id === of.serviceId);
  const parts = [child?.name, service && shortName(service, lang)].filter(Boolean);
  return parts.join(", ") || words(lang).family;
}

/** The accounts the visitor may see: those with movements, and those never used that a child's service is paid from. */
export async function ownAccounts(
  tx: ReadTx,
  scope: FamilyScope,
  of: { today: Temporal.PlainDate; lang: Lang },
): Promise<OwnAccount[]> {
  const accounts = (await accountLines(tx, scope, of.today)).map(({ account }) => ({
    holderId: account.holderId,
    childId: account.childId ?? null,
    serviceId: account.serviceId ?? null,
  }));
  // house-allow query-in-loop: one account holder as a rule, and a handful of accounts
  for (const holderId of scope.holderIds)
    accounts.push(...(await balances(tx, { holderId })).filter(scope.maySee));
  const found = new Map<string, OwnAccount>();
  // house-allow query-in-loop: see above
  for (const { holderId, childId, serviceId } of accounts) {
    const key = accountKey({ kind: "family", holderId, childId, serviceId });
    if (found.has(key)) continue;
    const account = { holderId, childId, serviceId };
    const freeCents = await refundableCents(tx, account);
    found.set(key, { ...account, key, freeCents, name: nameOfAccount(scope, account, of.lang) });
  }
  return [...found.values()];
}
