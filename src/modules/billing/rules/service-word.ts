// SPDX-License-Identifier: EUPL-1.2
import type { Service } from "#calendar";
import type { Lang } from "#kernel/i18n.ts";

export type ServiceWord = Pick<Service, "kind" | "name">;

/** `Refezione scolastica` is `mensa` for everybody; the other services keep the town's own name. */
export const serviceWord = ({ kind, name }: ServiceWord, lang: Lang): string =>
  kind !== "canteen"
    ? name.charAt(0).toLowerCase() + name.slice(1)
    : lang === "it"
      ? "mensa"
      : "school meals";

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `Mensa di ottobre 2026`: on paper, at the bank and in every message, as the portal's list names the bill. */
export const billSubject = (service: ServiceWord, monthName: string): string =>
  `${capital(serviceWord(service, "it"))} di ${monthName}`.slice(0, 140);
