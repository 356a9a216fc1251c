// SPDX-License-Identifier: EUPL-1.2
import { type Service, townCalendar } from "#calendar";
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { datedSettings } from "#tenancy";
import type { Beneficiary } from "../rules/split-transfers.ts";
import { collectionAccounts, type Station, stationsOfTown } from "../sql/stations.ts";

/** pagoPA's taxonomy for the services of a municipality ("Comuni", entity type 01). */
export const CATEGORY_OF_KIND: Readonly<Record<Service["kind"], string>> = {
  canteen: "9/0107101TS/",
  transport: "9/0107102SP/",
  "pre-post-school": "9/0107103SP/",
  creche: "9/0107106SP/",
};

/** What a town still lacks before it can be paid through pagoPA. */
export type Missing = "station" | "bank-account" | "service";

export type Collecting =
  | {
      outcome: "ready";
      station: Station;
      /** of a service; throws on one that was not asked for */
      beneficiaryOf: (serviceId: string) => Beneficiary;
    }
  | { outcome: "not-configured"; missing: Missing };

/** The station that numbers new notices, and who is paid where for these services on that day. */
export async function collectingFor(
  tx: ReadTx,
  of: { serviceIds: readonly string[]; date: Day },
): Promise<Collecting> {
  const [stations, accounts, calendar, settings] = await Promise.all([
    stationsOfTown(tx),
    collectionAccounts(tx),
    townCalendar(tx),
    datedSettings(tx),
  ]);
  const station = stations.find(({ retiredAt }) => retiredAt === null);
  if (!station) return { outcome: "not-configured", missing: "station" };
  const inUse = accounts.filter(({ retiredAt }) => retiredAt === null);
  const found = new Map<string, Beneficiary>();
  for (const serviceId of new Set(of.serviceIds)) {
    const service = calendar.services.find(({ id }) => id === serviceId);
    if (!service) return { outcome: "not-configured", missing: "service" };
    const accounting = settings.service(service.code, "accounting", of.date);
    const fiscalCode = accounting.beneficiary ?? station.creditorFiscalCode;
    const ofCreditor = inUse.filter(({ creditorFiscalCode }) => creditorFiscalCode === fiscalCode);
    const postal = ofCreditor.find(({ kind }) => kind === "postal");
    const bank = ofCreditor.find(({ kind }) => kind === "bank") ?? postal;
    if (!bank) return { outcome: "not-configured", missing: "bank-account" };
    found.set(serviceId, {
      fiscalCode,
      name: bank.creditorName,
      iban: bank.iban,
      postalIban: postal?.iban ?? null,
      category: accounting.transferCategory ?? CATEGORY_OF_KIND[service.kind],
      budgetChapter: accounting.budgetChapter,
      assessment: accounting.assessment,
    });
  }
  return {
    outcome: "ready",
    station,
    beneficiaryOf: (serviceId) => {
      const beneficiary = found.get(serviceId);
      if (!beneficiary) throw new Error(`no beneficiary was read for service ${serviceId}`);
      return beneficiary;
    },
  };
}
