// SPDX-License-Identifier: EUPL-1.2
import type { Visit } from "../../web/visit.ts";

export const MEANS_PAGE = "/accessi/metodi";
/** where the code of another child is joined (PE-04) */
export const JOIN_PAGE = "/accessi/unisci";

/** A session somebody left open must not become a way in for good. */
const FRESH_MINUTES = 30;

export const isFresh = (visit: Visit, { row }: NonNullable<Visit["session"]>): boolean =>
  row.createdAt.until(visit.now, { largestUnit: "minutes" }).minutes < FRESH_MINUTES;
