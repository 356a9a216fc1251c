// SPDX-License-Identifier: EUPL-1.2
/**
 * Who may do what, route by route: data only. `tests/surfaces/role-table.test.ts` asks the running site whether it is
 * true; `scripts/draw-roles.ts` writes it as a page of the guide. A route without a row fails the test.
 *
 * `{words}` in addresses and forms are real ids of `tests/support/role-world.ts`: of one's own family or class, of
 * another one of the town, or of another town.
 */
import { BUS } from "./role-bus.ts";
import { CATERER, OFFICE_NEWS } from "./role-caterer.ts";
import { APPLICATIONS, APPLYING } from "./role-enrolment.ts";
import { IDENTITIES } from "./role-identity.ts";
import { OFFICE_MONEY, PAYEE, REASON } from "./role-money.ts";
import { type RoleRow, rows } from "./role-row.ts";
import { MEANS, STAFF } from "./role-staff.ts";

export { type Delegated, isScoping, type RoleRow, type Who } from "./role-row.ts";

const everyone = rows("everyone");
const view = rows("family", "", { delegated: "view" });
const days = rows("family", "", { delegated: "absences" });
const money = rows("family", "", { delegated: "payments" });
const held = rows("family", "", { delegated: "all" });
const data = rows("family", "", { delegated: "no" });
const people = rows("people");
const school = rows("school");
const kitchen = rows("kitchen");
const office = rows("office", "/ufficio");
const diets = rows("diets", "/ufficio");
const manager = rows("managers", "/ufficio");
const admin = rows("administrator", "/ufficio/impostazioni/pagopa");

const MEAL = { servizio: "mensa", giorno: "{day}" };
const PUPILS = "Cognome;Nome;Data di nascita;Classe\nNeri;Ugo;01/02/2018;3A\n";

const NO_CODE = { writesNothing: "the code or link opens, and nobody here has one" } as const;

const PUBLIC: RoleRow[] = [
  everyone.get("/"),
  everyone.get("/salute"),
  everyone.get("/assets/*", "/assets/{asset}"),
  everyone.get("/lingua", "/lingua?l=it"),
  everyone.get("/accedi"),
  everyone.get("/accedi/ruolo"),
  everyone.post("/accedi", "/accedi", { codice: "nessuno", password: "una parola sbagliata" }),
  everyone.get("/accedi/codice"),
  everyone.post(
    "/accedi/codice",
    "/accedi/codice",
    { cifre: "123456" },
    {
      writesNothing: "no password was right before",
    },
  ),
  everyone.get("/accedi/attiva"),
  everyone.post("/accedi/attiva", "/accedi/attiva", {
    codice: "123456782",
    attivazione: "AAAA-BBBB-CCCC",
    password: "quarantadue pinguini",
    "password-ripetuta": "quarantadue pinguini",
  }),
  everyone.get("/accedi/collegamento"),
  everyone.post(
    "/accedi/collegamento",
    "/accedi/collegamento",
    { bambino: "Giulia Ferrando", scuola: "Milano" },
    { writesNothing: "no provider vouched for anybody" },
  ),
  everyone.get("/accedi/recupero"),
  everyone.post("/accedi/recupero", "/accedi/recupero", { chi: "123456782" }, NO_CODE),
  everyone.get("/accedi/recupero/inviato"),
  everyone.get("/accedi/recupero/:token", "/accedi/recupero/nessuno", { whereSet: true }),
  everyone.post("/accedi/recupero/:token", "/accedi/recupero/nessuno", {}, NO_CODE),
  everyone.post("/accedi/persona", "/accedi/persona", { persona: "{persona}" }),
  everyone.post("/esci", "/esci", {}, { writesNothing: "a visitor has no session to end" }),
  everyone.get("/app.webmanifest"),
  everyone.get("/senza-rete.js"),
  everyone.get("/senza-rete"),
  everyone.get("/servizi"),
  everyone.get("/novita"),
  everyone.get("/sportello"),
  everyone.get("/accessibilita"),
  everyone.get("/privacy"),
  everyone.get("/note-legali"),
  everyone.get("/aiuto"),
  everyone.get("/verifica", "/verifica?codice={receipt}"),
  everyone.get("/scuola-senza-rete.js"),
  everyone.get("/scuola/senza-rete/pagina"),
];

