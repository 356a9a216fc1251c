// SPDX-License-Identifier: EUPL-1.2
/** A refusal has one reason code, for the journal and the tests; `detail` names the place, never a person's data. */
export interface Refusal<Reason extends string> {
  readonly outcome: "refused";
  readonly reason: Reason;
  readonly detail: string;
}

export const refused = <Reason extends string>(reason: Reason, detail = ""): Refusal<Reason> => ({
  outcome: "refused",
  reason,
  detail,
});
