// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { putSchoolYear, putServices, putSites } from "#calendar";
import { applyPupils, type PupilPlan, planPupilImport, readPupilFiles } from "#enrolment";
import { type Actor, systemActor } from "#kernel/actor.ts";
import { controlCharacter } from "#kernel/codice-fiscale.ts";
import { day, moment } from "#kernel/dates.ts";
import type { TenantDb } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { testTown, type TestDatabase } from "./db.ts";

/** A town with two primary schools and a service, and the steps of an import of pupils. */
export const AT = moment("2026-11-20T08:00:00Z");
export const TODAY = day("2026-11-20");
export const START = day("2026-09-14");
export const OSTRA = "F401";
export const office: Actor = {
  ...systemActor,
  role: "office-diet",
  id: "office-1",
  name: "M. Conti",
};

export const codeOf = (fifteen: string) => fifteen + controlCharacter(fifteen);
export const ANNA = codeOf("RSSNNA18A48F401");
export const NICO = codeOf("DNGNCL17S30F401");
export const MARIA = "RSSMRA85C52F401H";
export const HEADER =
  "COGNOME;NOME;CODICE FISCALE;SESSO;DATA NASCITA;COMUNE NASCITA;INDIRIZZO;CAP;COMUNE RESIDENZA;CLASSE;SEZIONE;COGNOME MADRE;NOME MADRE;CF MADRE;CELLULARE MADRE;EMAIL MADRE";
export const ROWS = [
  `ROSSI;ANNA;${ANNA};F;08/01/2018;OSTRA;VIA MAZZINI, 1;60010;OSTRA;3;A;ROSSI;MARIA;${MARIA};3331234567;maria@esempio.it`,
  `D'ANGELO;NICOLO';${NICO};M;30/11/2017;OSTRA;VIA PO 2;60010;SENIGALLIA;3^ A;;DE SANTIS;ADA;;733123456;`,
  `VERDI;ZOÈ;;F;1-3-18;SENIGALLIA;;;;III;B;;;;;`,
];
export const csv = (...rows: string[]): string =>
  ["Elenco alunni a.s. 2026/27", "", HEADER, ...rows].join("\r\n");

export async function school(db: TestDatabase["db"]) {
  const { town } = await testTown(db);
  const ids = { siteId: newId(), otherSiteId: newId(), serviceId: newId() };
  await town.write(async (tx) => {
    await putSchoolYear(tx, { year: 2026, startsOn: START, endsOn: day("2027-06-30") });
    await putServices(tx, [
      { id: ids.serviceId, code: "mensa", kind: "canteen", name: "Mensa", position: 0 },
    ]);
    const site = { level: "primaria" as const, address: "", assumedReason: null };
    await putSites(tx, [
      { ...site, id: ids.siteId, ministryCode: "ANEE80302Q", name: "Don Morganti" },
      { ...site, id: ids.otherSiteId, ministryCode: "ANEE80303R", name: "Rodari" },
    ]);
  });
  return { town, ...ids };
}

export async function plan(
  town: TenantDb,
  files: Buffer | Buffer[],
  scope: {
    siteId?: string | null;
    effectiveOn?: string;
    enrolIn?: string[];
    decisions?: Record<number, string>;
    actor?: Actor;
  } = {},
) {
  const uploads = [files].flat().map((bytes, at) => ({ name: `alunni-${at}.csv`, bytes }));
  const read = await readPupilFiles(uploads, { townCode: OSTRA, reference: TODAY });
  assert.ok(read.outcome === "read", JSON.stringify(read).slice(0, 200));
  const planned = await town.write((tx) =>
    planPupilImport(tx, {
      read,
      actor: scope.actor ?? office,
      at: AT,
      scope: {
        siteId: scope.siteId ?? null,
        effectiveOn: day(scope.effectiveOn ?? START.toString()),
        year: 2026,
        enrolIn: scope.enrolIn ?? [],
        decisions: scope.decisions ?? {},
      },
    }),
  );
  assert.ok(planned.outcome === "planned", planned.outcome);
  return { ...planned, headings: read.file.headings };
}

export const apply = (
  town: TenantDb,
  importRunId: string,
  confirmMissing: string[] = [],
  actor = office,
) => town.write((tx) => applyPupils(tx, { importRunId, confirmMissing, actor, at: AT }));

export async function planAndApply(...args: Parameters<typeof plan>): Promise<PupilPlan> {
  const planned = await plan(...args);
  const applied = await apply(args[0], planned.importRunId);
  assert.equal(applied.outcome, "applied");
  return planned.plan;
}

/** The plan of a file that changes nothing. */
export function assertNothing(found: PupilPlan, unchanged: number): void {
  const { warnings: _warnings, rejected: _rejected, ...rest } = found;
  assert.deepEqual(rest, {
    newPupils: [],
    changed: [],
    moved: [],
    missing: [],
    ambiguous: [],
    unchanged,
    newClasses: [],
    newAdults: [],
    changedAdults: [],
    newGuardianships: 0,
    newHolders: 0,
    newEnrolments: 0,
  });
}
