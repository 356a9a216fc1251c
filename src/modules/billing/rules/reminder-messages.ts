// SPDX-License-Identifier: EUPL-1.2
import { catalogue, formats, type Lang } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import type { MessageText } from "#messaging";
import type { Debt } from "./decide-reminders.ts";

const WORDS = catalogue({
  it: {
    one: "Promemoria: un pagamento risulta da fare",
    many: (count: number) => `Promemoria: ${count} pagamenti risultano da fare`,
    begin: (day: string) => `${day} risulta ancora da pagare:`,
    line: (subject: string, amount: string, due: string) => `${subject}, ${amount}, scaduto ${due}`,
    total: (total: string) => `In tutto ${total}.`,
    number: (number: string) => `numero per pagare ${number}`,
    paid: "Chi ha pagato da poco non deve fare niente: la banca può impiegare due giorni lavorativi.",
    help: "Se c'è qualcosa che non torna o serve una rateizzazione, l'ufficio risponde.",
  },
  en: {
    one: "A reminder: one payment is still open",
    many: (count) => `A reminder: ${count} payments are still open`,
    begin: (day) => `On ${day} this was still to be paid:`,
    line: (subject, amount, due) => `${subject}, ${amount}, due on ${due}`,
    total: (total) => `In all ${total}.`,
    number: (number) => `number to pay with ${number}`,
    paid: "Nothing is to be done by whoever has just paid: a bank may take two working days.",
    help: "If something looks wrong, or to pay in instalments, the office helps.",
  },
});

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** One account's debts, told together; names no child. `inFours`: a number as it is read aloud. */
export function reminderMessage(
  of: { debts: readonly Debt[]; today: Temporal.PlainDate; inFours: (number: string) => string },
  lang: Lang,
): MessageText {
  const f = formats(lang);
  const w = WORDS(lang);
  const { debts } = of;
  const lines = debts.map(({ subject, amountCents, dueOn, noticeNumber }) => {
    const line = w.line(subject, formatEuro(amountCents), f.dayWithYear(dueOn));
    return noticeNumber === null ? line : `${line} (${w.number(of.inFours(noticeNumber))})`;
  });
  const total = debts.reduce((sum, { amountCents }) => sum + amountCents, 0n);
  return {
    subject: debts.length === 1 ? w.one : w.many(debts.length),
    body: [
      `${capital(w.begin(f.day(of.today)))} ${lines.join("; ")}.`,
      ...(debts.length === 1 ? [] : [w.total(formatEuro(total))]),
      w.paid,
      w.help,
    ].join(" "),
  };
}
