// SPDX-License-Identifier: EUPL-1.2
import type { SignInMeans } from "#identity";
import { catalogue } from "#kernel/i18n.ts";

interface SessionWords {
  sessions: string;
  lead: string;
  ownMeans: string;
  /** of a parent with one code per child */
  childMeans: string;
  /** of those who work here */
  staffMeans: string;
  someBrowser: string;
  thisOne: string;
  means: string;
  since: string;
  lastSeen: string;
  end: string;
  endOthers: string;
  ended: (count: number) => string;
  ways: Readonly<Record<SignInMeans, string>>;
}

const it: SessionWords = {
  sessions: "Accessi aperti",
  lead: "Dove questo accesso è aperto adesso. Se un dispositivo non si riconosce, conviene chiuderlo; chi entra con una password la cambi.",
  ownMeans: "Passkey: modi di accesso",
  childMeans: "Passkey e accessi dei figli: modi di accesso",
  staffMeans: "Passkey e codici: modi di accesso",
  someBrowser: "Browser non riconosciuto",
  thisOne: "Questo accesso",
  means: "Entrato con",
  since: "Da",
  lastSeen: "Ultima pagina",
  end: "Chiudi",
  endOthers: "Chiudi tutti gli altri",
  ended: (count) =>
    count === 0
      ? "L'accesso era già chiuso."
      : count === 1
        ? "Accesso chiuso."
        : `Accessi chiusi: ${count}.`,
  ways: {
    password: "codice e password",
    passkey: "passkey",
    persona: "persona dimostrativa",
    spid: "SPID",
    cie: "CIE",
    eidas: "identità europea (eIDAS)",
    oidc: "account del Comune",
    device: "dispositivo registrato",
  },
};

const en: SessionWords = {
  sessions: "Open sessions",
  lead: "Where this account is signed in now. If you do not recognise a device, close it; whoever uses a password should change it.",
  ownMeans: "Passkeys: ways to sign in",
  childMeans: "Passkeys and the children's accesses: ways to sign in",
  staffMeans: "Passkeys and codes: ways to sign in",
  someBrowser: "Unknown browser",
  thisOne: "This session",
  means: "Signed in with",
  since: "Since",
  lastSeen: "Last page",
  end: "Close",
  endOthers: "Close all others",
  ended: (count) =>
    count === 0
      ? "It was closed already."
      : count === 1
        ? "Session closed."
        : `Sessions closed: ${count}.`,
  ways: {
    password: "code and password",
    passkey: "passkey",
    persona: "demonstration person",
    spid: "SPID",
    cie: "CIE",
    eidas: "European identity (eIDAS)",
    oidc: "the municipality's account",
    device: "registered device",
  },
};

export const words = catalogue<SessionWords>({ it, en });
