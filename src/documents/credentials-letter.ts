// SPDX-License-Identifier: EUPL-1.2
/** "Lettera codici e credenziali" (BO-01, PE-04): user code, a code that works once, what to do with them. */
import type { Day, Moment } from "#kernel/dates.ts";
import { beside, type FieldStyles, paragraph, type Place, space, stack } from "./boxes.ts";
import { collect } from "./collect.ts";
import { openFlow } from "./flow.ts";
import { dateText } from "./paper-notice.ts";
import { closePdf, group, mm, openPdf, type Pen, penOf } from "./pen.ts";
import {
  BODY,
  FACT,
  factRows,
  type Letterhead,
  letterhead,
  NOTE,
  putText,
  runningHead,
  STRONG,
  TEXT,
} from "./sheet.ts";

export type CredentialsLetter = {
  readonly office: Letterhead;
  readonly place: string;
  readonly writtenOn: Day;
  readonly addressee: { readonly name: string; readonly lines: readonly string[] };
  /** for one child only; absent: for all children of the account */
  readonly child?: string | undefined;
  readonly username: string;
  /** as it is printed, in groups */
  readonly activationCode: string;
  readonly validUntil: Day;
  /** where the password is chosen, `https://…/accedi/attiva` */
  readonly activationUrl: string;
  /** where one signs in from then on, `https://…/accedi` */
  readonly signInUrl: string;
  /** by telephone; empty: the town has no voice line */
  readonly voiceCodes: readonly { readonly child: string; readonly code: string }[];
  /** SPID and CIE in the town's words; empty: neither */
  readonly otherWays: readonly string[];
  readonly contacts: string;
  readonly signature: { readonly role: string; readonly name: string };
};

/** What shows in the window of a DL envelope: as the payment letter has it. */
const WINDOW: Place = { x: mm(110), width: mm(80) };
const WINDOW_TOP = mm(56);
const SUBJECT = "Codici e credenziali per i servizi scolastici";
const H2 = { face: "bold", size: 11, leading: 15 } as const;
/** What is typed stands out, and a 2 is no Z. */
const CODE: FieldStyles = { ...FACT, value: { face: "monoBold", size: 14, leading: 18 } };

function steps({ activationUrl, username, validUntil }: CredentialsLetter): string[] {
  return [
    `1. Aprire ${activationUrl}`,
    `2. Scrivere il codice utente (${username}) e il codice di attivazione.`,
    "3. Scegliere una password di almeno 12 caratteri: va bene una breve frase. Si è subito dentro.",
    `Il codice di attivazione vale una volta sola, fino al ${dateText(validUntil)}. Una nuova lettera annulla questa. Il Comune non conosce la password e non la chiede mai.`,
  ];
}

/** Adds the letter to a document. */
export function drawCredentials(pen: Pen, letter: CredentialsLetter): void {
  group(pen, "Part", () => {
    const head = letterhead(pen, letter.office);
    const again = runningHead(pen, `${letter.office.name} · ${SUBJECT}`);
    const page = openFlow(pen, (repeated) => (repeated ? again : head), 0);
    const heading = (text: string): void =>
      page.place(paragraph(pen, text, BODY, H2, { tag: "H2" }), 4);
    page.put(space(Math.max(mm(4), WINDOW_TOP - mm(10) - head.height)), 0);
    const left: Place = { x: BODY.x, width: WINDOW.x - BODY.x - 12 };
    const address = beside([
      paragraph(pen, `${letter.place}, ${dateText(letter.writtenOn)}`, left, TEXT),
      stack([
        paragraph(pen, letter.addressee.name, WINDOW, STRONG),
        ...letter.addressee.lines.map((line) => paragraph(pen, line, WINDOW, TEXT)),
      ]),
      space(mm(28)),
    ]);
    page.put(address, mm(4));
    page.put(paragraph(pen, `Oggetto: ${SUBJECT}`, BODY, STRONG, { tag: "H1" }), mm(4));
    putText(pen, page, opening(letter), 8);
    const facts = factRows(pen, [
      ["Codice utente", letter.username, CODE],
      ["Codice di attivazione", letter.activationCode, CODE],
      ...(letter.child ? [["Per", letter.child, FACT] as const] : []),
    ]);
    for (const box of facts) page.place(box, 6);
    page.put(space(mm(3)), 0);
    heading("Primo accesso");
    for (const text of steps(letter)) putText(pen, page, text, 3);
    page.put(space(mm(3)), 0);
    if (letter.otherWays.length > 0) {
      heading("Senza codice utente");
      putText(
        pen,
        page,
        `Si entra anche con ${letter.otherWays.join(" o ")}, da ${letter.signInUrl}: nessun codice da attivare.`,
        mm(4),
      );
    }
    if (letter.voiceCodes.length > 0) {
      heading("Disdetta per telefono");
      putText(
        pen,
        page,
        "Si digita quando la linea telefonica lo chiede; numero e orari li comunica l'ufficio. Vale fino alla prossima lettera.",
        mm(4),
      );
      for (const box of factRows(pen, voiceFacts(letter))) page.place(box, 6);
      page.put(space(mm(3)), 0);
    }
    if (letter.child) {
      heading("Più figli");
      putText(
        pen,
        page,
        `Ogni figlio ha il suo codice. Per vederli tutti con uno qualsiasi dei codici: «Unisci l'accesso di un altro figlio», da ${letter.signInUrl}. Una nuova password divide di nuovo quel codice dagli altri.`,
        mm(4),
      );
    }
    heading("Password dimenticata");
    putText(
      pen,
      page,
      "Nella pagina di accesso: «Password dimenticata?». Serve l'indirizzo e-mail che l'ufficio conosce; chi non l'ha dato chiede una nuova lettera.",
      mm(4),
    );
    putText(pen, page, `Per domande: ${letter.contacts}`, mm(5));
    page.place(
      stack([
        paragraph(pen, letter.signature.role, WINDOW, TEXT),
        paragraph(pen, letter.signature.name, WINDOW, STRONG),
        paragraph(pen, "Conservare la lettera in un luogo sicuro.", WINDOW, NOTE),
      ]),
      0,
    );
  });
}

const voiceFacts = ({ voiceCodes }: CredentialsLetter) =>
  voiceCodes.map(
    ({ child, code }) => [child, code.replaceAll(/(\d{4})(?=\d)/g, "$1 "), CODE] as const,
  );

const opening = ({ child }: CredentialsLetter): string =>
  child === undefined
    ? "Con questi codici si entra nel portale dei servizi scolastici. Valgono per tutti i figli."
    : `Con questi codici si entra nel portale dei servizi scolastici per ${child}.`;

/** One letter as a tagged PDF. */
export async function credentialsPdf(
  letter: CredentialsLetter,
  { madeAt }: { readonly madeAt: Moment },
): Promise<Uint8Array> {
  const pdf = openPdf({ title: SUBJECT, author: letter.office.name, madeAt });
  const bytes = collect(pdf);
  const pen = penOf(pdf);
  drawCredentials(pen, letter);
  closePdf(pen);
  return bytes;
}
