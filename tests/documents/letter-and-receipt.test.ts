// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { day, moment } from "#kernel/dates.ts";
import { letterPdf } from "#documents";
import { inFours, qrText } from "#documents";
import { officeReceiptPdf, receiptPdf, voucherReceiptPdf } from "#documents";
import {
  fontsOf,
  infoOf,
  pageCodes,
  pageTexts,
  popplerMissing,
  readersMissing,
  structureOf,
  wordsOf,
} from "./read-back.ts";
import { letter, noticeNumber, OFFICE, PAID } from "./samples.ts";

const options = { madeAt: moment("2026-11-20T08:00:00Z") };
const includes = (text: string, parts: readonly string[]) => {
  for (const part of parts) assert.ok(text.includes(part), `${part} in: ${text.slice(0, 1500)}`);
};
/** No-break spaces of amounts come back as they please. */
const plain = (texts: readonly string[]) => texts.map((text) => text.replaceAll(/\s/gu, " "));

describe("the payment letter", { skip: popplerMissing }, () => {
  it("OS-16 carries the letterhead, the addressee and the signing officer", async () => {
    const [first = ""] = plain(pageTexts(await letterPdf(letter(3), options)));
    includes(first, [
      "Comune di Montelago Servizi scolastici Piazza Garibaldi 1",
      "Montelago, 20/11/2026 Prot. n. 12345/2026",
      "Mario Rossi Via dei Tigli 4 61032 Montelago (PU)",
      "Oggetto: pagamento dei servizi scolastici di ottobre 2026",
      "Giulia Rossi Trasporto scolastico ottobre 2026, 9 pasti a 4,60 € 41,40 €",
      "Totale 124,20 €",
      "La responsabile del Settore Servizi alla Persona dott.ssa Anna Bianchi Firma autografa",
    ]);
  });

  it("OS-16 names the whole office: the fifty characters of a notice are not the letter's", async () => {
    const made = letter(3);
    const officeName = "Servizio Politiche Educative, sportello front office";
    const notice = { ...made.notice, creditor: { ...made.notice.creditor, officeName } };
    const [first = ""] = plain(pageTexts(await letterPdf({ ...made, notice }, options)));
    includes(first, [`Comune di Montelago ${officeName} Piazza`]);
  });

  it("OS-16 the addressee, and nothing else, shows in the window of a DL envelope; without an address the name alone", async () => {
    // 35 × 90 mm, 20 mm from the right; the folded sheet may lie a centimetre off either way
    const inWindow = async (lines: readonly string[]): Promise<string> => {
      const { addressee } = letter(3);
      const pdf = await letterPdf(letter(3, { addressee: { ...addressee, lines } }), options);
      const always = wordsOf(pdf).filter(({ x, y }) => x > 110 && x < 190 && y > 55 && y < 79);
      const ever = wordsOf(pdf).filter(({ x, y }) => x > 100 && x < 200 && y > 45 && y < 90);
      assert.deepEqual(ever, always);
      return always.map(({ word }) => word).join(" ");
    };
    const full = ["Via dei Tigli 4", "Frazione San Bartolomeo", "61032 Montelago (PU)"];
    assert.equal(await inWindow(full), `Mario Rossi ${full.join(" ")}`);
    assert.equal(await inWindow([]), "Mario Rossi");
  });

  it(
    "OS-15 the notice follows on a page of its own, payable as it is",
    { skip: readersMissing },
    async () => {
      const source = letter(3);
      const pdf = await letterPdf(source, options);
      const { single } = source.notice;
      assert.deepEqual(
        pageCodes(pdf).map(({ qr }) => qr),
        [[], [qrText({ ...single!, creditorCode: OFFICE.fiscalCode })]],
      );
      includes(pageTexts(pdf)[1] ?? "", ["124,20 Euro", inFours(single!.noticeNumber)]);
    },
  );

  it("a long table goes on over pages, its titles with it; the reader hears them once", async () => {
    const pdf = await letterPdf(letter(40), options);
    const texts = plain(pageTexts(pdf));
    assert.equal(texts.length, 3);
    includes(texts[1] ?? "", ["Nome Servizio Dettaglio Importo", "Totale 1.656,00 €", "dott.ssa"]);
    const structure = structureOf(pdf);
    assert.equal(structure.match(/^\s+TH:/gm)?.length, 4);
    assert.equal(structure.match(/^\s+TR/gm)?.length, 42);
  });

  it("a long text goes on over pages, no word is lost", async () => {
    const words = Array.from({ length: 1200 }, (_, index) => `parola${index}`);
    const source = letter(2, { opening: [words.join(" ")] });
    const texts = plain(pageTexts(await letterPdf(source, options)));
    assert.ok(texts.length >= 4);
    assert.deepEqual(texts.join(" ").match(/parola\d+/g), words);
  });

  it("X-09 lines that do not sum to the notice are refused", async () => {
    const source = letter(3);
    await assert.rejects(
      letterPdf({ ...source, lines: source.lines.slice(1) }, options),
      RangeError,
    );
  });
});