/** One's own open sessions: of everybody who signed in. */
const PEOPLE: RoleRow[] = [
  people.get("/accessi"),
  people.post(
    "/accessi/chiudi",
    "/accessi/chiudi",
    { accesso: "{session}" },
    { writesNothing: "of one's own sessions only; this one is nobody's" },
  ),
  people.get("/password"),
  people.post(
    "/password",
    "/password",
    { "password-attuale": "quella di adesso", password: "x", "password-ripetuta": "x" },
    { writesNothing: "whoever came in without a password has none to change" },
  ),
  people.post("/accessi/altri", "/accessi/altri", {}, { writesNothing: "there is only this one" }),
];

const outside = rows("outside");

/** From other systems, some through the visitor's browser: each proves itself by certificate or signature. */
const OUTSIDE: RoleRow[] = [
  outside.post("/pagopa/stazione", "/pagopa/stazione", {}),
  ...["/spid", "/cie", "/eidas"].flatMap((federation) => [
    rows("everyone", federation).get("/metadata", "/metadata", { whereSet: true }),
    rows("everyone", federation).get("/entra", "/entra", { whereSet: true }),
    rows("everyone", federation).get("/slo", "/slo", { whereSet: true }),
    rows("everyone", federation).get("/esito/:esito", "/esito/unknown"),
    rows("outside", federation).post("/acs", "/acs", {}),
    rows("outside", federation).post("/slo", "/slo", {}),
  ]),
  ...["/.well-known/openid-federation", "/resolve", "/entra", "/callback"].map((path) =>
    rows("everyone", "/oidc/cie").get(path, path, { whereSet: true }),
  ),
  everyone.get("/accedi/comune", "/accedi/comune", { whereSet: true }),
  everyone.get("/accedi/comune/ritorno", "/accedi/comune/ritorno", { whereSet: true }),
  everyone.get("/uscita"),
  everyone.get("/uscita/provider"),
];

