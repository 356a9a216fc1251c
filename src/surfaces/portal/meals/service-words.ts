// SPDX-License-Identifier: EUPL-1.2
import type { Service } from "#calendar";

/** `Refezione scolastica` is `mensa` for everybody; the other services keep the town's own name. */
export const shortName = (service: Service): string =>
  service.kind === "canteen" ? "mensa" : lower(service.name);

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What one gives up on a day: a meal, or the use of another service. */
export const isCanteen = (service: Service): boolean => service.kind === "canteen";

export function closedSentence(service: Service, reason: string): string {
  const what = isCanteen(service) ? "Mensa chiusa" : "Servizio sospeso";
  return `${what}: ${reason}. Non serve disdire, nessun addebito.`;
}
