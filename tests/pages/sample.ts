// SPDX-License-Identifier: EUPL-1.2
/** Sample data of the gallery, invented. */
import { day } from "#kernel/dates.ts";
import { formats } from "#kernel/i18n.ts";
import type { PageOptions, Town } from "#ui/layout.ts";
import { words } from "#ui/words/index.ts";

export const w = words("it");
export const f = formats("it");
export const today = day("2026-11-24");
export const town: Town = {
  name: "Borghetto Santo Spirito",
  phone: "0182 940 900",
  officeName: "Ufficio scuola",
};
export const protection = { csrf: "c5rf", key: "0193-key" };
export const guardian: NonNullable<PageOptions["actor"]> = {
  name: "Sara Ferrando",
  role: "genitore",
  signOut: { action: "/esci", csrf: "c5rf" },
};
