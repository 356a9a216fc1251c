// SPDX-License-Identifier: EUPL-1.2
/** Rows of the role table: who works for the town, ways to sign in, tablets. */
import { type RoleRow, rows } from "./role-row.ts";

const everyone = rows("everyone");
const people = rows("people");
const office = rows("office", "/ufficio");
const staff = rows("administrator", "/ufficio/impostazioni/personale");

const NO_PROVIDER = { writesNothing: "the town has no provider of its own yet" } as const;
const NO_IDENTITY = { writesNothing: "nobody came in by a provider" } as const;

/** Who works for the town. */
export const STAFF: RoleRow[] = [
  staff.get("", ""),
  staff.get("/nuovo"),
  staff.post("/nuovo", "/nuovo", { nome: "Ada Prova", codice: "a.prova", ruolo: "kitchen" }),
  staff.get("/accesso"),
  staff.post("/accesso/secondo-fattore", "/accesso/secondo-fattore", { motivo: "prova dei ruoli" }),
  staff.post(
    "/accesso/secondo-fattore/obbligatorio",
    "/accesso/secondo-fattore/obbligatorio",
    {},
    { writesNothing: "it is required already" },
  ),
  staff.get("/accesso/comune"),
  staff.post("/accesso/comune", "/accesso/comune", {
    issuer: "https://login.borgo.example/realms/comune",
    client: "campanella",
    segreto: "un segreto",
    indirizzo: "https://scuola.borgo.example",
    etichetta: "l'account del Comune",
  }),
  staff.post("/accesso/comune/prova", "/accesso/comune/prova", {}, NO_PROVIDER),
  staff.post("/accesso/comune/attiva", "/accesso/comune/attiva", { versione: "1" }, NO_PROVIDER),
  staff.post("/accesso/comune/disattiva", "/accesso/comune/disattiva", {}),
  staff.get("/:id", "/{staff}"),
  staff.post("/:id/ruoli", "/{staff}/ruoli", { ruolo: "office", dal: "{today}" }),
  staff.post("/:id/ruoli/fine", "/{staff}/ruoli/fine", { ruolo: "{grant}" }),
  staff.post("/:id/codice", "/{staff}/codice", {}),
  staff.post(
    "/:id/codice/e-mail",
    "/{staff}/codice/e-mail",
    {},
    { writesNothing: "no e-mail leaves here" },
  ),
  staff.post("/:id/e-mail", "/{staff}/e-mail", { email: "m.rossi@borgo.example" }),
  staff.post(
    "/:id/identita/rifiuta",
    "/{staff}/identita/rifiuta",
    { identita: "oidc:https://login.borgo.example#1" },
    NO_IDENTITY,
  ),
  staff.post(
    "/:id/identita/ammetti",
    "/{staff}/identita/ammetti",
    { identita: "oidc:https://login.borgo.example#1" },
    NO_IDENTITY,
  ),
  staff.post("/:id/fattore", "/{staff}/fattore", {}, { writesNothing: "there is no factor yet" }),
  staff.post("/:id/fattore/obbligo", "/{staff}/fattore/obbligo", { obbligo: "si" }),
  staff.post("/:id/disattiva", "/{staff}/disattiva", {}),
  staff.post("/:id/riattiva", "/{staff}/riattiva", {}, { writesNothing: "nobody was disabled" }),
];

const WHOLE = { writesNothing: "only the code of one child is ever joined to another" } as const;
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
  everyone.post(
    "/accedi/codice/passkey/sfida",
    "/accedi/codice/passkey/sfida",
    {},
    { writesNothing: "nobody stands there with half a sign-in" },
  ),
  everyone.post("/accedi/codice/passkey", "/accedi/codice/passkey", { risposta: "{}" }, NO_ANSWER),
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
  people.get("/accessi/unisci"),
  people.post("/accessi/unisci", "/accessi/unisci", { codice: "123456782", password: "x" }, WHOLE),
  people.post("/accessi/dividi", "/accessi/dividi", { accesso: "{session}" }, WHOLE),
  everyone.get("/dispositivo/:code", "/dispositivo/{deviceLink}"),
  everyone.post("/dispositivo/:code", "/dispositivo/{deviceLink}", {}),
];
