// SPDX-License-Identifier: EUPL-1.2
import type { FieldError } from "#ui/components.ts";
import type { OwnEntityCheck } from "../../../integrations/oidc-federation/index.ts";
import { IDENTITY_PAGE } from "./identity-words.ts";

export const OIDC_PAGE = `${IDENTITY_PAGE}/cie-oidc`;
export const OIDC_NAME = "CIE con OpenID Connect";
export const OIDC_WHAT =
  "Carta d'identità elettronica, con il protocollo OpenID Connect Federation";
export const OIDC_BACK = { href: OIDC_PAGE, label: OIDC_NAME } as const;

export const OIDC_FIELDS = [
  "indirizzo",
  "entita",
  "nome",
  "pec",
  "sito",
  "informativa",
  "logo",
  "gestore",
  "ancora",
  "chiaviAncora",
  "superiori",
  "marchi",
  "livello",
] as const;
export type OidcFieldName = (typeof OIDC_FIELDS)[number];

/** Where a part of the stored settings stands in the form, and what is asked of it. */
const PARTS: Readonly<Record<string, readonly [OidcFieldName, string]>> = {
  baseUrl: ["indirizzo", "Scrivere l'indirizzo https del servizio."],
  entityId: ["entita", "L'identificativo è un indirizzo https, senza parametri."],
  organizationName: ["nome", "Scrivere la denominazione per esteso."],
  contact: ["pec", "Scrivere la PEC istituzionale, quella indicata nella domanda."],
  homepageUrl: ["sito", "Scrivere l'indirizzo del sito del Comune."],
  policyUrl: ["informativa", "Scrivere l'indirizzo dell'informativa sulla privacy."],
  logoUrl: ["logo", "Il logo è l'indirizzo di un file SVG (finisce con .svg)."],
  provider: ["gestore", "Scrivere l'indirizzo del gestore, come lo comunica la federazione."],
  trustAnchor: ["ancora", "Scrivere l'indirizzo del registro della federazione."],
  trustAnchorKeys: ["chiaviAncora", "Non è un insieme di chiavi pubbliche (JWKS)."],
  authorityHints: ["superiori", "Scrivere almeno un indirizzo, uno per riga."],
  trustMarks: ["marchi", "Una riga non è un marchio di fiducia."],
  level: ["livello", "Scegliere il livello."],
};

export function oidcPartError(path: string): FieldError {
  const [field, message] = PARTS[path.split(".")[0] ?? ""] ?? [
    "entita",
    `Dato non valido: ${path}.`,
  ];
  return { field, message };
}

export const OIDC_KEY_STATES = {
  current: "in uso",
  next: "pronta, non ancora in uso",
  former: "precedente, ancora pubblicata",
  retired: "ritirata",
} as const;

export const OIDC_KEY_USES = {
  federation: "firma la dichiarazione",
  sign: "firma le richieste",
  decrypt: "apre le risposte",
} as const;

export const CHECKED: Readonly<Record<OwnEntityCheck["what"], { what: string; said: string }>> = {
  statement: {
    what: "Dichiarazione del Comune",
    said: "Completa e firmata con la chiave in uso.",
  },
  published: {
    what: "Dichiarazione, letta da fuori",
    said: "L'indirizzo dichiarato risponde, con le chiavi che sono qui.",
  },
  chain: {
    what: "Catena di fiducia",
    said: "Il registro della federazione riconosce il Comune.",
  },
  "trust-mark": { what: "Marchio di fiducia", said: "Valido e rilasciato da chi può farlo." },
  provider: { what: "Gestore di CIE", said: "Riconosciuto dal registro: si può andare da lui." },
};

const ADVICE: Readonly<Record<string, string>> = {
  "no-trust-mark":
    "Manca un marchio valido: incollare quello ricevuto con l'adesione, salvare e attivare la nuova versione.",
  "foreign-anchor":
    "Nessuna strada porta al registro indicato: controllare registro, superiori e se l'adesione è conclusa.",
  "other-keys":
    "All'indirizzo dichiarato risponde un'altra installazione, o una copia vecchia: controllare il proxy.",
  address: "L'indirizzo deve essere pubblico e cominciare con https://.",
  unreachable: "Non risponde: controllare l'indirizzo, il certificato https e il proxy.",
  late: "Non risponde in tempo: riprovare tra poco.",
  status: "Risponde con un errore: l'indirizzo non è quello, o l'adesione non è conclusa.",
  signature:
    "La firma non corrisponde: le chiavi del registro vanno riprese da chi gestisce la federazione.",
  "unknown-key":
    "La firma è di una chiave sconosciuta: le chiavi del registro vanno riprese da chi gestisce la federazione.",
  wrong: "Correggere i dati e salvarli di nuovo.",
};

/** The town's own address answers from here, another's by the way out. */
export const checkAdvice = (reason: string, what: OwnEntityCheck["what"]): string =>
  reason === "unreachable" && what !== "published"
    ? "Non risponde: controllare l'indirizzo, e che da questo server si possa chiamarlo."
    : (ADVICE[reason] ?? "Il codice dice il motivo a chi gestisce la federazione.");
