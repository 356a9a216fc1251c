// SPDX-License-Identifier: EUPL-1.2
import type { Recorder } from "#attendance";

const KINDS: Record<NonNullable<Recorder>, string> = {
  school: "scuola",
  office: "ufficio",
  family: "famiglia",
  plan: "chiusura della giornata",
};

/** `ufficio, M. Conti`, `scuola, Anna B.`; the family and a day that was presumed have no name. */
export function recorderText(recorder: Recorder, name: string): string {
  if (recorder === null) return name;
  const isPerson = recorder === "school" || recorder === "office";
  return isPerson ? `${KINDS[recorder]}, ${name}` : KINDS[recorder];
}
