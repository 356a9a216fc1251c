// SPDX-License-Identifier: EUPL-1.2
/** Fictitious creditors, debtors and numbers for documents. */
import { crc32, deflateSync } from "node:zlib";
import { day, moment } from "#kernel/dates.ts";
import type { PaymentLetter } from "#documents";
import type { PaperNotice } from "#documents";
import type { PaidReceipt } from "#documents";

/** A notice number with its check digits (aux digit 3, segregation 12). */
export function noticeNumber(base: number): string {
  const first = `312${base.toString().padStart(13, "0")}`;
  return first + (BigInt(first) % 93n).toString().padStart(2, "0");
}

export function pngChunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([head, body, check]);
}

/** A PNG of 3 or 4 channels. `data` replaces its pixels: a file that lies. */
export function pngFile(
  width: number,
  height: number,
  channels: 3 | 4,
  colourAt: (x: number, y: number) => readonly number[],
  data?: Uint8Array,
): Uint8Array {
  const stride = width * channels + 1;
  const rows = Buffer.alloc(height * stride);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows.set(colourAt(x, y), y * stride + 1 + x * channels);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, channels === 3 ? 2 : 6, 0, 0, 0], 8);
  return new Uint8Array(
    Buffer.concat([
      Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
      pngChunk("IHDR", header),
      pngChunk("IDAT", data ?? deflateSync(rows)),
      pngChunk("IEND", Buffer.alloc(0)),
    ]),
  );
}

/** A coat of arms nobody has: a quartered shield, 354 pixels wide (300 dpi at 30 mm). */
export function logoPng(width = 354, height = 354): PaperNotice["creditor"]["logo"] {
  const bytes = pngFile(width, height, 3, (x, y) => {
    const half = Math.sqrt(Math.max(0, 1 - (y / height) ** 4)) * width * 0.45;
    const off = Math.abs(x - width / 2);
    if (off > half) return [255, 255, 255];
    if (half - off < width * 0.02 || y < height * 0.03) return [60, 40, 20];
    return x < width / 2 === y < height * 0.48 ? [0, 70, 140] : [200, 160, 40];
  });
  return { kind: "png", bytes };
}

const LOGO = logoPng();

/** A notice of 64.10 € due on 31 December 2026, changed by `changes`. */
export function notice(changes: Partial<PaperNotice>): PaperNotice {
  return {
    creditor: {
      name: "Comune di Montelago",
      officeName: "Servizi scolastici",
      fiscalCode: "77777777777",
      cbill: "A0EDT",
      contacts: "0721 000000",
      site: "www.comune.montelago.example.it",
      payableOnSite: true,
      logo: LOGO,
    },
    debtor: {
      name: "Mario Rossi",
      fiscalCode: "RSSMRA85T10A562S",
      address: "Via dei Tigli 4, 61032 Montelago (PU)",
    },
    subject: "Refezione scolastica ottobre 2026",
    single: {
      noticeNumber: noticeNumber(2600000012345),
      amountCents: 6410n,
      dueOn: day("2026-12-31"),
    },
    ...changes,
  };
}

export const POSTAL = {
  account: "12345678",
  holder: "Comune di Montelago Servizio Tesoreria",
  authorisation: "AUT. DB/SISB/GEN 12345 DEL 01/10/2026",
};

/** `count` instalments, one a month. */
export const parts = (count: number): NonNullable<PaperNotice["instalments"]> =>
  Array.from({ length: count }, (_, index) => ({
    noticeNumber: noticeNumber(100 + index),
    amountCents: 3333n + BigInt(index),
    dueOn: day("2026-12-31").add({ months: index }),
    number: index + 1,
    of: count,
  }));

/** Beyond every limit of the layout. */
export const LONG_CHANGES: Partial<PaperNotice> = {
  creditor: {
    name:
      "Unione dei Comuni Montani dell'Alta Valle del Fiume Lungo e delle Colline di San Bartolomeo al Mare " +
      "Superiore",
    officeName: "Settore Servizi alla Persona, Pubblica Istruzione, Sport e Politiche Giovanili",
    fiscalCode: "77777777777",
    cbill: "A0EDT",
    address: "Piazza della Repubblica e della Costituzione 12, 61032 Montelago Superiore (PU)",
    contacts: "0721 000000 · scuola@comune.montelago.example.it",
    site: "www.comune.montelago.example.it",
    payableOnSite: true,
    logo: logoPng(),
  },
  debtor: {
    name: "Maria Elisabetta Antonietta De Bartolomeis Castelvecchio di Montefalcone Visconti",
    fiscalCode: "RSSMRA85T10A562S",
    address:
      "Via dei Martiri della Libertà e della Resistenza 123, scala B interno 14, 61032 Montelago Superiore " +
      "Marina (PU), presso famiglia Bianchi Esposito",
  },
  subject:
    "Servizi scolastici a domanda individuale: refezione, trasporto e doposcuola, ottobre-dicembre 2026",
};

export const OFFICE = {
  ...notice({}).creditor,
  address: "Piazza Garibaldi 1, 61032 Montelago (PU)",
};

/** A letter of `count` lines of 41.40 € each. */
export function letter(count: number, changes: Partial<PaymentLetter> = {}): PaymentLetter {
  const single = { ...notice({}).single!, amountCents: BigInt(count) * 4140n };
  return {
    notice: notice({ creditor: OFFICE, single }),
    place: "Montelago",
    writtenOn: day("2026-11-20"),
    protocol: "Prot. n. 12345/2026",
    addressee: { name: "Mario Rossi", lines: ["Via dei Tigli 4", "61032 Montelago (PU)"] },
    subject: "pagamento dei servizi scolastici di ottobre 2026",
    opening: ["Si trasmette l’avviso di pagamento per i servizi scolastici di ottobre 2026."],
    closing: ["Se il pagamento è già avvenuto, questa lettera non va considerata."],
    lines: Array.from({ length: count }, (_, index) => ({
      child: index % 2 === 0 ? "Giulia Rossi" : "Tommaso Rossi",
      service: index % 3 === 0 ? "Trasporto scolastico" : "Refezione scolastica",
      detail: "ottobre 2026, 9 pasti a 4,60 €",
      amountCents: 4140n,
    })),
    signature: {
      role: "La responsabile del Settore Servizi alla Persona",
      name: "dott.ssa Anna Bianchi",
      note: "Firma autografa sostituita a mezzo stampa, art. 3, comma 2, D.Lgs. 39/1993",
    },
    ...changes,
  };
}

export const PAID: PaidReceipt = {
  creditor: OFFICE,
  receiptId: "c110729d258c4ab1b765fe902aae41d6",
  noticeNumber: "312260000001234523",
  iuv: "12260000001234523",
  paidAt: moment("2026-11-18T17:05:00Z"),
  appliedOn: day("2026-11-18"),
  pspName: "Banca Esempio S.p.A.",
  pspFiscalCode: "01234567890",
  amountCents: 8280n,
  feeCents: 150n,
  description: "Refezione scolastica ottobre 2026",
  debtor: { name: "Mario Rossi", fiscalCode: "RSSMRA85T10A562S" },
  payer: { name: "Anna Verdi", fiscalCode: "VRDNNA85T50A562X" },
  traceable: true,
  lines: [
    { child: "Giulia Rossi", service: "Refezione scolastica", amountCents: 4140n },
    { child: "Tommaso Rossi", service: "Refezione scolastica", amountCents: 4140n },
  ],
};
