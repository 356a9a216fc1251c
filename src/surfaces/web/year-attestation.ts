// SPDX-License-Identifier: EUPL-1.2
/** The year's payments of one payer for one child, as a sheet for the tax return: the same for office and family. */
import { townCalendar } from "#calendar";
import { yearAttestationPdf } from "#documents";
import { type ClassMembership, membershipsOf } from "#enrolment";
import { debtors, people } from "#families";
import { isBefore } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { isUuid } from "#kernel/ids.ts";
import { formatEuro } from "#kernel/money.ts";
import type { ChildPayments, Uncounted } from "#ledger";
import { yearPayments } from "#payments";
import { townLogo } from "#tenancy";
import { letterheadOf } from "./desk-receipt.ts";
import { type Answer, notFound } from "./route.ts";
import type { Visit } from "./visit.ts";

const METHODS: Readonly<Record<string, string>> = {
  pagopa: "pagoPA",
  "pagopa-other-portal": "pagoPA",
  "bank-transfer": "Bonifico",
  pos: "Carta (POS)",
};

/** In Italian, as the tax office reads it. */
export function uncountedText({ why, cents }: Uncounted, year: number): string {
  const amount = formatEuro(cents);
  switch (why) {
    case "not-traceable":
      return `${amount} versati in un modo non tracciabile, o che non lo prova: contanti, sportello, buoni.`;
    case "given-back":
      return `${amount} pagati nel ${year} e poi rimborsati.`;
    case "credit":
      return `${amount} di credito non ancora usato: conta per il ${year} quando un servizio lo usa.`;
    case "household":
      return `${amount} di quote della famiglia intera, che non sono di un solo alunno.`;
  }
}

export interface AttestationSheet {
  readonly year: number;
  readonly payer: { readonly name: string; readonly fiscalCode: string | null };
  readonly child: { readonly name: string; readonly fiscalCode: string | null };
  readonly schools: readonly string[];
  readonly paid: ChildPayments;
  readonly uncounted: readonly Uncounted[];
  readonly services: ReadonlyMap<string, string>;
  readonly logoPng: Uint8Array | null;
}

/** `null`: nothing that counts. `ofWhole`: may what is of no single child be said, too? */
export async function attestationSheet(
  tx: ReadTx,
  of: { holderId: string; childId: string; year: string; ofWhole: boolean },
): Promise<AttestationSheet | null> {
  const { holderId, childId } = of;
  if (!isUuid(holderId) || !isUuid(childId) || !/^\d{4}$/.test(of.year)) return null;
  const years = await yearPayments(tx, holderId);
  const found = years.find(({ year }) => year === Number(of.year));
  const paid = found?.children.find((one) => one.childId === childId);
  const payer = (await debtors(tx, [holderId])).get(holderId);
  const [child] = await people(tx, [childId]);
  if (!found || !paid || !payer || !child) return null;
  const { services, classes, sites } = await townCalendar(tx);
  const memberships = await membershipsOf(tx, [childId]);
  const isPaidFor = ({ from, to }: ClassMembership): boolean =>
    paid.lines.some((line) => !isBefore(line.to, from) && (!to || !isBefore(to, line.from)));
  const schools = memberships
    .filter(isPaidFor)
    .flatMap(({ classId }) => sites.get(classes.get(classId)?.siteId ?? "")?.name ?? []);
  return {
    year: found.year,
    payer: { name: payer.fullName, fiscalCode: payer.codiceFiscale },
    child: { name: `${child.givenName} ${child.surname}`, fiscalCode: child.codiceFiscale },
    schools: [...new Set(schools)],
    paid,
    uncounted: found.uncounted.filter((one) =>
      one.childId === null ? of.ofWhole : one.childId === childId,
    ),
    services: new Map(services.map(({ id, name }) => [id, name])),
    logoPng: await townLogo(tx),
  };
}

/** Drawn outside the transaction. */
export async function attestation(visit: Visit, sheet: AttestationSheet | null): Promise<Answer> {
  if (!sheet) return notFound;
  const { office } = visit.townSettings;
  const { year, payer, child, services } = sheet;
  const bytes = await yearAttestationPdf(
    {
      office: letterheadOf(visit, sheet.logoPng),
      year,
      payer,
      child,
      schools: sheet.schools,
      lines: sheet.paid.lines.map(({ cents, serviceId, method, ...line }) => ({
        ...line,
        service: services.get(serviceId ?? "") ?? "Servizi scolastici",
        method: METHODS[method] ?? "Altro mezzo tracciabile",
        amountCents: cents,
      })),
      uncounted: sheet.uncounted.map((one) => uncountedText(one, year)),
      signature: { role: office.name, name: office.signatory || office.contactPerson },
    },
    { madeAt: visit.now },
  );
  return { kind: "file", contentType: "application/pdf", bytes, fileName: `spese-${year}.pdf` };
}
