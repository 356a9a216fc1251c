// SPDX-License-Identifier: EUPL-1.2
import type { Headings } from "#kernel/tabular/index.ts";

/** Columns of a guardian as they appear beside a pupil, or in a sheet of guardians. */
export const GUARDIAN_FIELDS = [
  "surname",
  "givenName",
  "fullName",
  "codiceFiscale",
  "email",
  "phone",
  "phone2",
] as const;
export type GuardianField = (typeof GUARDIAN_FIELDS)[number];

/** Places for guardians on a pupil's row, in the order in which they become account holders. */
export const GUARDIAN_SLOTS = {
  payer: ["pagante", "intestatario", "richiedente", "dichiarante"],
  first: [
    "tutore",
    "tutore 1",
    "genitore",
    "genitore 1",
    "primo genitore",
    "responsabile",
    "responsabile 1",
    "1 genitore",
  ],
  mother: ["madre", "mamma"],
  father: ["padre", "papà"],
  second: ["tutore 2", "genitore 2", "secondo genitore", "responsabile 2", "2 genitore"],
} as const;
export type GuardianSlot = keyof typeof GUARDIAN_SLOTS;

const FIELD_WORDS: Record<GuardianField, readonly string[]> = {
  surname: ["cognome"],
  givenName: ["nome"],
  fullName: ["cognome e nome", "nominativo", "cognome nome", ""],
  codiceFiscale: ["codice fiscale", "cf", "cod fiscale", "cod fisc", "c f"],
  email: ["email", "e-mail", "mail", "posta elettronica", "indirizzo email"],
  phone: ["cellulare", "telefono", "cell", "tel", "recapito", "telefono cellulare", "n cellulare"],
  phone2: [
    "cellulare 2",
    "telefono fisso",
    "cellulare 2 / telefono fisso",
    "telefono 2",
    "tel casa",
  ],
};

type GuardianColumn = `${GuardianSlot}.${GuardianField}`;
const PUPIL = [
  "alunno",
  "alunna",
  "allievo",
  "studente",
  "bambino",
  "minore",
  "figlio",
  "alunno/a",
  "dell'alunno",
] as const;

/** `Cognome`, `Cognome alunno`, `Alunno cognome`. */
const ofPupil = (...words: string[]): string[] =>
  words.flatMap((word) => [word, ...PUPIL.flatMap((who) => [`${word} ${who}`, `${who} ${word}`])]);

const PUPIL_HEADINGS = {
  surname: ofPupil("cognome"),
  givenName: ofPupil("nome"),
  fullName: [...ofPupil("cognome e nome", "nominativo", "cognome nome"), ...PUPIL],
  codiceFiscale: ofPupil("codice fiscale", "cf", "cod fiscale", "cod fisc", "codfisc"),
  sex: ofPupil("sesso", "genere", "m/f"),
  birthDate: ofPupil(
    "data nascita",
    "data di nascita",
    "nato il",
    "nata il",
    "nato/a il",
    "dt nascita",
  ),
  birthPlace: ofPupil(
    "comune nascita",
    "comune di nascita",
    "luogo nascita",
    "luogo di nascita",
    "nato a",
    "nata a",
    "nato/a a",
  ),
  birthProvince: ofPupil("provincia nascita", "provincia di nascita", "prov nascita", "pr nascita"),
  birthCountry: ofPupil(
    "stato nascita",
    "stato di nascita",
    "nazione nascita",
    "stato estero nascita",
  ),
  address: ofPupil(
    "indirizzo",
    "via",
    "indirizzo residenza",
    "indirizzo di residenza",
    "residenza",
  ),
  postalCode: ofPupil("cap", "cap residenza", "cap di residenza"),
  city: ofPupil(
    "comune residenza",
    "comune di residenza",
    "citta",
    "citta residenza",
    "residente a",
  ),
  site: [
    "codice meccanografico",
    "codice meccanografico sede",
    "codice scuola",
    "codice plesso",
    "codice sede",
    "sede",
    "plesso",
    "scuola",
    "codice ministeriale",
    "nome plesso",
  ],
  className: [
    "classe",
    "classe sezione",
    "classe e sezione",
    "classe/sezione",
    "classe frequentata",
    "anno corso",
    "anno di corso",
    "cl",
  ],
  section: ["sezione", "sez"],
  dietCode: ["codice dieta", "dieta", "dieta speciale", "menu"],
  // known, and not kept: nobody needs them here
  citizenship: ofPupil("cittadinanza", "nazionalita"),
  schoolTime: ["tempo scuola", "tempo", "orario", "tempo pieno", "modulo"],
  number: [
    "n",
    "nr",
    "num",
    "numero",
    "progressivo",
    "prog",
    "matricola",
    "id",
    "codice sidi",
    "n registro",
  ],
} as const;
type PupilField = keyof typeof PUPIL_HEADINGS;
export type PupilColumn = PupilField | GuardianColumn;

