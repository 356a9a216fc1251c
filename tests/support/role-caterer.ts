// SPDX-License-Identifier: EUPL-1.2
/** The catering company's pages, and the office's of the news: part of the role table. */
import { type RoleRow, rows } from "./role-row.ts";

const caterer = rows("caterer", "/ristorazione");
const own = rows("caterer-only", "/ristorazione/novita");
const office = rows("office", "/ufficio/novita");
const NEWS = { titolo: "Menù invernale", testo: "Da lunedì.", fino: "" };

export const CATERER: RoleRow[] = [
  caterer.get("", ""),
  caterer.get("/pasti.csv"),
  caterer.get("/mese", "/mese?mese=2026-11&plesso={site}"),
  caterer.get("/mese.csv", "/mese.csv?mese=2026-11&plesso={site}"),
  own.get("", ""),
  own.get("/nuova"),
  own.post("/nuova", "/nuova", NEWS),
  own.get("/:id", "/{catererNews}"),
  own.post("/:id/ritira", "/{catererNews}/ritira", {}),
];

export const OFFICE_NEWS: RoleRow[] = [
  office.get("", ""),
  office.get("/nuova"),
  office.post("/nuova", "/nuova", NEWS),
  office.get("/:id", "/{news}"),
  office.post("/:id/ritira", "/{news}/ritira", {}),
];
