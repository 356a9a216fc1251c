// SPDX-License-Identifier: EUPL-1.2
import { type Federation, FEDERATIONS } from "#identity";
import type { FieldError } from "#ui/components.ts";
import type { CertifiedField, ProviderFault } from "../../../integrations/saml/index.ts";

export const IDENTITY_PAGE = "/ufficio/impostazioni/accesso";
export const BACK = { href: IDENTITY_PAGE, label: "SPID e CIE" } as const;

interface FederationWords {
  readonly name: string;
  /** who takes the metadata: `AgID`, and `ad AgID` */
  readonly office: string;
  readonly toOffice: string;
  readonly what: string;
}

export const FEDERATION_WORDS: Readonly<Record<Federation, FederationWords>> = {
  spid: {
    name: "SPID",
    office: "AgID",
    toOffice: "ad AgID",
    what: "Sistema pubblico di identità digitale",
  },
  cie: {
    name: "CIE",
    office: "il Ministero dell'interno",
    toOffice: "al Ministero dell'interno",
    what: "Carta d'identità elettronica, con il protocollo SAML",
  },
  eidas: {
    name: "eIDAS",
    office: "AgID, per il nodo eIDAS italiano",
    toOffice: "ad AgID, per il nodo eIDAS italiano",
    what: "Identità di altri Paesi europei",
  },
};

export const federationOf = (text: string | undefined): Federation | undefined =>
  FEDERATIONS.find((one) => one === text);

export const FIELDS = [
  "entita",
  "indirizzo",
  "nome",
  "nomeBreve",
  "sito",
  "localita",
  "email",
  "telefono",
  "ipa",
  "cf",
  "belfiore",
  "provincia",
  "livello",
  "aggregatore",
  "aggregatoreIva",
  "aggregatoreCf",
  "aggregatoreIpa",
  "aggregatoreEmail",
  "aggregatoreTelefono",
  "aggregatoreCertificato",
] as const;
export type FieldName = (typeof FIELDS)[number];

/** Where a part of the stored settings stands in the form, and what is asked of it. */
const PARTS: Readonly<Record<string, { field: FieldName; message: string }>> = {
  entityId: { field: "entita", message: "L'entityID è un indirizzo https, senza parametri." },
  baseUrl: { field: "indirizzo", message: "Scrivere l'indirizzo https del servizio." },
  "organization.name": { field: "nome", message: "Scrivere la denominazione per esteso." },
  "organization.displayName": { field: "nomeBreve", message: "Scrivere il nome da mostrare." },
  "organization.url": { field: "sito", message: "Scrivere l'indirizzo del sito del Comune." },
  locality: { field: "localita", message: "Scrivere il Comune della sede." },
  "contact.email": { field: "email", message: "Scrivere l'e-mail di un ufficio." },
  "contact.phone": {
    field: "telefono",
    message: "Il telefono comincia con il prefisso, senza spazi: +390371000000.",
  },
  ipaCode: { field: "ipa", message: "Il codice IPA è quello dell'Indice PA, come c_h501." },
  fiscalCode: { field: "cf", message: "Il codice fiscale dell'ente ha 11 cifre." },
  seat: { field: "belfiore", message: "Serve il codice catastale del Comune della sede." },
  "seat.belfioreCode": {
    field: "belfiore",
    message: "Il codice catastale è una lettera e tre cifre, come H501.",
  },
  "seat.province": { field: "provincia", message: "La provincia è una sigla di due lettere." },
  level: { field: "livello", message: "Scegliere il livello." },
  aggregator: { field: "aggregatore", message: "Completare i dati dell'aggregatore." },
  "aggregator.company": { field: "aggregatore", message: "Scrivere il nome dell'aggregatore." },
  "aggregator.vatNumber": {
    field: "aggregatoreIva",
    message: "La partita IVA è IT e undici cifre.",
  },
  "aggregator.fiscalCode": {
    field: "aggregatoreCf",
    message: "Il codice fiscale dell'aggregatore ha da 11 a 16 caratteri.",
  },
  "aggregator.contact.email": {
    field: "aggregatoreEmail",
    message: "Scrivere l'e-mail dell'aggregatore.",
  },
  "aggregator.contact.phone": {
    field: "aggregatoreTelefono",
    message: "Il telefono comincia con il prefisso, senza spazi.",
  },
  "aggregator.validationCertificate": {
    field: "aggregatoreCertificato",
    message: "Serve un certificato solo, da BEGIN a END, senza la chiave privata.",
  },
};

export function partError(path: string): FieldError {
  const { field, message } = PARTS[path] ?? {
    field: "entita",
    message: `Dato non valido: ${path}.`,
  };
  return { field, message };
}

const MEANT: Readonly<Record<ProviderFault["field"], FieldName>> = {
  entityId: "entita",
  assertionConsumerUrls: "indirizzo",
  singleLogout: "indirizzo",
  attributeSets: "livello",
  organization: "nome",
  contact: "email",
  ipaCode: "ipa",
  fiscalCode: "cf",
  seat: "belfiore",
  technicalPartner: "entita",
  kind: "aggregatore",
  certificates: "entita",
};

const REASONS: Readonly<Record<ProviderFault["reason"], string>> = {
  missing: "Manca un dato che la federazione richiede.",
  "not-https": "L'indirizzo deve cominciare con https://.",
  "has-query": "L'indirizzo non può avere parametri dopo il punto interrogativo.",
  "too-long": "Il testo è troppo lungo.",
  malformed: "Il dato non ha la forma richiesta.",
  "not-for-this-federation": "Questo dato non è previsto da questa federazione.",
  "no-redirect": "Serve un indirizzo di uscita.",
  "too-many": "I certificati pubblicati sono al massimo due.",
  repeated: "Lo stesso dato compare due volte.",
  "unknown-attribute": "Viene chiesto un dato che la federazione non fornisce.",
  "without-aggregation-path":
    "In forma aggregata l'entityID contiene /pub-ag-full/, o /pub-ag-lite/ con un aggregatore «light»: lo assegna l'aggregatore.",
  "with-aggregation-path":
    "L'entityID è quello di una forma aggregata: compilare i dati dell'aggregatore.",
};

/** What a federation would send the metadata back for, at the field it is about. */
export const faultError = ({ field, reason }: ProviderFault): FieldError => ({
  field: MEANT[field],
  message: REASONS[reason],
});

export const CERTIFIED_WORDS: Readonly<Record<CertifiedField, string>> = {
  entityId: "entityID",
  organizationName: "denominazione",
  displayName: "nome da mostrare",
  ipaCode: "codice IPA",
};

export const KEY_STATES = {
  current: "in uso",
  next: "pronto, non ancora in uso",
  former: "precedente, ancora pubblicato",
  retired: "ritirato",
} as const;

/** Why the newest attempt to fetch a list failed. */
export function registryProblem(problem: string): string {
  if (problem === "timeout") return "il registro non risponde in tempo";
  if (problem === "network") return "il registro non si raggiunge";
  if (problem.startsWith("HTTP ")) return "il registro risponde con un errore";
  if (problem === "expired") return "l'elenco è scaduto";
  if (problem === "no-trusted-key")
    return "l'elenco non è firmato con il certificato atteso: non viene usato";
  return "l'elenco non supera i controlli: non viene usato";
}