const FAMILY: RoleRow[] = [
  rows("family-pages").get("/riprendi"),
  view.get("/oggi"),
  days.post("/figli/:slug/pasti", "/figli/{slug}/pasti", { ...MEAL, atto: "cancel" }),
  view.get("/disdici", "/disdici?giorno={day}"),
  days.post("/disdici", "/disdici", { giorno: "{day}", scelta: "{slug}/mensa" }),
  view.get("/ricevute"),
  view.get("/ricevute/:codice", "/ricevute/{receipt}"),
  data.get("/ricevute/:codice/contesta", "/ricevute/{receipt}/contesta"),
  view.get("/calendario"),
  view.get("/figli/:slug", "/figli/{slug}"),
  view.get("/figli/:slug/calendario", "/figli/{slug}/calendario"),
  days.post("/figli/:slug/giorni", "/figli/{slug}/giorni", MEAL),
  view.get("/figli/:slug/giorni/:giorno", "/figli/{slug}/giorni/{day}"),
  view.get("/figli/:slug/assenze", "/figli/{slug}/assenze"),
  days.post("/figli/:slug/assenze", "/figli/{slug}/assenze", {
    per: "{slug}",
    dal: "{day}",
    al: "{laterDay}",
    ...REASON,
  }),
  days.get("/figli/:slug/assenze/nuova", "/figli/{slug}/assenze/nuova"),
  days.post("/figli/:slug/assenze/riprendi", "/figli/{absentSlug}/assenze/riprendi", {
    servizio: "mensa",
    dal: "{laterDay}",
  }),
  days.post("/figli/:slug/assenze/prolunga", "/figli/{absentSlug}/assenze/prolunga", {
    servizio: "mensa",
    dal: "{day}",
    al: "{laterDay}",
  }),
  data.get("/figli/:slug/accessi", "/figli/{slug}/accessi"),
  data.get("/figli/:slug/dati", "/figli/{slug}/dati"),
  data.get("/figli/:slug/dati/modifica", "/figli/{slug}/dati/modifica"),
  data.post("/figli/:slug/dati/modifica", "/figli/{slug}/dati/modifica", { city: "Altrove" }),
  money.get("/ricarica"),
  money.get("/carrello", "/carrello?avviso={notice}"),
  money.post("/carrello", "/carrello", { avviso: "{notice}", azione: "paga" }),
  money.get("/pagamenti"),
  money.get("/pagamenti/carrello/:id", "/pagamenti/carrello/{cart}"),
  money.get("/pagamenti/carrello/:id/stato", "/pagamenti/carrello/{cart}/stato"),
  money.get("/pagamenti/avvisi/:numero", "/pagamenti/avvisi/{notice}"),
  money.get("/pagamenti/avvisi/:numero/avviso.pdf", "/pagamenti/avvisi/{notice}/avviso.pdf"),
  money.get("/pagamenti/avvisi/:numero/lettera.pdf", "/pagamenti/avvisi/{notice}/lettera.pdf"),
  money.get("/pagamenti/avvisi/:numero/ricevuta.pdf", "/pagamenti/avvisi/{paid}/ricevuta.pdf"),
  money.get("/pagamenti/avvisi/:numero/elimina", "/pagamenti/avvisi/{notice}/elimina"),
  money.post("/pagamenti/avvisi/:numero/elimina", "/pagamenti/avvisi/{notice}/elimina", {}),
  money.get("/pagamenti/:anno/:numero", "/pagamenti/{bill}", { numbered: true }),
  money.get("/pagamenti/registrati/:id/ricevuta.pdf", "/pagamenti/registrati/{desk}/ricevuta.pdf"),
  money.get("/borsellino"),
  money.get("/borsellino/richieste"),
  money.get("/borsellino/richieste/rimborso"),
  held.post("/borsellino/richieste/rimborso", "/borsellino/richieste/rimborso", {
    da: "{account}",
    importo: "1,00",
    ...PAYEE,
    ...REASON,
  }),
  money.get("/borsellino/richieste/trasferimento"),
  held.post("/borsellino/richieste/trasferimento", "/borsellino/richieste/trasferimento", {
    da: "{account}",
    a: "{siblingAccount}",
    importo: "1,00",
    ...REASON,
  }),
  held.post("/borsellino/richieste/:id/ritira", "/borsellino/richieste/{request}/ritira", {}),
  money.post("/borsellino/richieste/:id/iban", "/borsellino/richieste/{approved}/iban", PAYEE, {
    writesNothing: "it has its IBAN; whoever only pays reads that the holder says it",
  }),
  money.get("/documenti"),
  money.get("/documenti/estratto-conto"),
  money.get("/documenti/estratto-conto.pdf"),
  money.get(
    "/documenti/:anno/:conto/:slug/attestazione.pdf",
    "/documenti/2026/{holder}/{slug}/attestazione.pdf",
  ),
  money.get("/addebiti/:id", "/addebiti/{charge}"),
  money.get("/addebiti/:id/contesta", "/addebiti/{charge}/contesta"),
  money.post("/addebiti/:id/contesta", "/addebiti/{charge}/contesta", { testo: "era a casa" }),
  view.get("/messaggi"),
  money.get("/messaggi/:id", "/messaggi/{message}"),
  view.get("/dati"),
  view.get("/dati/modifica"),
  view.post("/dati/modifica", "/dati/modifica", { city: "Altrove" }),
  data.get("/dati/correzione", "/dati/correzione?di={slug}"),
  data.post("/dati/correzione", "/dati/correzione", { di: "{slug}", cosa: "name", testo: "De" }),
  data.get("/dati/accessi", "/dati/accessi?mese=2026-11"),
  data.get("/dati/delegati"),
  data.post("/dati/delegati", "/dati/delegati", {
    nome: "Rosa",
    cognome: "Neri",
    cf: "{delegateCode}",
    puo: "view",
  }),
  data.post("/dati/delegati/:id/fine", "/dati/delegati/{delegation}/fine", {}),
  view.get("/altro"),
  view.get("/installa"),
];

