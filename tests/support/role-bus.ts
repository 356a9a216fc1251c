// SPDX-License-Identifier: EUPL-1.2
/** Rows of the role table: the school bus, for whoever drives and for the office. */
import { type RoleRow, rows } from "./role-row.ts";

const driver = rows("driver");
const office = rows("office", "/ufficio/scuolabus");
const STOP = { "id-1": "0190a1b2-0000-7000-8000-000000000002", "fermata-1": "Mare" } as const;

export const BUS: RoleRow[] = [
  driver.get("/autista"),
  driver.get("/autista/:id", "/autista/{busLine}"),
  driver.get("/autista/:id/stampa", "/autista/{busLine}/stampa"),
  office.get("", ""),
  office.get("/nuova"),
  office.post("/nuova", "/nuova", {
    servizio: "{busService}",
    nome: "Mare",
    ...STOP,
    "andata-1": "07:20",
  }),
  office.get("/:id", "/{busLine}"),
  office.get("/:id/fermate", "/{busLine}/fermate"),
  office.post("/:id/fermate", "/{busLine}/fermate", {
    nome: "Nuova",
    ...STOP,
    "ritorno-1": "13:50",
  }),
  office.post("/:id/fine", "/{emptyLine}/fine", { ultimo: "{today}" }),
  office.get("/:id/aggiungi", "/{busLine}/aggiungi"),
  office.post("/:id/aggiungi", "/{busLine}/aggiungi", {
    bambino: "{busSibling}",
    andata: "{busStop}",
    dal: "{today}",
  }),
  office.get("/bambini/:serviceId/:childId", "/bambini/{busService}/{child}"),
  office.post("/bambini/:serviceId/:childId", "/bambini/{busService}/{child}", {
    togli: "1",
    dal: "{today}",
  }),
];
