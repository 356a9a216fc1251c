// SPDX-License-Identifier: EUPL-1.2
/** Rows of the role table: who works for the town, ways to sign in, tablets. */
import { type RoleRow, rows } from "./role-row.ts";

const everyone = rows("everyone");
const people = rows("people");
const office = rows("office", "/ufficio");
const staff = rows("administrator", "/ufficio/impostazioni/personale");

/** Who works for the town. */
export const STAFF: RoleRow[] = [
  staff.get("", ""),
  staff.get("/nuovo"),
  staff.post("/nuovo", "/nuovo", { nome: "Ada Prova", codice: "a.prova", ruolo: "kitchen" }),
  staff.get("/:id", "/{staff}"),
  staff.post("/:id/ruoli", "/{staff}/ruoli", { ruolo: "office", dal: "{today}" }),
  staff.post("/:id/ruoli/fine", "/{staff}/ruoli/fine", { ruolo: "{grant}" }),
  staff.post("/:id/codice", "/{staff}/codice", {}),
  staff.post("/:id/fattore", "/{staff}/fattore", {}, { writesNothing: "there is no factor yet" }),
  staff.post("/:id/disattiva", "/{staff}/disattiva", {}),
];

const NO_ANSWER = { writesNothing: "only an authenticator answers" } as const;

/** Passkeys, codes; tablets of schools and screens of kitchens. */
export const MEANS: RoleRow[] = [
  office.get("/impostazioni/dispositivi"),
  office.get("/impostazioni/dispositivi/nuovo"),
  office.post("/impostazioni/dispositivi/nuovo", "/impostazioni/dispositivi/nuovo", {
    scuola: "{site}",
    nome: "Tablet di prova",
    uso: "school",
  }),
  office.post(
    "/impostazioni/dispositivi/:id/codice",
    "/impostazioni/dispositivi/{device}/codice",
    {},
  ),
  office.post(
    "/impostazioni/dispositivi/:id/revoca",
    "/impostazioni/dispositivi/{device}/revoca",
    {},
  ),
  everyone.post("/accedi/passkey/sfida", "/accedi/passkey/sfida", {}),
  everyone.post("/accedi/passkey", "/accedi/passkey", { risposta: "{}" }, NO_ANSWER),
  people.get("/accessi/metodi"),
  people.post(
    "/accessi/metodi/passkey/sfida",
    "/accessi/metodi/passkey/sfida",
    {},
    {
      writesNothing: "where a family signs in by SPID and CIE alone, it is offered none",
    },
  ),
  people.post("/accessi/metodi/passkey", "/accessi/metodi/passkey", { risposta: "{}" }, NO_ANSWER),
  people.post(
    "/accessi/metodi/passkey/togli",
    "/accessi/metodi/passkey/togli",
    { passkey: "di nessuno" },
    { writesNothing: "it is nobody's" },
  ),
  people.post(
    "/accessi/metodi/codici",
    "/accessi/metodi/codici",
    { cifre: "123456" },
    {
      writesNothing: "no app was told a key",
    },
  ),
  people.post(
    "/accessi/metodi/codici/togli",
    "/accessi/metodi/codici/togli",
    {},
    {
      writesNothing: "there are none",
    },
  ),
  everyone.get("/dispositivo/:code", "/dispositivo/{deviceLink}"),
  everyone.post("/dispositivo/:code", "/dispositivo/{deviceLink}", {}),
];
