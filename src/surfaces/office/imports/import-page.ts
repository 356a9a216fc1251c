// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import {
  applyPupils,
  errorFile,
  importRun,
  type ImportRun,
  planPupilsAgain,
  type PupilImportSummary,
  rowsWritten,
  type StoredPupilImport,
} from "#enrolment";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { refreshAfterBulk } from "#kernel/statistics.ts";
import { alert, figures, linkButton, tabs } from "#ui/components.ts";
import { type Answer, notFound, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { importPath } from "./import-list.ts";
import { changesIn, isTab, TAB_LABELS, tabBody, tabCount, TABS, type Tab } from "./import-tabs.ts";

type Run = ImportRun<StoredPupilImport | PupilImportSummary>;

const f = formats("it");

async function load(
  tx: ReadTx,
  visit: Visit,
): Promise<{ run: Run; siteName: string | null } | null> {
  const id = visit.params["id"] ?? "";
  const run = isUuid(id)
    ? await importRun<StoredPupilImport | PupilImportSummary>(tx, id)
    : undefined;
  if (run?.kind !== "pupils") return null;
  const { sites } = await townCalendar(tx);
  return { run, siteName: run.siteId ? (sites.get(run.siteId)?.name ?? "") : null };
}

const isPlanned = (run: Run): run is ImportRun<StoredPupilImport> => run.state === "planned";

/** `/ufficio/importazioni/{id}?scheda=`: the difference, old beside new; nothing has happened yet. */
export async function importPage(visit: Visit): Promise<Answer> {
  const loaded = await visit.town.read((tx) => load(tx, visit));
  if (!loaded) return notFound;
  const { state, replacedBy, id } = loaded.run;
  if (replacedBy !== null) return seeOther(`/ufficio/importazioni/${replacedBy}`, NEWER);
  return state === "unmapped" ? seeOther(importPath({ id, state })) : view(visit, loaded);
}

/** The rejected rows with line and reason, to correct and import again. */
export async function importErrorsFile(visit: Visit): Promise<Answer> {
  const loaded = await visit.town.read((tx) => load(tx, visit));
  if (!loaded || !isPlanned(loaded.run)) return notFound;
  const { plan, file } = loaded.run.plan;
  return {
    kind: "text",
    contentType: "text/csv; charset=utf-8",
    fileName: `righe-con-errori-${loaded.run.id.slice(0, 8)}.csv`,
    text: errorFile(plan.rejected, file.headings),
  };
}

/** Writes the difference that was shown; who is missing leaves only when ticked. */
export async function applyImport(visit: Visit): Promise<Answer> {
  const { actor, fields, now } = visit;
  const importRunId = visit.params["id"] ?? "";
  if (!actor || !isUuid(importRunId)) return notFound;
  const path = `/ufficio/importazioni/${importRunId}`;
  const confirmMissing = fields.all("usciti").filter(isUuid);
  const applied = await visit.town.write((tx) =>
    applyPupils(tx, { importRunId, confirmMissing, actor, at: now }),
  );
  switch (applied.outcome) {
    case "applied":
      await refreshAfterBulk(visit.app.db, rowsWritten(applied.summary));
      return seeOther(path, "Importazione applicata.");
    case "already-applied":
      return seeOther(path, "L'importazione era già applicata.");
    case "replaced":
      return seeOther(`/ufficio/importazioni/${applied.by}`, NEWER);
    case "plan-outdated":
      return comparedAgain(visit, importRunId, {}, OUTDATED);
    case "for-the-diet-role":
      return seeOther(path, dietRoleText(applied.children));
    case "unknown-import":
    case "not-allowed":
      return notFound;
  }
}

const dietRoleText = (children: number): string =>
  `Nulla è stato applicato: il file cambia la dieta di ${plural(children, "bambino", "bambini")}. Lo applica chi cura le diete.`;
const NEWER = "Il file è stato confrontato di nuovo: questa è la differenza più recente.";
const OUTDATED =
  "Nel frattempo i dati del Comune sono cambiati. Nulla è stato applicato: questa è la differenza di adesso, da leggere e confermare.";

/** Compares the same file again, with answers to what was unclear. */
export async function planAgain(visit: Visit): Promise<Answer> {
  const { fields } = visit;
  const loaded = await visit.town.read((tx) => load(tx, visit));
  if (!loaded) return notFound;
  const decisions: Record<number, string> = {};
  for (const { line, candidates } of isPlanned(loaded.run) ? loaded.run.plan.plan.ambiguous : []) {
    const answer = fields.text(`riga-${line}`);
    const known = answer === "new" || candidates.some(({ childId }) => childId === answer);
    if (known) decisions[line] = answer;
  }
  return comparedAgain(visit, loaded.run.id, decisions, "Differenza calcolata di nuovo.");
}

/** The kept file against the town of now: the new difference, or the page that says why there is none. */
async function comparedAgain(
  visit: Visit,
  importRunId: string,
  decisions: Readonly<Record<number, string>>,
  words: string,
): Promise<Answer> {
  const { actor, now } = visit;
  if (!actor) return notFound;
  const path = (id: string): string => `/ufficio/importazioni/${id}`;
  const again = await visit.town.write((tx) =>
    planPupilsAgain(tx, { importRunId, decisions, actor, at: now }),
  );
  switch (again.outcome) {
    case "planned":
      return seeOther(path(again.importRunId), words);
    case "replaced":
      return seeOther(path(again.by), NEWER);
    case "already-applied":
      return seeOther(path(importRunId), "L'importazione era già applicata.");
    case "expired":
      return seeOther(path(importRunId));
    case "unknown-import":
    case "not-allowed":
      return notFound;
  }
}

function view(visit: Visit, { run, siteName }: { run: Run; siteName: string | null }): Html {
  const asked = visit.query["scheda"] ?? "";
  return officePage(
    visit,
    { current: "imports" },
    {
      h1: run.fileName,
      title: "Importazione",
      lead: `${siteName ?? "Tutte le scuole del file"}, dal ${f.dayAndMonth(run.effectiveOn)} ${run.effectiveOn.year}`,
      back: { href: "/ufficio/importazioni", label: "Importazioni" },
      body: html`${isPlanned(run) ? plannedBody(visit, run, isTab(asked) ? asked : null) : summaryBody(run)}`,
    },
  );
}

function plannedBody(visit: Visit, run: ImportRun<StoredPupilImport>, asked: Tab | null): Html {
  const { plan, file } = run.plan;
  const path = `/ufficio/importazioni/${run.id}`;
  const tab = asked ?? TABS.find((one) => tabCount(plan, one) > 0) ?? "nuovi";
  return html`<p>
      ${plural(file.pupils.length, "riga letta", "righe lette")}, ${f.number(plan.unchanged)} senza
      differenze.
      ${
        file.unknownHeadings.length > 0 &&
        html`<span class="quiet">Colonne non usate: ${file.unknownHeadings.join(", ")}.</span>${
            run.plan.tables && html` <a href="${path}/colonne">Indicare le colonne</a>`
          }`
      }
    </p>
    ${tabs(
      "Differenza",
      TABS.map((one) => ({
        label: TAB_LABELS[one],
        href: `${path}?scheda=${one}`,
        current: one === tab,
        count: tabCount(plan, one),
      })),
    )}
    ${
      tab === "errori" &&
      plan.rejected.length > 0 &&
      html`<p>
        ${linkButton({ href: `${path}/errori.csv`, label: "Scarica le righe con errori", icon: "it-download" })}
      </p>`
    }
    ${tabBody(visit, run, tab)}
    ${changesIn(plan) === 0 && plan.missing.length === 0 && alert({ tone: "info", title: "Il file non cambia niente." })}`;
}

function summaryBody(run: Run): Html {
  if (run.state === "expired")
    return alert({
      tone: "info",
      title:
        "Mai applicata: dopo sette giorni le righe del file si cancellano. Per applicarla va caricato di nuovo il file.",
    });
  const summary = run.plan as PupilImportSummary;
  return html`${alert({
    tone: "success",
    title: `Applicata${run.appliedAt ? ` il ${f.dayAndTime(run.appliedAt)}` : ""}${run.appliedBy ? `, ${run.appliedBy}` : ""}.`,
  })}
  ${figures([
    { label: "Nuovi", value: summary.newPupils },
    { label: "Cambiati", value: summary.changed },
    { label: "Spostati", value: summary.moved },
    { label: "Usciti", value: summary.left },
    { label: "Nuovi adulti", value: summary.newAdults },
    { label: "Iscrizioni", value: summary.newEnrolments },
    { label: "Righe con errori", value: summary.rejected },
  ])}`;
}
