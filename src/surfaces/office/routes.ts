// SPDX-License-Identifier: EUPL-1.2
import { MANAGER_ROLES, OFFICE_ROLES, type Route } from "../web/route.ts";
import { askingRoutes } from "./asking/routes.ts";
import { billListPage, drawBills } from "./bills/bill-list.ts";
import { billPage, reissueBillNow } from "./bills/bill-page.ts";
import { chargePage } from "./bills/charge-page.ts";
import { postFeesNow } from "./bills/post-fees.ts";
import { repriceNow, repricePage } from "./bills/reprice-page.ts";
import { boardPage } from "./board/board-page.ts";
import { serveEveryoneNow } from "./board/serve-everyone.ts";
import { calendarPage } from "./calendar/calendar-page.ts";
import { credentialRoutes } from "./credentials/routes.ts";
import { closureListPage } from "./closures/closure-list.ts";
import { cancelClosureNow, closurePage } from "./closures/closure-page.ts";
import { closeNow, newClosurePage } from "./closures/new-closure.ts";
import { classDayPage } from "./days/class-day-page.ts";
import { closeDays } from "./days/close-days.ts";
import { correctPage, saveCorrection } from "./days/correct-child.ts";
import { dayPage, reopenDayNow } from "./days/day-page.ts";
import { weekPage } from "./days/week-page.ts";
import { deviceRoutes } from "./devices/routes.ts";
import { answerNow, disputePage, disputesPage } from "./disputes/disputes.ts";
import { changeHolderPage, saveHolder } from "./family/change-holder.ts";
import { contactsPage, saveContacts } from "./family/contacts.ts";
import { creditPage, saveCredit } from "./family/credit.ts";
import { closeDesk, deskPage, openDesk } from "./family/desk.ts";
import { dietPage, saveDiet } from "./family/diet.ts";
import { familyPage } from "./family/family-page.ts";
import { fiscalCodePage, saveFiscalCode } from "./family/fiscal-code.ts";
import { iseePage, saveIsee } from "./family/isee.ts";
import { noteReads } from "./family/note-reads.ts";
import { statementPage } from "./family/statement.ts";
import { yearExpensesPage, yearExpensesPdf } from "./family/year-expenses.ts";
import { identityRoutes } from "./identity/routes.ts";
import { columnsPage, saveColumns } from "./imports/columns-page.ts";
import { importListPage } from "./imports/import-list.ts";
import { applyImport, importErrorsFile, importPage, planAgain } from "./imports/import-page.ts";
import { uploadPupils } from "./imports/upload-pupils.ts";
import { accountingFile, accountingPage } from "./reconciliation/accounting.ts";
import { applyBankFileNow, bankFilePage, uploadBankFile } from "./reconciliation/bank-file.ts";
import { actOnPayment, flowPage, paymentPage } from "./reconciliation/flow-page.ts";
import { actOnMovement, movementPage } from "./reconciliation/movement-page.ts";
import { reconciliationPage } from "./reconciliation/reconciliation-page.ts";
import { newsDeskRoutes } from "./news/news.ts";
import { newPrintPage, startPrintNow } from "./print-notices/new-print.ts";
import { printListPage } from "./print-notices/print-list.ts";
import {
  discardPrintNow,
  printArchive,
  printDownload,
  printListFile,
  printPage,
  printVersion,
} from "./print-notices/print-page.ts";
import { casePage, settleCase } from "./payments/case-page.ts";
import { casesPage, openPayments } from "./payments/cases-page.ts";
import { registeredFile, registeredPage, registeredReceipt } from "./payments/desk-payment-page.ts";
import {
  debtPlanPage,
  noticePlanPage,
  saveDebtPlan,
  saveNoticePlan,
} from "./payments/instalments.ts";
import { cancelNoticeNow, noticePage } from "./payments/notice-page.ts";
import { familyPaymentsPage } from "./payments/notices-page.ts";
import { deskPaymentPage, saveDeskPayment } from "./payments/register-payment.ts";
import {
  answerRequest,
  giveRequestBack,
  requestPage,
  saveRequestPayee,
} from "./payments/request-page.ts";
import { requestsPage } from "./payments/requests-page.ts";
import { requestResidual, residualPage } from "./payments/residual-page.ts";
import {
  confirmTransfer,
  discardTransfer,
  returnTransfer,
  sendTransfer,
  transferPage,
  transferXml,
} from "./payments/transfer-page.ts";
import { makeTransfers, transfersPage } from "./payments/transfers-page.ts";
import { saveVouchers, vouchersPage } from "./payments/vouchers.ts";
import {
  decideWriteOffNow,
  proposePage,
  saveProposal,
  writeOffsPage,
} from "./payments/write-offs.ts";
import { classPage } from "./search/class-page.ts";
import { receiptPage } from "./search/receipt-page.ts";
import { busRoutes } from "./school-bus/routes.ts";
import { searchPage } from "./search/search-page.ts";
import { suggestionsFragment } from "./search/suggestions.ts";
import { logoPage, logoPicture, removeLogo, saveLogo } from "./settings/logo-page.ts";
import { securityPage } from "./settings/security-page.ts";
import { settingsPage } from "./settings/settings-page.ts";
import { staffRoutes } from "./staff/routes.ts";
import { stationRoutes } from "./station/routes.ts";
import { tariffsPage } from "./tariffs/tariffs-page.ts";
import { answerNow as answerCorrectionNow, correctionPage } from "./tasks/answer-correction.ts";
import { answerApplicationNow, applicationPage } from "./tasks/answer-application.ts";
import { answerStrangerNow, strangerPage } from "./tasks/link-stranger.ts";
import { matchNow, matchPage } from "./tasks/match-walk-in.ts";
import { tasksPage } from "./tasks/tasks-page.ts";