const SCHOOL: RoleRow[] = [
  school.get("/scuola"),
  school.get("/scuola/senza-rete", "/scuola/senza-rete?pagine=1"),
  school.get("/scuola/elenco", "/scuola/elenco?plesso={site}"),
  school.post("/scuola/adulti", "/scuola/adulti", {
    plesso: "{site}",
    servizio: "mensa",
    giorno: "{today}",
    adulti: "3",
  }),
  school.get("/scuola/fogli"),
  school.get("/scuola/:classId", "/scuola/{class}"),
  school.post(
    "/scuola/:classId",
    "/scuola/{class}",
    { fase: "mattino", giorno: "{today}", servizio: "mensa", assenti: "{child}" },
    { leavesOut: true },
  ),
  school.get("/scuola/:classId/foglio", "/scuola/{class}/foglio"),
  school.get("/scuola/:classId/fuori-lista", "/scuola/{class}/fuori-lista?q={surname}"),
  school.post("/scuola/:classId/fuori-lista", "/scuola/{class}/fuori-lista", {
    bambino: "{child}",
    giorno: "{today}",
    servizio: "mensa",
  }),
  school.get("/scuola/:classId/correzioni", "/scuola/{class}/correzioni"),
  school.post("/scuola/:classId/correzioni", "/scuola/{class}/correzioni", {
    bambino: "{child}",
    stato: "absent",
    giorno: "{today}",
    servizio: "mensa",
    ...REASON,
  }),
];

const KITCHEN: RoleRow[] = [
  kitchen.get("/cucina"),
  kitchen.get("/cucina/versione"),
  kitchen.get("/cucina/differenze"),
  kitchen.get("/cucina/stampa"),
  kitchen.get("/cucina/ordine.csv"),
  kitchen.get("/cucina/diete"),
  kitchen.get("/cucina/etichette"),
  rows("kitchen-only").post("/cucina/presa-visione", "/cucina/presa-visione", {
    differenze: "{digest}",
    giorno: "{today}",
    servizio: "mensa",
  }),
];

const OF_FAMILY = "/famiglie/{holder}";
const PERSON = `${OF_FAMILY}/persone/{adult}`;
const CHILD = `${OF_FAMILY}/figli/{child}`;

const OFFICE_DAY: RoleRow[] = [
  office.get("", ""),
  office.post("/servi-tutti", "/servi-tutti", { stato: "1" }),
  office.get("/cerca", "/cerca?q={surname}"),
  office.get("/cerca/suggerimenti", "/cerca/suggerimenti?q={surname}"),
  office.get("/ricevute/:code", "/ricevute/{receipt}"),
  office.get("/classi/:id", "/classi/{class}"),
  office.get("/giornate"),
  office.post("/giornate/chiudi", "/giornate/chiudi", {
    servizio: "{service}",
    data: "{openDay}",
    scuole: "{site}",
    "senza-appello": "1",
  }),
  office.get("/giornate/:date/:siteId", "/giornate/{closedDay}/{site}"),
  office.post("/giornate/:date/:siteId/riapri", "/giornate/{closedDay}/{site}/riapri", REASON),
  office.get("/giornate/:date/classi/:classId", "/giornate/{today}/classi/{class}"),
  office.get(
    "/giornate/:date/classi/:classId/:childId",
    "/giornate/{today}/classi/{class}/{child}",
  ),
  office.post(
    "/giornate/:date/classi/:classId/:childId",
    "/giornate/{today}/classi/{class}/{child}",
    { presenza: "absent", ...REASON },
  ),
  office.get("/compiti"),
  office.get("/compiti/fuori-lista/:id", "/compiti/fuori-lista/{walkIn}"),
  office.post("/compiti/fuori-lista/:id", "/compiti/fuori-lista/{walkIn}", { bambino: "" }),
  office.get("/compiti/correzioni/:id", "/compiti/correzioni/{correction}"),
  office.post("/compiti/correzioni/:id", "/compiti/correzioni/{correction}", {
    esito: "no",
    risposta: "resta",
  }),
  manager.get("/compiti/collegamenti/:id", "/compiti/collegamenti/{stranger}"),
  manager.post("/compiti/collegamenti/:id", "/compiti/collegamenti/{stranger}", {
    esito: "rifiuta",
    rifiuto: "prova dei ruoli",
  }),
  office.get("/chiusure"),
  manager.get("/chiusure/nuova"),
  manager.post("/chiusure/nuova", "/chiusure/nuova", {
    scuola: "{site}",
    dal: "{laterDay}",
    al: "{laterDay}",
    motivo: "weather",
    mostrato: "{service}|{site}||{laterDay}|{laterDay}",
    atto: "chiudi",
  }),
  office.get("/chiusure/:id", "/chiusure/{closure}"),
  manager.post("/chiusure/:id/annulla", "/chiusure/{closure}/annulla", REASON),
  office.get("/calendario"),
  office.get("/tariffe"),
  office.get("/impostazioni"),
  rows("administrator", "/ufficio").get("/impostazioni/sicurezza"),
  manager.get("/impostazioni/stemma"),
  manager.get("/impostazioni/stemma/immagine.png", "/impostazioni/stemma/immagine.png", {
    whereSet: true,
  }),
  manager.post(
    "/impostazioni/stemma",
    "/impostazioni/stemma",
    {},
    {
      file: { field: "stemma", name: "stemma.png", text: "not a picture" },
      writesNothing: "what comes is no picture",
    },
  ),
  manager.post("/impostazioni/stemma/togli", "/impostazioni/stemma/togli", {}),
  office.get("/importazioni"),
  office.post(
    "/importazioni",
    "/importazioni",
    { scuola: "{site}", decorrenza: "{today}" },
    { file: { field: "file", name: "elenco.csv", text: PUPILS } },
  ),
  office.get("/importazioni/:id", "/importazioni/{import}"),
  office.get("/importazioni/:id/colonne", "/importazioni/{unmapped}/colonne"),
  office.post("/importazioni/:id/colonne", "/importazioni/{unmapped}/colonne", {
    file: "0",
    tipo: "alunni",
    "colonna-surname": "cogniscr",
    "colonna-givenName": "nomiscr",
    "colonna-birthDate": "nasc",
    "colonna-className": "gruppo",
  }),
  office.get("/importazioni/:id/errori.csv", "/importazioni/{import}/errori.csv"),
  office.post("/importazioni/:id/applica", "/importazioni/{import}/applica", {}),
  office.post("/importazioni/:id/rifai", "/importazioni/{import}/rifai", {}),
];

