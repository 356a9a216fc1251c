// SPDX-License-Identifier: EUPL-1.2
import { catalogue } from "#kernel/i18n.ts";

const it = {
  staff: "Personale del Comune",
  staffWhy: "Chi lavora per scuola, cucina e ufficio entra con l'account che usa già in Comune.",
  enter: (label: string) => `Entra con ${label}`,
  again: "Torna alla pagina di accesso",
  stillThere:
    "Accesso chiuso qui. Nel sistema del Comune può essere ancora aperto: su un computer condiviso conviene chiuderlo.",
  notDone: "L'accesso non è stato completato",
  tooLate:
    "La risposta è arrivata troppo tardi, da un altro browser, o era già stata usata. Nulla è cambiato: basta ricominciare.",
  notBelieved:
    "La risposta del sistema di accesso del Comune non ha superato i controlli. Nulla è cambiato. Si può riprovare; se succede ancora, chi amministra ha bisogno del codice qui sotto.",
  cancelled: "Accesso annullato",
  cancelledWhy: "L'accesso è stato annullato nel sistema del Comune. Nulla è cambiato.",
  unreachable: "Il sistema di accesso del Comune non risponde",
  unreachableWhy:
    "In questo momento non si riesce a raggiungerlo. Nulla è cambiato. Si può riprovare fra qualche minuto, o entrare con codice utente e password.",
  refused: "Accesso non ammesso",
  refusedWhy:
    "Chi amministra Campanella per il Comune ha rifiutato questo account. Se è un errore, può ammetterlo di nuovo in Impostazioni, Personale.",
  noAccess: "Nessun ruolo in vigore",
  noAccessWhy:
    "L'account del Comune è giusto, ma qui la persona non ha un accesso attivo o un ruolo in vigore. Chi amministra Campanella può riattivarlo.",
  unknown: "Account non ancora collegato",
  unknownWhy:
    "L'account del Comune è giusto, ma il suo indirizzo e-mail non corrisponde a una sola persona del personale. Chi amministra Campanella controlla l'indirizzo in Impostazioni, Personale.",
  takenWhy:
    "L'account del Comune è giusto, ma la persona con quell'indirizzo e-mail è già collegata a un altro account del Comune. Chi amministra Campanella lo vede in Impostazioni, Personale: rifiutato quello di prima, si collega questo.",
  noAddress:
    "L'account del Comune è giusto, ma non porta un indirizzo e-mail verificato: la prima volta serve per trovare la persona. Ne ha bisogno chi gestisce gli account del Comune.",
};

const en: typeof it = {
  staff: "Staff of the municipality",
  staffWhy:
    "Whoever works for school, kitchen and office signs in with the account used at the municipality.",
  enter: (label) => `Sign in with ${label}`,
  again: "Back to the sign-in page",
  stillThere:
    "Signed out here. In the municipality's system you may still be signed in: on a shared computer it is better to sign out there, too.",
  notDone: "Sign-in was not completed",
  tooLate:
    "The answer came too late, from another browser, or had been used before. Nothing has changed: simply begin again.",
  notBelieved:
    "The answer of the municipality's sign-in system did not pass the checks. Nothing has changed. Try again; if it happens again, the administrator needs the code below.",
  cancelled: "Sign-in cancelled",
  cancelledWhy: "Sign-in was cancelled in the municipality's system. Nothing has changed.",
  unreachable: "The municipality's sign-in system does not answer",
  unreachableWhy:
    "It cannot be reached at the moment. Nothing has changed. Try again in a few minutes, or sign in with user code and password.",
  refused: "Not admitted",
  refusedWhy:
    "Whoever administers Campanella for the municipality has refused this account. If that is a mistake, it can be admitted again in Impostazioni, Personale.",
  noAccess: "No role in force",
  noAccessWhy:
    "The municipality's account is right, but the person has no active access or no role here. Whoever administers Campanella can change that.",
  unknown: "Account not linked yet",
  unknownWhy:
    "The municipality's account is right, but its e-mail address does not match exactly one person of the staff. Whoever administers Campanella checks the address in Impostazioni, Personale.",
  takenWhy:
    "The municipality's account is right, but the person with that e-mail address is already linked to another account of the municipality. Whoever administers Campanella sees it in Impostazioni, Personale: once the former one is refused, this one is linked.",
  noAddress:
    "The municipality's account is right, but brings no verified e-mail address: the first time it is needed to find the person. Whoever looks after the municipality's accounts has to add it.",
};

export const staffWords = catalogue<typeof it>({ it, en });
