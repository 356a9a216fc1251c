// SPDX-License-Identifier: EUPL-1.2
/** Rows of the role table: bills, payments, refunds and what the treasury says. */
import { type RoleRow, rows } from "./role-row.ts";

const office = rows("office", "/ufficio");
const manager = rows("managers", "/ufficio");

export const IBAN = "IT60X0542811101000000123456";
export const PAYEE = { iban: IBAN, intestato: "Sara Ferrando" };
export const REASON = { motivo: "prova" };

export const OFFICE_MONEY: RoleRow[] = [
  office.get("/avvisi"),
  office.post(
    "/avvisi/prepara",
    "/avvisi/prepara",
    { servizio: "{service}", mese: "2026-10" },
    { writesNothing: "days of the month are open" },
  ),
  office.post(
    "/avvisi/quote",
    "/avvisi/quote",
    { servizio: "{service}" },
    { writesNothing: "a canteen paid by the meal has no fixed fee" },
  ),
  office.get("/avvisi/:year/:number", "/avvisi/{bill}", { numbered: true }),
  manager.post(
    "/avvisi/:year/:number/rifai",
    "/avvisi/{bill}/rifai",
    { totale: "0", ...REASON },
    {
      numbered: true,
      writesNothing: "nothing on that bill was corrected",
    },
  ),
  office.get("/ricalcolo", "/ricalcolo?servizio={service}"),
  manager.post(
    "/ricalcolo",
    "/ricalcolo",
    { servizio: "{service}", visto: "0:0:0:0", ...REASON },
    { writesNothing: "no price has changed" },
  ),
  office.get("/addebiti/:id", "/addebiti/{charge}"),
  office.get("/primi-avvisi"),
  office.post(
    "/primi-avvisi",
    "/primi-avvisi",
    { servizio: "{service}", giorno: "{today}", avvisi: "0", centesimi: "0" },
    { writesNothing: "a canteen paid afterwards has no first notice" },
  ),
  office.get("/solleciti"),
  office.post(
    "/solleciti",
    "/solleciti",
    { giorni: "0", pagamenti: "0", centesimi: "0" },
    { writesNothing: "nothing is overdue" },
  ),
  office.get("/e-mail"),
  office.post("/e-mail/:id/rimanda", "/e-mail/{email}/rimanda", {}),
  office.post("/e-mail/:id/togli", "/e-mail/{email}/togli", {}),
  office.get("/contestazioni"),
  office.get("/contestazioni/:id", "/contestazioni/{dispute}"),
  office.post("/contestazioni/:id", "/contestazioni/{dispute}", {
    esito: "respinta",
    risposta: "corretto",
  }),
  office.get("/pagamenti"),
  office.get("/pagamenti/da-sistemare"),
  office.get("/pagamenti/da-sistemare/:id", "/pagamenti/da-sistemare/{case}"),
  manager.post("/pagamenti/da-sistemare/:id", "/pagamenti/da-sistemare/{case}", {
    conto: "rimborso",
    ...REASON,
  }),
  office.get("/pagamenti/registrati/:id", "/pagamenti/registrati/{desk}"),
  office.get("/pagamenti/registrati/:id/ricevuta.pdf", "/pagamenti/registrati/{desk}/ricevuta.pdf"),
  office.get("/pagamenti/registrati/:id/allegato", "/pagamenti/registrati/{desk}/allegato"),
  office.get("/pagamenti/avvisi/:numero", "/pagamenti/avvisi/{notice}"),
  manager.post("/pagamenti/avvisi/:numero", "/pagamenti/avvisi/{notice}", REASON),
  office.get("/pagamenti/avvisi/:numero/rate", "/pagamenti/avvisi/{billNotice}/rate"),
  manager.post("/pagamenti/avvisi/:numero/rate", "/pagamenti/avvisi/{billNotice}/rate", {
    rate: "2",
    prima: "2026-12-15",
    ...REASON,
  }),
  office.get("/pagamenti/crediti-rimasti"),
  manager.post(
    "/pagamenti/crediti-rimasti",
    "/pagamenti/crediti-rimasti",
    { conti: "{account}" },
    { writesNothing: "the school year is not over" },
  ),
  office.get("/pagamenti/annullamenti"),
  manager.post("/pagamenti/annullamenti/:id", "/pagamenti/annullamenti/{writeOff}", {
    esito: "approva",
  }),
  office.get("/famiglie/:id/credenziali", "/famiglie/{holder}/credenziali"),
  office.post("/famiglie/:id/credenziali", "/famiglie/{holder}/credenziali", { canale: "paper" }),
  office.get("/credenziali"),
  office.get("/credenziali/nuove"),
  office.post("/credenziali/nuove", "/credenziali/nuove", {}),
  office.get("/credenziali/:id", "/credenziali/{letters}"),
  office.get("/credenziali/:id/stato", "/credenziali/{letters}/stato"),
  office.get("/credenziali/:id/lettere.pdf", "/credenziali/{letters}/lettere.pdf"),
  office.post("/credenziali/:id/elimina", "/credenziali/{letters}/elimina", {}),
  office.get("/pagamenti/stampe"),
  office.get("/pagamenti/stampe/nuova"),
  office.post("/pagamenti/stampe/nuova", "/pagamenti/stampe/nuova", {}),
  office.get("/pagamenti/stampe/:id", "/pagamenti/stampe/{print}"),
  office.get("/pagamenti/stampe/:id/stato", "/pagamenti/stampe/{print}/stato"),
  office.get("/pagamenti/stampe/:id/avvisi.pdf", "/pagamenti/stampe/{print}/avvisi.pdf"),
  office.get("/pagamenti/stampe/:id/avvisi.zip", "/pagamenti/stampe/{print}/avvisi.zip"),
  office.get("/pagamenti/stampe/:id/elenco.csv", "/pagamenti/stampe/{print}/elenco.csv"),
  office.post("/pagamenti/stampe/:id/elimina", "/pagamenti/stampe/{print}/elimina", {}),
  office.get("/richieste"),
  office.get("/richieste/:id", "/richieste/{request}"),
  manager.post("/richieste/:id", "/richieste/{request}", { esito: "approva" }),
  manager.post("/richieste/:id/iban", "/richieste/{approved}/iban", PAYEE),
  manager.post("/richieste/:id/rimetti", "/richieste/{approved}/rimetti", REASON),
  office.get("/richieste/bonifici"),
  manager.post("/richieste/bonifici", "/richieste/bonifici", {
    data: "2026-11-25",
    richieste: "{approved}",
  }),
  office.get("/richieste/bonifici/:id", "/richieste/bonifici/{batch}"),
  manager.get("/richieste/bonifici/:id/distinta.xml", "/richieste/bonifici/{batch}/distinta.xml"),
  manager.post("/richieste/bonifici/:id/inviata", "/richieste/bonifici/{newBatch}/inviata", {}),
  manager.post("/richieste/bonifici/:id/scarta", "/richieste/bonifici/{batch}/scarta", REASON, {
    writesNothing: "that file went to the bank",
  }),
  manager.post("/richieste/bonifici/:id/pagati", "/richieste/bonifici/{batch}/pagati", {
    pagati: "{ordered}",
    data: "{today}",
  }),
  manager.post("/richieste/bonifici/:id/tornato", "/richieste/bonifici/{batch}/tornato", {
    rimborso: "{ordered}",
    ...REASON,
  }),
  office.get("/riconciliazione"),
  office.get("/riconciliazione/flussi/:id", "/riconciliazione/flussi/{flow}"),
  office.get(
    "/riconciliazione/flussi/:id/righe/:line",
    "/riconciliazione/flussi/{flow}/righe/{line}",
  ),
  manager.post(
    "/riconciliazione/flussi/:id/righe/:line",
    "/riconciliazione/flussi/{flow}/righe/{line}",
    { atto: "spiega", ...REASON },
  ),
  office.get("/riconciliazione/movimenti/:id", "/riconciliazione/movimenti/{movement}"),
  manager.post("/riconciliazione/movimenti/:id", "/riconciliazione/movimenti/{movement}", REASON),
  office.post(
    "/riconciliazione/file",
    "/riconciliazione/file",
    {},
    {
      file: { field: "file", name: "giornale.xml", text: "{journal}" },
    },
  ),
  office.get("/riconciliazione/file/:id", "/riconciliazione/file/{bankFile}"),
  office.post("/riconciliazione/file/:id", "/riconciliazione/file/{bankFile}", {}),
  office.get("/riconciliazione/contabilita"),
  office.get("/riconciliazione/contabilita.csv"),
];
