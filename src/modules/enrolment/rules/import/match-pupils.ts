// SPDX-License-Identifier: EUPL-1.2
import type { Person } from "#families";
import { searchWords } from "#kernel/search-words.ts";
import type { Existing, PupilPlan, PupilScope } from "./pupil-plan.ts";
import type { PupilRecord, RejectReason } from "./pupil-record.ts";

export type Match =
  | { kind: "new" }
  | { kind: "existing"; child: Person }
  | { kind: "ambiguous"; reason: PupilPlan["ambiguous"][number]["reason"]; candidates: Person[] }
  | { kind: "rejected"; reason: RejectReason; detail: string };

/** Names compare without case, accents, apostrophes and spaces. */
export const nameKey = (of: { surname: string; givenName: string }): string =>
  `${searchWords(of.surname).join("")} ${searchWords(of.givenName).join("")}`;

const pupilKey = (of: { surname: string; givenName: string }, birthDate: string): string =>
  `${nameKey(of)} ${birthDate}`;

/**
 * Which child each row is: by codice fiscale, then by name and birth date; homonyms by class. Whatever stays unclear is
 * ambiguous, never guessed; a second row for the same child is rejected.
 */
export function matchPupils(
  records: readonly PupilRecord[],
  existing: Existing,
  options: {
    decisions: PupilScope["decisions"];
    /** key of the class the child is in, and of the class the row names */
    classOfChild: (childId: string) => string | null;
    classOfRecord: (record: PupilRecord) => string | null;
  },
): Map<PupilRecord, Match> {
  const index = indexOf(existing);
  const matches = new Map<PupilRecord, Match>();
  const claimed = new Map<string, PupilRecord>();
  for (const record of records) {
    const match = matchOne(record, index, options);
    matches.set(record, claim(record, match, claimed, options));
  }
  return matches;
}

interface Index {
  byId: ReadonlyMap<string, Person>;
  byCode: ReadonlyMap<string, Person>;
  byKey: ReadonlyMap<string, Person[]>;
  adultCodes: ReadonlySet<string>;
}

function indexOf(existing: Existing): Index {
  const { children, adults } = existing;
  const byCode = new Map<string, Person>();
  for (const child of children) if (child.codiceFiscale) byCode.set(child.codiceFiscale, child);
  const dated = children.filter((child) => child.birthDate !== null);
  return {
    byId: new Map(children.map((child) => [child.id, child])),
    byCode,
    byKey: Map.groupBy(dated, (child) => pupilKey(child, String(child.birthDate))),
    adultCodes: new Set(adults.flatMap((adult) => adult.codiceFiscale ?? [])),
  };
}

function matchOne(
  record: PupilRecord,
  index: Index,
  options: Parameters<typeof matchPupils>[2],
): Match {
  const { codiceFiscale, birthDate } = record;
  const decision = options.decisions[record.line];
  const decided = decision === undefined ? undefined : index.byId.get(decision);
  if (decided) return { kind: "existing", child: decided };
  if (codiceFiscale !== null && index.adultCodes.has(codiceFiscale)) {
    return { kind: "rejected", reason: "code-of-an-adult", detail: "" };
  }
  const sameCode = codiceFiscale === null ? undefined : index.byCode.get(codiceFiscale);
  if (sameCode) return { kind: "existing", child: sameCode };
  const candidates = birthDate === null ? [] : (index.byKey.get(pupilKey(record, birthDate)) ?? []);
  if (decision === "new" || candidates.length === 0) return { kind: "new" };
  if (codiceFiscale === null) {
    const child = onlyOne(candidates) ?? inSameClass(candidates, record, options);
    return child
      ? { kind: "existing", child }
      : { kind: "ambiguous", reason: "homonyms", candidates };
  }
  const child = onlyOne(candidates);
  const fillsIn =
    child && (child.codiceFiscale === null || child.codiceFiscaleState === "provisional");
  if (fillsIn) return { kind: "existing", child };
  const reason = candidates.length > 1 ? "homonyms" : "other-code";
  return { kind: "ambiguous", reason, candidates };
}

const onlyOne = (candidates: readonly Person[]): Person | undefined =>
  candidates.length === 1 ? candidates[0] : undefined;

function inSameClass(
  candidates: readonly Person[],
  record: PupilRecord,
  options: Parameters<typeof matchPupils>[2],
): Person | undefined {
  const wanted = options.classOfRecord(record);
  return onlyOne(
    candidates.filter((child) => wanted !== null && options.classOfChild(child.id) === wanted),
  );
}

/** One row per child. Two rows without code in different classes may be two children: somebody must say so. */
function claim(
  record: PupilRecord,
  match: Match,
  claimed: Map<string, PupilRecord>,
  options: Parameters<typeof matchPupils>[2],
): Match {
  if (match.kind !== "new" && match.kind !== "existing") return match;
  const keys = match.kind === "existing" ? [match.child.id] : [];
  if (record.codiceFiscale !== null) keys.push(record.codiceFiscale);
  // Two codes are two children, also with one name and one birthday.
  else if (match.kind === "new" && record.birthDate) keys.push(pupilKey(record, record.birthDate));
  const decided = options.decisions[record.line] === "new";
  const first = keys.map((key) => claimed.get(key)).find((other) => other !== undefined);
  if (first && !decided) {
    const bothWithoutCode = record.codiceFiscale === null && first.codiceFiscale === null;
    if (bothWithoutCode && options.classOfRecord(record) !== options.classOfRecord(first)) {
      const candidates = match.kind === "existing" ? [match.child] : [];
      return { kind: "ambiguous", reason: "homonyms", candidates };
    }
    return { kind: "rejected", reason: "repeated-row", detail: String(first.line) };
  }
  for (const key of keys) claimed.set(key, record);
  return match;
}