describe("receipts", { skip: popplerMissing }, () => {
  it("BO-03 says all that pagoPA wants on a printed copy", async () => {
    const pdf = await receiptPdf(PAID, options);
    const [text = ""] = plain(pageTexts(pdf));
    includes(text, [
      "Ricevuta di pagamento 82,80 € Refezione scolastica ottobre 2026",
      "Data del pagamento 18/11/2026, ore 18:05",
      "Data di applicazione 18/11/2026",
      "Ente Creditore Comune di Montelago",
      "Codice fiscale dell’ente 77777777777",
      "Prestatore di servizi di pagamento Banca Esempio S.p.A.",
      "Codice fiscale del prestatore 01234567890",
      "Codice Avviso 3122 6000 0001 2345 23",
      "IUV 12260000001234523",
      "Identificativo della ricevuta c110729d258c4ab1b765fe902aae41d6",
      "Avviso intestato a Mario Rossi, RSSMRA85T10A562S",
      "Pagato da Anna Verdi, VRDNNA85T50A562X",
      "Commissione del prestatore, a parte 1,50 €",
      "Tommaso Rossi Refezione scolastica 41,40 €",
      "Totale 82,80 €",
    ]);
    assert.match(infoOf(pdf), /Tagged: +yes/);
    for (const font of fontsOf(pdf)) assert.match(font, /yes yes yes/);
    assert.match(Buffer.from(pdf).toString("latin1"), /\/Alt \(pagoPA\)/);
  });

  it("the identifier stands verbatim, however long; what is not known is not invented", async () => {
    const receiptId = `A${"0123456789".repeat(9)}z`;
    const receipt = {
      ...PAID,
      receiptId,
      appliedOn: null,
      pspFiscalCode: null,
      feeCents: null,
      payer: undefined,
      traceable: undefined,
      lines: [],
    };
    const [text = ""] = plain(pageTexts(await receiptPdf(receipt, options)));
    assert.ok(text.replaceAll(" ", "").includes(receiptId));
    assert.doesNotMatch(text, /Commissione|tracciabile|Pagato da|Totale/);
    includes(text, ["Data di applicazione non indicata"]);
  });

  it("BO-08 says whether the means was traceable", async () => {
    const [text = ""] = plain(pageTexts(await receiptPdf({ ...PAID, traceable: false }, options)));
    includes(text, ["Mezzo di pagamento tracciabile no"]);
  });

  it("lines that do not sum to the receipt are refused", async () => {
    await assert.rejects(receiptPdf({ ...PAID, amountCents: 8281n }, options), RangeError);
  });

  it("MC-05 vouchers handed back: pupil, codice fiscale, number, date, signatures", async () => {
    const vouchers = {
      office: OFFICE,
      number: "12/2026",
      on: day("2026-11-20"),
      child: { name: "Giulia Rossi", fiscalCode: "RSSGLI18E50A562K" },
      bearer: "Mario Rossi",
      service: "Refezione scolastica",
      count: 14,
      valueCents: 450n,
    };
    const [text = ""] = plain(pageTexts(await voucherReceiptPdf(vouchers, options)));
    includes(text, [
      "Ricevuta di restituzione dei buoni pasto Numero 12/2026 del 20/11/2026",
      "14 buoni pasto cartacei del valore di 4,50 € ciascuno",
      "Nome Giulia Rossi",
      "Codice fiscale RSSGLI18E50A562K",
      "Consegnati da Mario Rossi",
      "Credito registrato 63,00 €",
      "Firma di chi consegna",
      "Firma per ricevuta dell’ufficio",
    ]);
    const one = { ...vouchers, count: 1, child: { name: "Giulia Rossi", fiscalCode: null } };
    const [single = ""] = plain(pageTexts(await voucherReceiptPdf(one, options)));
    includes(single, ["1 buono pasto cartaceo del valore", "Codice fiscale non indicato"]);
  });

  it("an office receipt of many lines goes on over pages", async () => {
    const lines = Array.from({ length: 70 }, (_, index) => ({
      child: `Alunno ${index}`,
      service: noticeNumber(index),
      amountCents: 100n,
    }));
    const receipt = {
      office: OFFICE,
      title: "Ricevuta dell’ufficio",
      number: "7",
      on: day("2026-11-20"),
      statement: "Incassato allo sportello.",
      facts: [],
      lines,
      signatures: ["Per l’ufficio"],
    };
    const texts = plain(pageTexts(await officeReceiptPdf(receipt, options)));
    assert.equal(texts.length, 3);
    assert.equal(texts.join(" ").match(/Alunno \d+/g)?.length, 70);
    includes(texts[2] ?? "", ["Totale 70,00 €", "Per l’ufficio"]);
  });
});
