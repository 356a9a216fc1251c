// SPDX-License-Identifier: EUPL-1.2
import { auditOf, type AuditRow } from "#kernel/audit.ts";
import { emptyState, history } from "#ui/components.ts";
import { html } from "#kernel/html.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { childPath, ofChild, portalPage } from "../portal-page.ts";
import { momentWords } from "../receipts/receipt-words.ts";

const MANY = 200;

/** GET /figli/:slug/accessi: who else did what with this child's data, when and why (X-15). */
export function showAccesses(visit: Visit): Promise<Answer> {
  return ofChild(visit, async (tx, scope, child) => {
    const holderIds =
      child.holderId && scope.holderIds.includes(child.holderId) ? [child.holderId] : [];
    const rows = await auditOf(tx, { childIds: [child.id], holderIds, limit: MANY });
    return portalPage(
      visit,
      { current: "more", scope },
      {
        h1: "Chi ha visto questi dati",
        back: { href: childPath(child), label: child.name },
        lead: "Ogni azione di ufficio e scuola sui dati della famiglia, con il motivo.",
        body:
          rows.length === 0
            ? emptyState({ text: "Nessun accesso registrato." })
            : history(
                rows.map((row) => ({
                  when: momentWords(row.at, visit.today, visit.lang),
                  who: `${row.actorName}, ${ROLES[row.actorRole] ?? row.actorRole}`,
                  what: html`${actionWords(row)}${row.reason && html`. Motivo: ${row.reason}`}`,
                })),
              ),
      },
    );
  });
}

const ROLES: Record<string, string> = {
  office: "ufficio",
  "office-manager": "ufficio",
  administrator: "ufficio",
  school: "scuola",
  kitchen: "cucina",
  guardian: "famiglia",
  system: "sistema",
};

const ACTIONS: Record<string, string> = {
  "booking.cancel": "Pasto disdetto per la famiglia",
  "booking.restore": "Disdetta annullata per la famiglia",
  "booking.plain": "Pasto in bianco per la famiglia",
  "booking.normal": "Pasto normale per la famiglia",
  "booking.book": "Pasto prenotato per la famiglia",
  "booking.unbook": "Prenotazione disdetta per la famiglia",
  "booking.report-absence": "Assenza segnalata per la famiglia",
  "booking.absence": "Assenza registrata per la famiglia",
  "booking.resume": "Ripresa registrata per la famiglia",
  "families.update-contacts": "Contatti modificati",
  "families.correct-codice-fiscale": "Codice fiscale corretto",
  "families.change-holder": "Intestatario cambiato",
  "ledger.register-credit": "Credito registrato a mano",
  "billing.answer-dispute": "Risposta a una contestazione",
  "enrolment.enrol": "Iscrizione registrata",
  "enrolment.withdraw": "Ritiro registrato",
  "enrolment.set-diet": "Dieta registrata",
  "enrolment.set-payer-shares": "Quote a carico cambiate",
  "attendance.correct": "Presenza corretta",
  "tariffs.record-isee": "ISEE registrato",
  "identity.open-desk": "Sportello aperto",
};

const MODULES: Record<string, string> = {
  booking: "Prenotazioni",
  families: "Dati della famiglia",
  ledger: "Conto",
  billing: "Addebiti",
  enrolment: "Iscrizioni",
  attendance: "Presenze",
  tariffs: "Tariffe",
  office: "Ufficio",
};

/** Words for what is known; for the rest at least the part of the data it concerns. */
function actionWords(row: AuditRow): string {
  const known = ACTIONS[row.action];
  if (known) return known;
  const [module = ""] = row.action.split(".");
  return `${MODULES[module] ?? "Dati"}: modifica o consultazione`;
}
