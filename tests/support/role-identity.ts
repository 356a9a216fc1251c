// SPDX-License-Identifier: EUPL-1.2
import { type RoleRow, rows } from "./role-row.ts";

const page = rows("administrator", "/ufficio/impostazioni/accesso");
const NOTHING_SAVED = { writesNothing: "the town has told that federation nothing yet" };

/** SPID, CIE and eIDAS, and the journal of what was said. */
export const IDENTITIES: readonly RoleRow[] = [
  page.get("", ""),
  page.get("/registro"),
  page.post("/registro", "/registro", {
    messaggio: "_richiesta",
    dal: "{today}",
    al: "{today}",
    motivo: "prova dei ruoli",
  }),
  page.get("/cie-oidc"),
  page.post("/cie-oidc", "/cie-oidc", {
    indirizzo: "https://scuola.borgo.example",
    entita: "https://scuola.borgo.example/oidc/cie",
    nome: "Comune di Borgo di prova",
    pec: "comune@pec.borgo.example",
    gestore: "https://cie.example.org",
    ancora: "https://registro.example.org",
    chiaviAncora: `{"keys":[{"kty":"RSA","kid":"a","n":"AQAB","e":"AQAB"}]}`,
    superiori: "https://registro.example.org",
    livello: "2",
  }),
  page.post("/cie-oidc/chiavi", "/cie-oidc/chiavi", { gruppo: "servizio" }, NOTHING_SAVED),
  page.post("/cie-oidc/chiavi/usa", "/cie-oidc/chiavi/usa", { gruppo: "servizio" }, NOTHING_SAVED),
  page.post(
    "/cie-oidc/chiavi/ritira",
    "/cie-oidc/chiavi/ritira",
    { gruppo: "servizio" },
    NOTHING_SAVED,
  ),
  page.post("/cie-oidc/prova", "/cie-oidc/prova", {}, { writesNothing: "it only asks" }),
  page.post("/cie-oidc/attiva", "/cie-oidc/attiva", { versione: "1" }, NOTHING_SAVED),
  page.post("/cie-oidc/disattiva", "/cie-oidc/disattiva", {}),
  page.get("/:federation", "/spid"),
  page.post("/:federation", "/spid", {
    indirizzo: "https://scuola.borgo.example",
    entita: "https://scuola.borgo.example/spid/metadata",
    nome: "Comune di Borgo di prova",
    nomeBreve: "Borgo di prova",
    sito: "https://www.borgo.example",
    localita: "Borgo di prova",
    email: "scuola@borgo.example",
    ipa: "c_f205",
    livello: "2",
  }),
  page.post("/:federation/certificato", "/spid/certificato", {}, NOTHING_SAVED),
  page.post("/:federation/certificato/usa", "/spid/certificato/usa", {}, NOTHING_SAVED),
  page.post("/:federation/certificato/ritira", "/spid/certificato/ritira", {}, NOTHING_SAVED),
  page.post("/:federation/attiva", "/spid/attiva", { versione: "1" }, NOTHING_SAVED),
  page.post("/:federation/disattiva", "/spid/disattiva", {}),
];