type Handle = Route["handle"];
const DIET_ROLES = ["office-diet"] as const;

const route = (method: "GET" | "POST", path: string, handle: Handle): Route => ({
  method,
  path: `/ufficio${path}`,
  access: OFFICE_ROLES,
  handle,
});
const get = (path: string, handle: Handle): Route[] => [route("GET", path, handle)];
const post = (path: string, handle: Handle): Route[] => [route("POST", path, handle)];
const byManagers = (routes: readonly Route[]): Route[] =>
  routes.map((one) => ({ ...one, access: MANAGER_ROLES }));
/** A form: the page that shows it, the act it posts to. */
const form = (path: string, show: Handle, act: Handle): Route[] => [
  ...get(path, show),
  ...post(path, act),
];
/** Diets are of one role alone; whoever has it and another acts as this one. */
const byDietRole = (routes: readonly Route[]): Route[] =>
  routes.map((one) => ({ ...one, access: DIET_ROLES }));
/** A form that everybody in the office may read, and managers send. */
const decision = (path: string, show: Handle, act: Handle): Route[] => [
  ...get(path, show),
  ...byManagers(post(path, act)),
];

const PERSON = "/famiglie/:id/persone/:personId";
const CHILD = "/famiglie/:id/figli/:childId";

/** Every page of the office, with who may use it; what is done is recorded with its author's name. */
const all: readonly Route[] = [
  ...get("", boardPage),
  ...post("/servi-tutti", serveEveryoneNow),
  ...get("/cerca", searchPage),
  ...get("/cerca/suggerimenti", suggestionsFragment),
  ...get("/ricevute/:code", receiptPage),
  ...get("/classi/:id", classPage),
  ...get("/famiglie/:id", familyPage),
  ...form("/famiglie/:id/sportello", deskPage, openDesk),
  ...post("/sportello/chiudi", closeDesk),
  ...form("/famiglie/:id/credito", creditPage, saveCredit),
  ...get("/famiglie/:id/estratto-conto", statementPage),
  ...get("/famiglie/:id/spese", yearExpensesPage),
  ...get("/famiglie/:id/spese/:anno/:childId/attestazione.pdf", yearExpensesPdf),
  ...form(`${PERSON}/contatti`, contactsPage, saveContacts),
  ...form(`${PERSON}/codice-fiscale`, fiscalCodePage, saveFiscalCode),
  ...form(`${CHILD}/isee`, iseePage, saveIsee),
  ...byDietRole(form(`${CHILD}/dieta`, dietPage, saveDiet)),
  ...form("/figli/:childId/intestatario", changeHolderPage, saveHolder),
  ...get("/giornate", weekPage),
  ...post("/giornate/chiudi", closeDays),
  ...get("/giornate/:date/:siteId", dayPage),
  ...post("/giornate/:date/:siteId/riapri", reopenDayNow),
  ...get("/giornate/:date/classi/:classId", classDayPage),
  ...form("/giornate/:date/classi/:classId/:childId", correctPage, saveCorrection),
  ...get("/avvisi", billListPage),
  ...post("/avvisi/prepara", drawBills),
  ...post("/avvisi/quote", postFeesNow),
  ...askingRoutes,
  ...get("/avvisi/:year/:number", billPage),
  ...byManagers(post("/avvisi/:year/:number/rifai", reissueBillNow)),
  ...decision("/ricalcolo", repricePage, repriceNow),
  ...get("/addebiti/:id", chargePage),
  ...get("/riconciliazione", reconciliationPage),
  ...get("/riconciliazione/flussi/:id", flowPage),
  ...decision("/riconciliazione/flussi/:id/righe/:line", paymentPage, actOnPayment),
  ...decision("/riconciliazione/movimenti/:id", movementPage, actOnMovement),
  { ...route("POST", "/riconciliazione/file", uploadBankFile), multipart: true },
  ...form("/riconciliazione/file/:id", bankFilePage, applyBankFileNow),
  ...get("/riconciliazione/contabilita", accountingPage),
  ...get("/riconciliazione/contabilita.csv", accountingFile),
  ...get("/pagamenti/stampe", printListPage),
  ...form("/pagamenti/stampe/nuova", newPrintPage, startPrintNow),
  ...get("/pagamenti/stampe/:id", printPage),
  ...get("/pagamenti/stampe/:id/stato", printVersion),
  ...get("/pagamenti/stampe/:id/avvisi.pdf", printDownload),
  ...get("/pagamenti/stampe/:id/avvisi.zip", printArchive),
  ...get("/pagamenti/stampe/:id/elenco.csv", printListFile),
  ...post("/pagamenti/stampe/:id/elimina", discardPrintNow),
  ...get("/famiglie/:id/pagamenti", familyPaymentsPage),
  ...get("/famiglie/:id/pagamento", deskPaymentPage),
  { ...route("POST", "/famiglie/:id/pagamento", saveDeskPayment), multipart: true },
  ...form("/famiglie/:id/buoni", vouchersPage, saveVouchers),
  ...decision("/famiglie/:id/rate", debtPlanPage, saveDebtPlan),
  ...decision("/famiglie/:id/annullamento", proposePage, saveProposal),
  ...get("/pagamenti", openPayments),
  ...get("/pagamenti/da-sistemare", casesPage),
  ...decision("/pagamenti/da-sistemare/:id", casePage, settleCase),
  ...get("/pagamenti/registrati/:id", registeredPage),
  ...get("/pagamenti/registrati/:id/ricevuta.pdf", registeredReceipt),
  ...get("/pagamenti/registrati/:id/allegato", registeredFile),
  ...decision("/pagamenti/avvisi/:numero", noticePage, cancelNoticeNow),
  ...decision("/pagamenti/avvisi/:numero/rate", noticePlanPage, saveNoticePlan),
  ...decision("/pagamenti/crediti-rimasti", residualPage, requestResidual),
  ...get("/pagamenti/annullamenti", writeOffsPage),
  ...byManagers(post("/pagamenti/annullamenti/:id", decideWriteOffNow)),
  ...get("/richieste", requestsPage),
  ...decision("/richieste/bonifici", transfersPage, makeTransfers),
  ...get("/richieste/bonifici/:id", transferPage),
  ...byManagers(get("/richieste/bonifici/:id/distinta.xml", transferXml)),
  ...byManagers(post("/richieste/bonifici/:id/inviata", sendTransfer)),
  ...byManagers(post("/richieste/bonifici/:id/scarta", discardTransfer)),
  ...byManagers(post("/richieste/bonifici/:id/pagati", confirmTransfer)),
  ...byManagers(post("/richieste/bonifici/:id/tornato", returnTransfer)),
  ...decision("/richieste/:id", requestPage, answerRequest),
  ...byManagers(post("/richieste/:id/iban", saveRequestPayee)),
  ...byManagers(post("/richieste/:id/rimetti", giveRequestBack)),
  ...get("/contestazioni", disputesPage),
  ...form("/contestazioni/:id", disputePage, answerNow),
  ...get("/compiti", tasksPage),
  ...form("/compiti/fuori-lista/:id", matchPage, matchNow),
  ...form("/compiti/correzioni/:id", correctionPage, answerCorrectionNow),
  ...byManagers(form("/compiti/collegamenti/:id", strangerPage, answerStrangerNow)),
  ...byManagers(form("/compiti/iscrizioni/:id", applicationPage, answerApplicationNow)),
  ...get("/calendario", calendarPage),
  ...get("/tariffe", tariffsPage),
  ...get("/impostazioni", settingsPage),
  { ...route("GET", "/impostazioni/sicurezza", securityPage), access: ["administrator"] },
  ...byManagers(get("/impostazioni/stemma", logoPage)),
  ...byManagers(get("/impostazioni/stemma/immagine.png", logoPicture)),
  ...byManagers([{ ...route("POST", "/impostazioni/stemma", saveLogo), multipart: true }]),
  ...byManagers(post("/impostazioni/stemma/togli", removeLogo)),
  ...stationRoutes,
  ...identityRoutes,
  ...staffRoutes,
  ...deviceRoutes,
  ...credentialRoutes,
  ...busRoutes,
  ...newsDeskRoutes,
  ...get("/importazioni", importListPage),
  { ...route("POST", "/importazioni", uploadPupils), multipart: true },
  route("GET", "/importazioni/:id/colonne", columnsPage),
  route("POST", "/importazioni/:id/colonne", saveColumns),
  ...get("/importazioni/:id", importPage),
  ...get("/importazioni/:id/errori.csv", importErrorsFile),
  // A file may bring diet codes: who has that role besides another one applies it as such.
  {
    ...route("POST", "/importazioni/:id/applica", applyImport),
    access: [...DIET_ROLES, ...OFFICE_ROLES],
  },
  ...post("/importazioni/:id/rifai", planAgain),
  ...get("/chiusure", closureListPage),
  ...byManagers(form("/chiusure/nuova", newClosurePage, closeNow)),
  ...get("/chiusure/:id", closurePage),
  ...byManagers(post("/chiusure/:id/annulla", cancelClosureNow)),
];

export const routes: Route[] = all.map(noteReads);
