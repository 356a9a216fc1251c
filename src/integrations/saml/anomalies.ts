// SPDX-License-Identifier: EUPL-1.2
/**
 * The numbered ways in which a login ends without one: SPID's "Tabella anomalie" and CIE's "Codici di errore". The
 * official meaning is for the office and the journal; families read the plain words.
 */
import type { Protocol } from "./response-types.ts";

export type AnomalyKind =
  /** shown on the provider's own page; nobody comes back with it */
  | "stays-on-provider"
  /** our request or metadata are wrong: the installation's people must know at once */
  | "our-fault"
  /** wrong credentials too often, or too slow: trying again helps */
  | "retry"
  | "level"
  | "no-consent"
  | "blocked"
  | "cancelled"
  | "identity-type"
  /** a code without a meaning, or none at all */
  | "other";

interface AnomalyWords {
  readonly title: string;
  readonly text: string;
}

export interface DescribedAnomaly {
  readonly kind: AnomalyKind;
  /** what the rules call it, in Italian */
  readonly official: string;
  readonly words: { readonly it: AnomalyWords; readonly en: AnomalyWords };
}

/** SPID rules, table of error messages; 1 is success and 24 is reserved. */
const MEANINGS: Readonly<Record<number, readonly [AnomalyKind, string]>> = {
  2: ["stays-on-provider", "Indisponibilità del sistema"],
  3: ["stays-on-provider", "Errore di sistema"],
  4: ["stays-on-provider", "Formato del binding non corretto"],
  5: ["stays-on-provider", "Verifica della firma fallita"],
  6: ["stays-on-provider", "Binding su metodo HTTP errato"],
  7: ["stays-on-provider", "Errore sulla verifica della firma della richiesta"],
  8: ["our-fault", "Formato della richiesta non conforme alle specifiche SAML"],
  9: ["our-fault", "Parametro Version non presente, malformato o diverso da 2.0"],
  10: [
    "stays-on-provider",
    "Issuer non presente, malformato o non corrispondente all'entità che sottoscrive la richiesta",
  ],
  11: ["our-fault", "ID della richiesta non presente, malformato o non conforme"],
  12: ["our-fault", "RequestedAuthnContext non presente, malformato o non previsto"],
  13: [
    "our-fault",
    "IssueInstant non presente, malformato o non coerente con l'orario di arrivo della richiesta",
  ],
  14: [
    "our-fault",
    "Destination non presente, malformata o diversa dal gestore dell'identità che riceve la richiesta",
  ],
  15: ["our-fault", "Attributo IsPassive presente con valore true"],
  16: ["our-fault", "AssertionConsumerService non correttamente valorizzato"],
  17: ["our-fault", "Attributo Format di NameIDPolicy assente o non conforme alle specifiche"],
  18: [
    "our-fault",
    "AttributeConsumingServiceIndex malformato o riferito a un valore non registrato nei metadata",
  ],
  19: ["retry", "Autenticazione fallita per ripetuta sottomissione di credenziali errate"],
  20: ["level", "Utente privo di credenziali compatibili con il livello richiesto"],
  21: ["retry", "Timeout durante l'autenticazione dell'utente"],
  22: ["no-consent", "Utente nega il consenso all'invio di dati al fornitore del servizio"],
  23: ["blocked", "Utente con identità sospesa o revocata o con credenziali bloccate"],
  25: ["cancelled", "Processo di autenticazione annullato dall'utente"],
  30: ["identity-type", "Uso di una tipologia di identità digitale diversa da quella richiesta"],
};

/** The one row of CIE's tables that means something else. */
const CIE_BLOCKED = "Utente con CIE scaduta o revocata";

const NO_MEANING = "Codice di anomalia assente o non previsto dalle regole tecniche";

type Words = DescribedAnomaly["words"];

const OUR_SIDE: Words = {
  it: {
    title: "Accesso non riuscito",
    text: "La richiesta di accesso non è stata accettata dal gestore dell'identità. Il problema è del servizio ed è stato segnalato: riprovare più tardi.",
  },
  en: {
    title: "Sign-in did not work",
    text: "The identity provider did not accept the sign-in request. The problem is on the service's side and has been reported: please try again later.",
  },
};

