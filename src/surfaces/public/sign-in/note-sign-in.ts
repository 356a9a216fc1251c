// SPDX-License-Identifier: EUPL-1.2
import { accountsByIds, recordSecurity, type SecurityEvent } from "#identity";
import { originHash } from "../../web/origin-hash.ts";
import type { Visit } from "../../web/visit.ts";

/** One line of the security log about a sign-in that came in, or did not. */
export function noteSignIn(
  visit: Visit,
  of: {
    kind: "signed-in" | "sign-in-refused";
    accountId: string | null;
    details: NonNullable<SecurityEvent["details"]>;
  },
): Promise<void> {
  return visit.town.write(async (tx) => {
    const [account] = of.accountId ? await accountsByIds(tx, [of.accountId]) : [];
    await recordSecurity(tx, {
      ...{ ...of, at: visit.now, originHash: originHash(visit) },
      actorName: account?.displayName ?? "",
    });
  });
}
