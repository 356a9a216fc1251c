// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import fc from "fast-check";
import { NOTICE_TEXTS as OURS } from "../../src/documents/fixed-texts.ts";
import { dataMatrixText, qrSvg, qrText } from "#documents";
import { readersMissing, readQrSvgs } from "./read-back.ts";
import { noticeNumber } from "./samples.ts";

const PAGOPA = new URL("../../../shared/specs/pagopa/", import.meta.url);
const skip = existsSync(PAGOPA) ? false : "skipped: ../shared/specs/pagopa is not here";
const read = (path: string) => JSON.parse(readFileSync(new URL(path, PAGOPA), "utf8"));

describe("QR codes on web pages", { skip: readersMissing }, () => {
  it("MC-03 a phone reads from the screen what the notice says, whatever the numbers", () => {
    const texts = fc
      .sample(fc.tuple(fc.bigInt(1n, 99_999_999_999n), fc.nat(999_999_999)), 60)
      .map(([amountCents, base]) =>
        qrText({ noticeNumber: noticeNumber(base), creditorCode: "77777777777", amountCents }),
      );
    const svgs = texts.map((text) => qrSvg(text, "Codice QR dell’avviso"));
    assert.deepEqual(readQrSvgs(svgs), texts);
  });
});

describe("the notice beside the published material", () => {
  it("QR and DataMatrix texts are those of the published examples", { skip }, () => {
    const { NAV, qr, datamatrix } = read("samples/codes.examples.json");
    const coded = { noticeNumber: NAV, creditorCode: "77777777777", amountCents: 6410n };
    assert.equal(qrText(coded), qr);
    const text = dataMatrixText({
      ...coded,
      account: "12345678",
      debtorCode: "RSSMRA85T10A562S",
      debtorName: "Mario Rossi",
      subject: "Refezione scolastica ottobre 2026",
    });
    assert.equal(text, datamatrix);
  });

  it("fixed texts are the official ones, character by character", { skip }, () => {
    const { avviso } = read("reference/avviso-stringhe-it-3.5.json");
    const { datiPagamento: data, dovePagare: where, importoScadenza: amount } = avviso;
    const { italia } = where;
    const filled = (text: string, value: string | number) => text.replace(/{{\w+}}/, `${value}`);
    const pairs: [string, string][] = [
      [OURS.title, avviso.intestazione.titolo],
      [OURS.creditor, avviso.infoEnteCreditore.titolo],
      [OURS.creditor, data.enteCreditore],
      [OURS.debtor, avviso.infoDestinatario.titolo],
      [OURS.debtor, data.destinatario],
      [OURS.howMuchAndWhen, amount.titolo],
      [OURS.amount, amount.importo.importo],
      [OURS.euro, amount.euro],
      [OURS.dueBy, amount.scadenza.scadenza],
      [OURS.dueBy, data.scadenza],
      [OURS.wholeOrInstalments(3), filled(amount.disclaimer.rate.rate, 3)],
      [OURS.instalmentsOnly(3), filled(amount.disclaimer.rate.soloRate, 3)],
      [OURS.manyInstalments, amount.disclaimer.rate.molteRate],
      [OURS.legal, amount.disclaimer.legal],
      [OURS.where, where.titolo],
      [OURS.goTo, where.cta],
      [OURS.onlineTitle, italia.online.titolo],
      [OURS.online, italia.online.descrizione.noEnte],
      [OURS.onlineWithSite("Ente"), filled(italia.online.descrizione.sitoEnte, "Ente")],
      [OURS.nearbyTitle, italia.territorio.titolo],
      [OURS.nearby, italia.territorio.descrizione],
      [OURS.paymentData, data.titolo],
      [OURS.single, data.rataUnica],
      [OURS.instalment(2), filled(data.numRata, 2)],
      [OURS.subject, data.oggettoDelPagamento],
      [OURS.cbill, data.cbill.esteso],
      [OURS.cbillShort, data.cbill.breve],
      [OURS.noticeNumber, data.avviso.esteso],
      [OURS.noticeNumberShort, data.avviso.breve],
      [OURS.creditorCode, data.codiceFiscaleEnte.esteso],
      [OURS.creditorCodeShort, data.codiceFiscaleEnte.breve],
      [OURS.scanBeside, data.istruzioni.qrCode.rataUnica],
      [OURS.scanAbove, data.istruzioni.qrCode.rate],
    ];
    for (const [ours, official] of pairs) assert.equal(ours, official);
  });
});