function guardianHeadings(): Record<GuardianColumn, string[]> {
  const headings = {} as Record<GuardianColumn, string[]>;
  for (const slot of Object.keys(GUARDIAN_SLOTS) as GuardianSlot[]) {
    for (const field of GUARDIAN_FIELDS) {
      headings[`${slot}.${field}`] = GUARDIAN_SLOTS[slot].flatMap((who) =>
        FIELD_WORDS[field].flatMap((word) => [`${word} ${who}`, `${who} ${word}`]),
      );
    }
  }
  // A contact beside the pupil that names nobody is the first guardian's.
  headings["first.email"].push("email", "e-mail", "mail", "posta elettronica");
  headings["first.phone"].push("cellulare", "telefono", "recapito", "recapito telefonico");
  return headings;
}

/** A row of a pupils' sheet, guardians beside the pupil included ("School exchange", Italian school exports). */
export const PUPIL_SHEET: Headings<PupilColumn> = { ...guardianHeadings(), ...PUPIL_HEADINGS };

export const PUPIL_SHEET_REQUIRED: readonly (readonly PupilColumn[])[] = [
  ["surname", "givenName", "className"],
  ["surname", "givenName", "codiceFiscale"],
  ["surname", "givenName", "birthDate"],
  ["fullName", "className"],
  ["fullName", "codiceFiscale"],
];

/** Nuvola's sheet of guardians: one row per guardian, tied to the pupil by codice fiscale. */
export const GUARDIAN_SHEET = {
  pupilCode: [
    "codice fiscale alunno",
    "cf alunno",
    "codice fiscale figlio",
    "codice fiscale studente",
    "codice fiscale dell'alunno",
  ],
  surname: ["cognome tutore", "cognome genitore", "cognome responsabile"],
  givenName: ["nome tutore", "nome genitore", "nome responsabile"],
  codiceFiscale: ["codice fiscale tutore", "cf tutore", "codice fiscale genitore", "cf genitore"],
  role: ["ruolo del tutore", "ruolo tutore", "ruolo", "parentela", "grado di parentela"],
  email: ["email tutore", "email", "e-mail", "mail tutore", "email genitore"],
  phone: ["cellulare", "cellulare tutore", "telefono", "cellulare genitore"],
  phone2: ["cellulare 2 / telefono fisso", "telefono fisso", "cellulare 2", "telefono 2"],
  order: ["ordinamento", "ordine"],
} as const satisfies Headings<string>;

export type GuardianColumnName = keyof typeof GUARDIAN_SHEET;

export const GUARDIAN_SHEET_REQUIRED = [["pupilCode", "surname", "givenName"]] as const;

/** What a slot on the pupil's row says about the tie. */
export const SLOT_ROLES: Record<GuardianSlot, string> = {
  payer: "genitore",
  first: "genitore",
  mother: "madre",
  father: "padre",
  second: "genitore",
};