const OFFICE_FAMILY: RoleRow[] = [
  office.get("/famiglie/:id", OF_FAMILY),
  office.get("/famiglie/:id/sportello", `${OF_FAMILY}/sportello`),
  office.post("/famiglie/:id/sportello", `${OF_FAMILY}/sportello`, { motivo: "telefonata" }),
  office.post(
    "/sportello/chiudi",
    "/sportello/chiudi",
    {},
    {
      writesNothing: "only a session with a desk open has one to close",
    },
  ),
  office.get("/famiglie/:id/credito", `${OF_FAMILY}/credito`),
  office.post("/famiglie/:id/credito", `${OF_FAMILY}/credito`, {
    conto: "{account}",
    modo: "bank-transfer",
    importo: "5,00",
    data: "{today}",
    causale: "prova",
  }),
  office.get("/famiglie/:id/estratto-conto", `${OF_FAMILY}/estratto-conto`),
  office.get("/famiglie/:id/spese", `${OF_FAMILY}/spese`),
  office.get(
    "/famiglie/:id/spese/:anno/:childId/attestazione.pdf",
    `${OF_FAMILY}/spese/2026/{child}/attestazione.pdf`,
  ),
  office.get("/famiglie/:id/persone/:personId/contatti", `${PERSON}/contatti`),
  office.post("/famiglie/:id/persone/:personId/contatti", `${PERSON}/contatti`, {
    city: "Altrove",
    ...REASON,
  }),
  office.get("/famiglie/:id/persone/:personId/codice-fiscale", `${PERSON}/codice-fiscale`),
  office.post("/famiglie/:id/persone/:personId/codice-fiscale", `${PERSON}/codice-fiscale`, {
    codice: "RSSMRA85C52F401H",
    ...REASON,
  }),
  office.get("/famiglie/:id/figli/:childId/isee", `${CHILD}/isee`),
  office.post("/famiglie/:id/figli/:childId/isee", `${CHILD}/isee`, {
    tipo: "ordinario",
    valore: "9000",
    presentato: "2026-11-02",
    dal: "2026-11-02",
    al: "2026-12-31",
    decorrenza: "2026-12-01",
    ...REASON,
  }),
  diets.get("/famiglie/:id/figli/:childId/dieta", `${CHILD}/dieta`),
  diets.post("/famiglie/:id/figli/:childId/dieta", `${CHILD}/dieta`, {
    codice: "D-02",
    dal: "{laterDay}",
  }),
  office.get("/figli/:childId/intestatario", "/figli/{child}/intestatario"),
  office.post("/figli/:childId/intestatario", "/figli/{child}/intestatario", {
    codice: "{otherPayer}",
    dal: "{laterDay}",
    ...REASON,
  }),
  office.get("/famiglie/:id/pagamenti", `${OF_FAMILY}/pagamenti`),
  office.get("/famiglie/:id/pagamento", `${OF_FAMILY}/pagamento`),
  office.post(
    "/famiglie/:id/pagamento",
    `${OF_FAMILY}/pagamento`,
    {
      destinazione: "{account}",
      modo: "other-portal",
      importo: "5,00",
      data: "2026-11-18",
      "pagato-da": "Sara",
      identificativo: "IUR-1",
    },
    { file: { field: "ricevuta", name: "ricevuta.pdf", text: "%PDF-1.4 prova" } },
  ),
  office.get("/famiglie/:id/buoni", `${OF_FAMILY}/buoni`),
  office.post("/famiglie/:id/buoni", `${OF_FAMILY}/buoni`, {
    bambino: "{child}",
    conto: "{account}",
    buoni: "1",
    valore: "4,60",
    data: "2026-11-20",
    "pagato-da": "Sara",
  }),
  office.get("/famiglie/:id/rate", `${OF_FAMILY}/rate`),
  manager.post("/famiglie/:id/rate", `${OF_FAMILY}/rate`, {
    conto: "{debtAccount}",
    importo: "10,00",
    rate: "2",
    prima: "2026-12-15",
    ...REASON,
  }),
  office.get("/famiglie/:id/annullamento", `${OF_FAMILY}/annullamento`),
  manager.post("/famiglie/:id/annullamento", `${OF_FAMILY}/annullamento`, {
    conto: "{debtAccount}",
    importo: "1,00",
    ...REASON,
  }),
];

