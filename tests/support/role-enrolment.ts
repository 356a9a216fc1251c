// SPDX-License-Identifier: EUPL-1.2
import { rows, type RoleRow } from "./role-row.ts";

const everyone = rows("everyone", "/iscrizioni");
const manager = rows("managers", "/ufficio/compiti/iscrizioni");
const SHUT = { writesNothing: "the window is shut; who applies is asked inside it" };

/** Applying on line: public pages, since who applies may be of no family yet. */
export const APPLYING: readonly RoleRow[] = [
  everyone.get(""),
  everyone.get("/:anno", "/2026"),
  everyone.post("/:anno", "/2026", { nome: "Luca" }, SHUT),
  everyone.post("/:anno/riepilogo", "/2026/riepilogo", { nome: "Luca" }, SHUT),
  everyone.get("/domande/:id", "/domande/nessuna", { whereSet: true }),
  everyone.post(
    "/domande/:id/ritira",
    "/domande/nessuna/ritira",
    {},
    { writesNothing: "there is none of that number" },
  ),
];

export const APPLICATIONS: readonly RoleRow[] = [
  manager.get("/:id", "/{application}"),
  manager.post("/:id", "/{application}", { esito: "rifiuta", rifiuto: "prova dei ruoli" }),
];
