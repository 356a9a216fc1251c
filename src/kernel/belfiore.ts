// SPDX-License-Identifier: EUPL-1.2
import { belfioreConnector } from "@marketto/belfiore-connector-embedded";
import type { Day } from "./dates.ts";

/** A municipality or a country by its Belfiore code; both dates count. */
export interface Place {
  readonly code: string;
  readonly name: string;
  /** two letters; `EE` for a country */
  readonly province: string;
  readonly existedFrom: Day;
  /** `null` = it still exists */
  readonly existedTo: Day | null;
}

export interface Places {
  byCode(code: string): Place | undefined;
  /**
   * Places of that name, accents, apostrophes and case aside; narrowed by province and by the day of
   * birth when these leave something. Several remain when the name alone does not decide.
   */
  byName(name: string, province?: string | null, on?: Day | null): readonly Place[];
}

let loading: Promise<Places> | null = null;

/** Municipalities (past and present) and countries: embedded data, about 10,000, read once. */
export function loadPlaces(): Promise<Places> {
  loading ??= read();
  return loading;
}

/** The key under which place names compare: `FORLI'` = `Forlì`. */
export const placeKey = (name: string): string =>
  name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "");

async function read(): Promise<Places> {
  const byCode = new Map<string, Place>();
  const byName = new Map<string, Place[]>();
  for (const raw of await belfioreConnector.toArray()) {
    const place: Place = {
      code: raw.belfioreCode,
      name: raw.name,
      province: raw.province ?? "EE",
      existedFrom: dayOfDate(raw.creationDate),
      existedTo:
        raw.expirationDate.getUTCFullYear() === 9999 ? null : dayOfDate(raw.expirationDate),
    };
    byCode.set(place.code, place);
    const key = placeKey(place.name);
    byName.set(key, [...(byName.get(key) ?? []), place]);
  }
  return {
    byCode: (code) => byCode.get(code),
    byName(name, province = null, on = null) {
      const all = byName.get(placeKey(name)) ?? [];
      const inProvince = province ? all.filter((place) => place.province === province) : all;
      const candidates = inProvince.length > 0 ? inProvince : all;
      const existing = on ? candidates.filter((place) => existedOn(place, on)) : candidates;
      return existing.length > 0 ? existing : candidates;
    },
  };
}

function existedOn(place: Place, on: Day): boolean {
  return (
    Temporal.PlainDate.compare(place.existedFrom, on) <= 0 &&
    (place.existedTo === null || Temporal.PlainDate.compare(on, place.existedTo) <= 0)
  );
}

const dayOfDate = (date: Date): Day => Temporal.PlainDate.from(date.toISOString().slice(0, 10));
