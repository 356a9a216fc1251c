// SPDX-License-Identifier: EUPL-1.2
import type { Service } from "#calendar";
import type { Lang } from "#kernel/i18n.ts";
import { words } from "./words.ts";

/** `Refezione scolastica` is `mensa` for everybody; the other services keep the town's own name. */
export const shortName = (service: Service, lang: Lang): string =>
  service.kind === "canteen" ? words(lang).canteen : lower(service.name);

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What one gives up on a day: a meal, or the use of another service. */
export const isCanteen = (service: Service): boolean => service.kind === "canteen";

export function closedSentence(service: Service, reason: string, lang: Lang): string {
  const w = words(lang);
  return isCanteen(service) ? w.mealClosed(reason) : w.serviceClosed(reason);
}
