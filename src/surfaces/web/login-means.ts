// SPDX-License-Identifier: EUPL-1.2
import type { SignInMeans } from "#identity";
import type { TownSettings } from "#tenancy";
import type { LoginPurpose } from "./route.ts";
import type { Visit } from "./visit.ts";

type Means = TownSettings["login"]["portal"][number];

/** What a town's setting calls the way somebody came in; `null`: no family's way. eIDAS is SPID's European side. */
const SETTING_WORD: Record<SignInMeans, Means | null> = {
  password: "credentials",
  passkey: "credentials",
  spid: "spid",
  eidas: "spid",
  cie: "cie",
  oidc: null,
  device: null,
  persona: null,
};

/** Do the town's rules let a family in by that way, for that purpose (OS-17, BI-01)? Personas: demo mode only. */
export function isMeansAdmitted(means: SignInMeans, admitted: readonly Means[]): boolean {
  if (means === "persona") return true;
  const word = SETTING_WORD[means];
  return word !== null && admitted.includes(word);
}

/**
 * Whoever works here came in by the ways of staff, also to the desk; where the same person is a parent, the town's
 * rules for families hold.
 */
export function isAdmittedFor(
  { session, actor, townSettings }: Visit,
  purpose: LoginPurpose,
): boolean {
  if (!session || (actor?.role !== "guardian" && actor?.role !== "delegate")) return true;
  return isMeansAdmitted(session.row.means, townSettings.login[purpose]);
}
