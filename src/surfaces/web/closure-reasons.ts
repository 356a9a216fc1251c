// SPDX-License-Identifier: EUPL-1.2
import { REASON_WORDS } from "#billing";
import type { ClosureReason } from "#calendar";
import { catalogue, type Lang } from "#kernel/i18n.ts";

const reasons = catalogue<Record<ClosureReason, string>>({
  it: REASON_WORDS,
  en: {
    holiday: "public holiday",
    patron: "patron saint's day",
    "school-break": "school holiday",
    "polling-station": "polling station",
    weather: "weather alert",
    strike: "strike",
    trip: "school trip",
    other: "closure",
  },
});

export const closureReason = (reason: ClosureReason, lang: Lang): string => reasons(lang)[reason];

/** The word of a stored code, `undefined` when it is none of ours. */
export const closureReasonOf = (code: string, lang: Lang): string | undefined =>
  Object.hasOwn(REASON_WORDS, code) ? closureReason(code as ClosureReason, lang) : undefined;
