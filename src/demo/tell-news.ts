// SPDX-License-Identifier: EUPL-1.2
import { type Day, momentAt } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { publishNews } from "#messaging";
import type { DemoStaff } from "./staff.ts";

/** PE-08, BO-21: what the municipality and its catering company have told everybody these days. */
export async function tellNews(tx: WriteTx, of: { staff: DemoStaff; today: Day }): Promise<void> {
  const { staff, today } = of;
  const ofTown = {
    title: "Sportello aperto anche il sabato",
    body: "Fino alla fine del mese lo sportello dell'Ufficio scuola apre anche il sabato, dalle 9 alle 12.\n\nServe un documento. Per pagare non serve venire: si fa anche da questo portale.",
    shownUntil: today.add({ months: 1 }),
  };
  const ofCaterer = {
    title: "Da lunedì il menù invernale",
    body: "Cambiano le zuppe e la frutta: mele, pere e agrumi da aziende della zona.\nIl pane resta integrale il martedì e il giovedì.",
    shownUntil: null,
  };
  await publishNews(tx, {
    ...{ actor: staff.office, key: newId(), words: ofTown },
    now: momentAt(today.subtract({ days: 4 }), "11:20"),
  });
  await publishNews(tx, {
    ...{ actor: staff.caterer, key: newId(), words: ofCaterer },
    now: momentAt(today.subtract({ days: 2 }), "15:05"),
  });
}