const CREDITOR = "77777777777";

const SETTINGS: RoleRow[] = [
  admin.get("", ""),
  admin.get("/stazioni/nuova"),
  admin.post("/stazioni/nuova", "/stazioni/nuova", {
    ente: CREDITOR,
    intermediario: CREDITOR,
    stazione: `${CREDITOR}_02`,
    segregazione: "45",
    modo: "sincrona",
  }),
  admin.get("/stazioni/:key/ritira", "/stazioni/{station}/ritira"),
  admin.post("/stazioni/:key/ritira", "/stazioni/{station}/ritira", {}),
  admin.get("/conti/nuovo"),
  admin.post("/conti/nuovo", "/conti/nuovo", {
    ente: CREDITOR,
    iban: "IT24D0542811101000000654321",
    tipo: "bank",
  }),
  admin.post("/conti/:id/ritira", "/conti/{bankAccount}/ritira", {}),
  admin.get("/enti/nuovo"),
  admin.post("/enti/nuovo", "/enti/nuovo", { codice: "06363391001", nome: "Unione di prova" }),
  admin.get("/chiavi"),
  admin.post("/chiavi", "/chiavi", { servizio: "gpd", chiave: "0123456789abcdef0123456789abcdef" }),
  admin.post("/prova", "/prova", {}, { writesNothing: "it only asks" }),
];

export const ROLE_TABLE: readonly RoleRow[] = [
  ...PUBLIC,
  ...PEOPLE,
  ...OUTSIDE,
  ...APPLYING,
  ...FAMILY,
  ...SCHOOL,
  ...KITCHEN,
  ...BUS,
  ...CATERER,
  ...OFFICE_NEWS,
  ...OFFICE_DAY,
  ...OFFICE_FAMILY,
  ...APPLICATIONS,
  ...OFFICE_MONEY,
  ...SETTINGS,
  ...IDENTITIES,
  ...STAFF,
  ...MEANS,
];
