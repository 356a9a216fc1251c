// SPDX-License-Identifier: EUPL-1.2
import type { NewPerson, PersonKind } from "#families";
import {
  controlCharacter,
  expectedFifteen,
  isElevenDigitCode,
  type Sex,
} from "#kernel/codice-fiscale.ts";
import type { Day } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { CITIES, type Origin, STREETS } from "./names.ts";
import type { Random } from "./random.ts";

export interface Home {
  readonly address: string;
  readonly postalCode: string;
  readonly city: string;
}

export interface Place {
  readonly code: string;
  readonly name: string;
}

/** Makes people whose data agree with each other; no two share a codice fiscale. */
export class PersonMaker {
  readonly #random: Random;
  readonly #town: Place & { postalCode: string };
  readonly #codes = new Set<string>();
  #phones = 0;

  constructor(random: Random, town: Place & { postalCode: string }) {
    this.#random = random;
    this.#town = town;
  }

  home(): Home {
    const address = `${this.#random.pick(STREETS)} ${this.#random.between(1, 98)}`;
    return { address, postalCode: this.#town.postalCode, city: this.#town.name };
  }

  person(of: {
    kind: PersonKind;
    surname: string;
    givenName: string;
    sex: Sex;
    birthDate: Day;
    origin: Origin;
    home: Home;
  }): NewPerson {
    const { kind, surname, givenName, sex, birthDate, origin, home } = of;
    const place = this.#birthPlace(kind, origin);
    const known = { surname, givenName, sex, birthDate, birthPlaceCode: place.code };
    const fifteen = expectedFifteen(known);
    const code = fifteen + controlCharacter(fifteen);
    const taken = this.#codes.has(code);
    this.#codes.add(code);
    return {
      id: newId(),
      kind,
      ...known,
      birthPlace: place.name,
      codiceFiscale: kind === "child" ? this.#childCode(code, taken) : taken ? null : code,
      ...(kind === "adult" ? this.#contacts(givenName, surname) : {}),
      ...home,
    };
  }

  /** Newborns and newcomers have a provisional code, or none yet: the office sees them as tasks. */
  #childCode(code: string, taken: boolean): string | null {
    if (taken || this.#random.chance(0.01)) return null;
    return this.#random.chance(0.012) ? this.#provisional() : code;
  }

  #provisional(): string {
    for (;;) {
      const body = String(this.#random.between(10_000_000, 99_999_999)).padStart(10, "0");
      for (let digit = 0; digit < 10; digit += 1) {
        const code = `${body}${digit}`;
        if (!isElevenDigitCode(code) || this.#codes.has(code)) continue;
        this.#codes.add(code);
        return code;
      }
    }
  }

  #birthPlace(kind: PersonKind, { country }: Origin): Place {
    const abroad = country !== null && this.#random.chance(kind === "adult" ? 0.95 : 0.2);
    if (abroad) return country;
    return this.#random.chance(0.45) ? this.#town : this.#random.pick(CITIES);
  }

  /** Addresses end in `.example`, which reaches nobody (RFC 2606). */
  #contacts(givenName: string, surname: string): { email: string; phone: string } {
    this.#phones += 1;
    const phone = this.#random.chance(0.96) ? `333000${String(this.#phones).padStart(4, "0")}` : "";
    const email = this.#random.chance(0.93)
      ? `${plain(givenName)}.${plain(surname)}@posta.example`
      : "";
    return { email, phone };
  }
}

/** `D'Angelo` → `dangelo`: for addresses and user codes. */
export const plain = (name: string): string =>
  name
    .normalize("NFD")
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "");