const BY_KIND: Readonly<Record<AnomalyKind, Words>> = {
  "stays-on-provider": OUR_SIDE,
  "our-fault": OUR_SIDE,
  other: {
    it: {
      title: "Accesso non riuscito",
      text: "Il gestore dell'identità non ha completato l'accesso. È possibile riprovare.",
    },
    en: {
      title: "Sign-in did not work",
      text: "The identity provider did not complete the sign-in. It is possible to try again.",
    },
  },
  retry: {
    it: {
      title: "Troppi tentativi con credenziali errate",
      text: "Il gestore dell'identità ha interrotto l'accesso perché le credenziali inserite non erano corrette. È possibile riprovare con le credenziali giuste.",
    },
    en: {
      title: "Too many attempts with wrong credentials",
      text: "The identity provider stopped the sign-in because the credentials were not correct. It is possible to try again with the right ones.",
    },
  },
  level: {
    it: {
      title: "Serve un livello di sicurezza più alto",
      text: "L'identità usata non ha credenziali del livello richiesto da questo servizio. Il gestore dell'identità spiega come ottenerle.",
    },
    en: {
      title: "A higher security level is needed",
      text: "The identity used has no credentials of the level this service asks for. The identity provider explains how to get them.",
    },
  },
  "no-consent": {
    it: {
      title: "Consenso non dato",
      text: "Senza il consenso all'invio dei dati richiesti non è possibile entrare. È possibile riprovare e dare il consenso.",
    },
    en: {
      title: "Consent was not given",
      text: "Without consent to send the requested data it is not possible to sign in. It is possible to try again and give consent.",
    },
  },
  blocked: {
    it: {
      title: "Identità sospesa o bloccata",
      text: "L'identità risulta sospesa o revocata, oppure le credenziali sono bloccate. Per sbloccarla occorre rivolgersi al gestore dell'identità.",
    },
    en: {
      title: "Identity suspended or blocked",
      text: "The identity is suspended or revoked, or its credentials are blocked. The identity provider can unblock it.",
    },
  },
  cancelled: {
    it: {
      title: "Accesso annullato",
      text: "L'accesso è stato annullato prima della fine. È possibile riprovare.",
    },
    en: {
      title: "Sign-in cancelled",
      text: "The sign-in was cancelled before the end. It is possible to try again.",
    },
  },
  "identity-type": {
    it: {
      title: "Tipo di identità non adatto",
      text: "Per questo servizio serve l'identità digitale di una persona, non quella di un'impresa o a uso professionale.",
    },
    en: {
      title: "Wrong type of identity",
      text: "This service needs the digital identity of a person, not that of a company or one for professional use.",
    },
  },
};

const TOO_SLOW: Words = {
  it: {
    title: "Tempo scaduto",
    text: "L'accesso non è stato completato in tempo. È possibile riprovare.",
  },
  en: {
    title: "Time ran out",
    text: "The sign-in was not completed in time. It is possible to try again.",
  },
};

const CARD_BLOCKED: Words = {
  it: {
    title: "Carta scaduta o revocata",
    text: "La carta d'identità elettronica risulta scaduta o revocata. Controllare la data di scadenza; per aiuto scrivere a cie.cittadini@interno.it.",
  },
  en: {
    title: "Card expired or revoked",
    text: "The electronic identity card is expired or revoked. Please check its expiry date; for help write to cie.cittadini@interno.it.",
  },
};

/** What only we can put right, and nobody in a family can: the office's board tells of it. */
export const OUR_FAULTS: readonly number[] = Object.entries(MEANINGS).flatMap(([code, [kind]]) =>
  kind === "our-fault" ? [Number(code)] : [],
);

/** Of a protocol without numbers, when the fault is ours. */
export const OUR_FAULT: Pick<DescribedAnomaly, "kind" | "words"> = {
  kind: "our-fault",
  words: BY_KIND["our-fault"],
};

/** `code`: of `ErrorCode nrnn`, or `null`. Every number has an answer. */
export function describeAnomaly(code: number | null, protocol: Protocol): DescribedAnomaly {
  const [kind, official] = MEANINGS[code ?? 0] ?? ["other", NO_MEANING];
  if (code === 21) return { kind, official, words: TOO_SLOW };
  if (code === 23 && protocol === "cie") {
    return { kind, official: CIE_BLOCKED, words: CARD_BLOCKED };
  }
  return { kind, official, words: BY_KIND[kind] };
}
