// SPDX-License-Identifier: EUPL-1.2
/** From a notice as the database has it to the sheets that people hold: always in Italian. */
import type { Day } from "#kernel/dates.ts";
import { formatEuro } from "#kernel/money.ts";
import type { CollectionAccount, Notice, TransferRow } from "#payments";
import { logoFrom } from "./emblem.ts";
import type { LetterLine, PaymentLetter } from "./letter-pdf.ts";
import type { PaperNotice } from "./paper-notice.ts";

/** pagoPA's name for a debtor without a codice fiscale. */
const ANONYMOUS = "ANONIMO";

/** What the sheets say of the municipality. */
export type SheetTown = {
  readonly town: {
    readonly name: string;
    readonly shortName: string;
    readonly fiscalCode: string;
    readonly address: string;
    readonly website: string;
  };
  readonly office: {
    readonly name: string;
    readonly address: string;
    readonly phones: readonly string[];
    readonly emails: readonly string[];
    readonly signatory: string;
    readonly contactPerson: string;
  };
  /** the interbank (SIA) code of each institution that collects, by its codice fiscale */
  readonly collection: { readonly cbill?: Readonly<Record<string, string>> | undefined };
  /** can the notice be paid on the municipality's own site? */
  readonly payableOnSite: boolean;
  /** the municipality's, as it is stored; `null`: none */
  readonly logoPng: Uint8Array | null;
};

/**
 * Where somebody lives as an envelope has it: street, then postcode and town; what is not known is left out. A protected
 * address stands on no sheet: sheets go through schools, inboxes and print shops.
 */
export function addressLines(
  person:
    | { address: string; postalCode: string; city: string; contactsProtected: boolean }
    | undefined,
): string[] {
  if (!person || person.contactsProtected) return [];
  const place = [person.postalCode, person.city].filter(Boolean).join(" ");
  return [person.address, place].filter(Boolean);
}

/**
 * pagoPA's paper notice of one amount. `transfers`: the notice's own. `accounts`: the town's, whoever's they are, the
 * retired ones too: the slip names the postal account that the notice was issued for, as pagoPA will be told it.
 * `debtorLines`: where who pays lives, for sheets that only who pays will hold.
 */
export function paperOf(
  notice: Notice,
  of: {
    transfers: readonly Pick<TransferRow, "transfer" | "fiscalCode" | "name" | "postalIban">[];
    accounts: readonly CollectionAccount[];
    town: SheetTown;
    debtorLines?: readonly string[];
  },
): PaperNotice {
  const { town, office, collection, payableOnSite, logoPng } = of.town;
  const { debtorLines = [], transfers } = of;
  const own = transfers.find(({ fiscalCode }) => fiscalCode === notice.creditorFiscalCode);
  const postalIban = transfers.find(({ transfer }) => transfer === 1)?.postalIban;
  const postal = of.accounts.find(
    ({ kind, creditorFiscalCode, iban }) =>
      kind === "postal" && creditorFiscalCode === notice.creditorFiscalCode && iban === postalIban,
  );
  const { noticeNumber, amountCents, dueOn, debtorFiscalCode, instalment } = notice;
  return {
    creditor: {
      name: own?.name ?? town.name,
      officeName: office.name,
      fiscalCode: notice.creditorFiscalCode,
      cbill: collection.cbill?.[notice.creditorFiscalCode],
      ...(town.website ? { site: town.website } : {}),
      ...(office.address || town.address ? { address: office.address || town.address } : {}),
      contacts: [office.phones[0], office.emails[0]].filter(Boolean).join(", "),
      payableOnSite,
      // Another creditor does not go under the municipality's arms.
      logo: logoFrom(notice.creditorFiscalCode === town.fiscalCode ? logoPng : null),
    },
    debtor: {
      name: notice.debtorName,
      fiscalCode: debtorFiscalCode === ANONYMOUS ? null : debtorFiscalCode,
      ...(debtorLines.length > 0 ? { address: debtorLines.join(", ") } : {}),
    },
    subject: instalment === null ? notice.subject : `${notice.subject}, rata ${instalment}`,
    single: { noticeNumber, amountCents, dueOn },
    ...(postal?.postalAuthorisation
      ? {
          postal: {
            account: postal.postalAccount,
            holder: postal.postalHolder,
            authorisation: postal.postalAuthorisation,
          },
        }
      : {}),
  };
}

/** The letter that goes before it (OS-15, OS-16); its lines sum to the notice. No address: its window stays free. */
export function letterOf(
  notice: Notice,
  of: {
    paper: PaperNotice;
    lines: readonly Omit<LetterLine, "detail">[];
    town: SheetTown;
    writtenOn: Day;
    debtorLines?: readonly string[];
  },
): PaymentLetter {
  const { town, office } = of.town;
  const { debtor } = of.paper;
  return {
    notice: of.paper,
    place: town.shortName,
    writtenOn: of.writtenOn,
    addressee: { name: debtor.name, lines: of.debtorLines ?? [] },
    subject: `avviso di pagamento, ${notice.subject}`,
    opening: [
      `Con l'avviso allegato si pagano ${formatEuro(notice.amountCents)} per i servizi indicati qui sotto.`,
    ],
    closing: [
      "Si paga on line dal portale dei servizi scolastici, oppure con l'avviso allegato in banca, alle poste, dai tabaccai, agli sportelli automatici e con le app abilitate a pagoPA. Può pagare qualsiasi adulto che ha l'avviso.",
      "La ricevuta resta nel portale.",
    ],
    lines: of.lines.map((line) => ({ ...line, detail: notice.subject })),
    signature: { role: office.name, name: office.signatory || office.contactPerson },
  };
}
