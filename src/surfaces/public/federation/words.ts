// SPDX-License-Identifier: EUPL-1.2
import { catalogue } from "#kernel/i18n.ts";

const it = {
  digitalIdentity: "Identità digitale",
  withSpid: "Entra con SPID",
  withCie: "Entra con CIE",
  withEidas: "Login with eIDAS: identità di un altro Paese europeo",
  whichProvider: "Scegliere il gestore della propria identità SPID:",
  noIdentity: "Come ottenere SPID o CIE",
  howToGet:
    "SPID si chiede a uno dei gestori, anche in linea. La Carta d'identità elettronica (CIE) si chiede in Comune: per usarla qui bastano l'app CieID e il PIN. Le pagine ufficiali spiegano come:",
  getSpid: "Come attivare SPID",
  aboutSpid: "Informazioni su SPID",
  helpSpid: "Assistenza per SPID",
  aboutCie: "Informazioni sulla CIE",
  onTheWay: "Si va al gestore dell'identità",
  onTheWayBack: "Si torna al servizio",
  onTheWayWhy: "La pagina prosegue da sola. Se resta ferma, premere il pulsante.",
  goOn: "Continua",
  signedOut: "Accesso chiuso.",
  stillThere:
    "L'accesso a questo servizio è chiuso. La sessione presso il gestore dell'identità può essere ancora aperta: su un computer condiviso conviene chiuderla.",
  outHereOnly: "L'accesso a questo servizio è chiuso.",
  outEverywhere: "Accesso chiuso, anche presso il gestore dell'identità.",
  leaveThere: "Esci anche dal gestore dell'identità",
  toServices: "Vai ai servizi",
  tryAgain: "Riprova l'accesso",
  otherWays: "Torna alla pagina di accesso",
  askOffice: "Contatta l'ufficio",
  minor: "Area riservata agli adulti",
  minorWhy:
    "Questa identità digitale è di una persona con meno di 18 anni. Per i servizi scolastici accede un genitore o chi ne fa le veci.",
  legalPerson: "Serve un'identità personale",
  legalPersonWhy:
    "Questa identità digitale è di una società o per uso professionale. Per i servizi scolastici serve l'identità personale.",
  wrongPerson: "I dati ricevuti non tornano",
  wrongPersonWhy:
    "Il codice fiscale ricevuto dal gestore dell'identità non è valido o non corrisponde alla data di nascita. Nulla è cambiato. L'ufficio può aiutare.",
  notAdmitted: "Serve un altro accesso",
  notAdmittedWhy: "In questo Comune le famiglie non entrano in questo modo.",
  tooLate: "L'accesso non è stato completato",
  tooLateWhy:
    "La risposta è arrivata troppo tardi, da un altro browser, o era già stata usata. Nulla è cambiato: basta ricominciare.",
  notBelieved: "L'accesso non è stato completato",
  notBelievedWhy:
    "La risposta del gestore dell'identità non ha superato i controlli. Nulla è cambiato. Si può riprovare; se succede ancora, l'ufficio ha bisogno del codice qui sotto.",
  nothingChanged: "Nulla è cambiato.",
  unreachable: "Il gestore dell'identità non risponde",
  unreachableWhy:
    "In questo momento non si riesce a raggiungere il gestore dell'identità. Nulla è cambiato. Si può riprovare fra qualche minuto o usare un altro modo di accesso.",
  unknown: "Nessuna iscrizione collegata a questo codice fiscale",
  unknownWhy:
    "L'identità è verificata, ma il codice fiscale non è tra quelli di genitori, tutori e delegati registrati. Se un figlio usa i servizi scolastici, si chiede da qui il collegamento: l'ufficio lo controlla e risponde. Se è il primo anno, serve prima l'iscrizione.",
  toLink: "L'ufficio deve riconoscere questa identità",
  toLinkWhy:
    "L'accesso con un'identità europea è riuscito. Non contiene il codice fiscale italiano: l'ufficio collega l'identità alla famiglia, una volta sola. Con la richiesta da qui la trova prima.",
};

const en: typeof it = {
  digitalIdentity: "Digital identity",
  withSpid: "Sign in with SPID",
  withCie: "Sign in with CIE",
  withEidas: "Login with eIDAS: identity of another European country",
  whichProvider: "Choose the provider of the SPID identity:",
  noIdentity: "How to get SPID or CIE",
  howToGet:
    "SPID is given by one of its providers, also online. The electronic identity card (CIE) is given by the municipality: to use it here, the CieID app and the PIN are enough. The official pages (in Italian) explain how:",
  getSpid: "How to activate SPID",
  aboutSpid: "About SPID",
  helpSpid: "Help with SPID",
  aboutCie: "About CIE",
  onTheWay: "On the way to the identity provider",
  onTheWayBack: "On the way back to the service",
  onTheWayWhy: "The page goes on by itself. If it does not, press the button.",
  goOn: "Continue",
  signedOut: "Signed out.",
  stillThere:
    "You are signed out of this service. The identity provider's session may still be open: on a shared computer it is better to close it.",
  outHereOnly: "You are signed out of this service.",
  outEverywhere: "Signed out, at the identity provider too.",
  leaveThere: "Sign out at the identity provider too",
  toServices: "Go to the services",
  tryAgain: "Try again",
  otherWays: "Back to the sign-in page",
  askOffice: "Contact the office",
  minor: "This area is for adults",
  minorWhy:
    "This digital identity belongs to a person under 18. For school services a parent or guardian signs in.",
  legalPerson: "A personal identity is needed",
  legalPersonWhy:
    "This digital identity belongs to a company or is for professional use. School services need the personal one.",
  wrongPerson: "The data received do not agree",
  wrongPersonWhy:
    "The codice fiscale received from the identity provider is not valid or does not match the date of birth. Nothing has changed. The office can help.",
  notAdmitted: "Another way to sign in is needed",
  notAdmittedWhy: "In this municipality families do not sign in this way.",
  tooLate: "Sign-in was not completed",
  tooLateWhy:
    "The answer came too late, from another browser, or had been used before. Nothing has changed: simply begin again.",
  notBelieved: "Sign-in was not completed",
  notBelievedWhy:
    "The identity provider's answer did not pass the checks. Nothing has changed. Try again; if it happens again, the office needs the code below.",
  nothingChanged: "Nothing has changed.",
  unreachable: "The identity provider does not answer",
  unreachableWhy:
    "The identity provider cannot be reached at the moment. Nothing has changed. Try again in a few minutes or use another way to sign in.",
  unknown: "No enrolment is tied to this codice fiscale",
  unknownWhy:
    "The identity is verified, but its codice fiscale is not among those of registered parents, guardians and delegates. If a child uses the school services, the link can be asked for here: the office checks it and answers. In the first year, enrolment comes first.",
  toLink: "The office has to recognise this identity",
  toLinkWhy:
    "Signing in with a European identity worked. It holds no Italian codice fiscale: the office ties the identity to the family, once. With a request from here it finds the family sooner.",
};

export const words = catalogue<typeof it>({ it, en });
