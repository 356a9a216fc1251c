// SPDX-License-Identifier: EUPL-1.2
import { FAMILY_ROLES, type Route } from "../web/route.ts";
import { listAbsences } from "./absences/list-absences.ts";
import { newAbsence } from "./absences/new-absence.ts";
import { prolongAbsence, registerAbsence, resumeService } from "./absences/register-absence.ts";
import { showDay } from "./calendar/show-day.ts";
import { openCalendar, showMonth } from "./calendar/show-month.ts";
import {
  DELEGATES,
  dropDelegate,
  saveDelegate,
  showDelegates,
} from "./delegates/delegates-page.ts";
import { ownAttestation, showDocuments } from "./documents/show-documents.ts";
import { showStatement, statementDocument } from "./documents/show-statement.ts";
import { changeMeal } from "./meals/change-meal.ts";
import { cancelAll, cancelDays, showCancelAll } from "./meals/change-several.ts";
import { editChildData, saveChildData, showChildData } from "./more/child-data.ts";
import { correctionPage, sendCorrection } from "./more/corrections.ts";
import { editData, saveData, showData } from "./more/edit-data.ts";
import { help } from "./more/help.ts";
import { ACCESSES, showAccesses, showFamilyAccesses } from "./more/show-accesses.ts";
import { showChild } from "./more/show-child.ts";
import { listMessages, showMessage } from "./more/show-messages.ts";
import { INSTALL, showInstall } from "./more/show-install.ts";
import { showMore } from "./more/show-more.ts";
import { verify } from "./more/verify.ts";
import { askDelete, deleteNotice } from "./payments/delete-notice.ts";
import { askDispute, explainCharge, sendDispute } from "./payments/explain-charge.ts";
import { listPayments } from "./payments/list-payments.ts";
import { letterDocument, noticeDocument, receiptDocument } from "./payments/notice-documents.ts";
import { showBill } from "./payments/show-bill.ts";
import { showNotice } from "./payments/show-notice.ts";
import { outcomeVersion, showOutcome } from "./payments/show-outcome.ts";
import { showWallet } from "./payments/show-wallet.ts";
import { contestReceipt } from "./receipts/contest-receipt.ts";
import { listReceipts } from "./receipts/list-receipts.ts";
import { showReceipt } from "./receipts/show-receipt.ts";
import { askRefund, askTransfer, showRefund, showTransfer } from "./requests/ask-request.ts";
import { ownDeskReceipt } from "./requests/desk-receipt.ts";
import { listRequests, saveIban, withdrawNow } from "./requests/list-requests.ts";
import { showToday } from "./today/show-today.ts";
import { chooseTopUp } from "./top-up/choose-top-up.ts";
import { sendCart } from "./top-up/send-cart.ts";
import { showCart } from "./top-up/show-cart.ts";

const get = (path: string, handle: Route["handle"]): Route => ({
  method: "GET",
  path,
  access: FAMILY_ROLES,
  handle,
});
const post = (path: string, handle: Route["handle"]): Route => ({
  ...get(path, handle),
  method: "POST",
});

/** Guessing a receipt's code is the only danger here: few tries a minute. */
const VERIFICATIONS_PER_MINUTE = 20;

export const routes: Route[] = [
  get("/oggi", showToday),
  post("/figli/:slug/pasti", changeMeal),
  get("/disdici", showCancelAll),
  post("/disdici", cancelAll),
  get("/ricevute", listReceipts),
  get("/ricevute/:codice", showReceipt),
  get("/ricevute/:codice/contesta", contestReceipt),
  get("/calendario", openCalendar),
  get("/figli/:slug", showChild),
  get("/figli/:slug/calendario", showMonth),
  post("/figli/:slug/giorni", cancelDays),
  get("/figli/:slug/giorni/:giorno", showDay),
  get("/figli/:slug/assenze", listAbsences),
  post("/figli/:slug/assenze", registerAbsence),
  get("/figli/:slug/assenze/nuova", newAbsence),
  post("/figli/:slug/assenze/riprendi", resumeService),
  post("/figli/:slug/assenze/prolunga", prolongAbsence),
  get("/figli/:slug/accessi", showAccesses),
  get("/figli/:slug/dati", showChildData),
  get("/figli/:slug/dati/modifica", editChildData),
  post("/figli/:slug/dati/modifica", saveChildData),
  { ...get("/ricarica", chooseTopUp), purpose: "topUp" },
  { ...get("/carrello", showCart), purpose: "topUp" },
  { ...post("/carrello", sendCart), purpose: "topUp" },
  get("/pagamenti", listPayments),
  get("/pagamenti/carrello/:id", showOutcome),
  get("/pagamenti/carrello/:id/stato", outcomeVersion),
  get("/pagamenti/avvisi/:numero", showNotice),
  get("/pagamenti/avvisi/:numero/avviso.pdf", noticeDocument),
  get("/pagamenti/avvisi/:numero/lettera.pdf", letterDocument),
  get("/pagamenti/avvisi/:numero/ricevuta.pdf", receiptDocument),
  get("/pagamenti/avvisi/:numero/elimina", askDelete),
  post("/pagamenti/avvisi/:numero/elimina", deleteNotice),
  get("/pagamenti/:anno/:numero", showBill),
  get("/pagamenti/registrati/:id/ricevuta.pdf", ownDeskReceipt),
  get("/borsellino", showWallet),
  get("/borsellino/richieste", listRequests),
  get("/borsellino/richieste/rimborso", showRefund),
  post("/borsellino/richieste/rimborso", askRefund),
  get("/borsellino/richieste/trasferimento", showTransfer),
  post("/borsellino/richieste/trasferimento", askTransfer),
  post("/borsellino/richieste/:id/ritira", withdrawNow),
  post("/borsellino/richieste/:id/iban", saveIban),
  get("/documenti", showDocuments),
  get("/documenti/estratto-conto", showStatement),
  get("/documenti/estratto-conto.pdf", statementDocument),
  get("/documenti/:anno/:conto/:slug/attestazione.pdf", ownAttestation),
  get("/addebiti/:id", explainCharge),
  get("/addebiti/:id/contesta", askDispute),
  post("/addebiti/:id/contesta", sendDispute),
  get("/messaggi", listMessages),
  get("/messaggi/:id", showMessage),
  get("/dati", showData),
  get("/dati/modifica", editData),
  post("/dati/modifica", saveData),
  get(DELEGATES, showDelegates),
  post(DELEGATES, saveDelegate),
  post(`${DELEGATES}/:id/fine`, dropDelegate),
  get(ACCESSES, showFamilyAccesses),
  get("/dati/correzione", correctionPage),
  post("/dati/correzione", sendCorrection),
  get("/altro", showMore),
  get(INSTALL, showInstall),
  { ...get("/aiuto", help), access: "public" },
  { ...get("/verifica", verify), access: "public", perMinute: VERIFICATIONS_PER_MINUTE },
];
