// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import {
  acceptApplication,
  type AcceptedApplication,
  type Application,
  applicationById,
  classesOn,
  isSameChild,
  openApplicationsLike,
  refuseApplication,
} from "#enrolment";
import {
  accountsOfPerson,
  familyToLink,
  holdersOfPerson,
  linkMatches,
  person,
  personByCodiceFiscale,
} from "#families";
import { type Day } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { formats } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { inEveryLanguage, planEmails, planMessages } from "#messaging";
import type { FieldError } from "#ui/components.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { APPLICATIONS, type LoadedApplication, numberOf } from "./application-said.ts";
import { applicationView, classesText, NEW_CHILD } from "./application-view.ts";
import { LONGEST_REASON, MIN_REASON, searchedIn } from "./link-view.ts";

const DONE = "/ufficio/compiti#iscrizioni";

async function load(tx: ReadTx, visit: Visit, chosen: string): Promise<LoadedApplication | null> {
  const id = visit.params["id"] ?? "";
  const text = searchedIn(visit);
  const application = isUuid(id) ? await applicationById(tx, id) : undefined;
  if (!application) return null;
  const date = visit.today;
  const { child, childId: own, personId, subject } = application;
  const { givenName, surname } = application.applicant;
  const asked = { childName: `${child.surname} ${child.givenName}` };
  const stranger = { givenName, surname, asked };
  const [calendar, matches, byCode, waiting] = await Promise.all([
    townCalendar(tx),
    linkMatches(tx, { stranger, text, date }),
    text === "" &&
      child.codiceFiscale &&
      linkMatches(tx, { stranger, text: child.codiceFiscale, date }),
    openApplicationsLike(tx, application),
  ]);
  const alike = [...(byCode ? byCode.children : []), ...matches.children];
  const children = alike.filter(
    (one, index) => alike.findIndex((other) => other.id === one.id) === index,
  );
  const isKnown = own ?? (isUuid(chosen) || chosen === NEW_CHILD ? chosen : "");
  const family = isUuid(isKnown) ? await familyToLink(tx, { childId: isKnown, date }) : null;
  const code = subject.startsWith("cf:") ? subject.slice(3) : null;
  const applicant =
    personId === null
      ? code && (await personByCodiceFiscale(tx, code))
      : await person(tx, personId);
  const classes = await classesOn(
    tx,
    children.map((one) => one.id),
    date,
  );
  return {
    ...{ application, calendar, text, matches: { ...matches, children } },
    others: waiting.filter((one) => isSameChild(one, application)),
    classOf: classesText(calendar, classes),
    chosen: isKnown === NEW_CHILD || family ? isKnown : "",
    family,
    applicant: applicant || null,
  };
}

/** `/ufficio/compiti/iscrizioni/{id}?bambino=`: what was applied for, by whom, and who it may be (OS-02, OS-03). */
export async function applicationPage(visit: Visit): Promise<Answer> {
  const loaded = await visit.town.read((tx) => load(tx, visit, visit.query["bambino"] ?? ""));
  return loaded ? applicationView(visit, loaded, []) : notFound;
}

/** POST: accepted with child, parent, class and services; or not, with a reason. */
export async function answerApplicationNow(visit: Visit): Promise<Answer> {
  const { actor, fields, now, params } = visit;
  if (!actor) return notFound;
  const id = params["id"] ?? "";
  const textOf = (field: string): string =>
    // By characters: half of one is no text.
    Array.from(fields.text(field)).slice(0, LONGEST_REASON).join("");
  return visit.town.write(async (tx): Promise<Answer> => {
    const loaded = await load(tx, visit, fields.text("bambino"));
    if (!loaded) return notFound;
    const wrong = (field: string, message: string): Answer =>
      withStatus(422, applicationView(visit, loaded, [{ field, message }] satisfies FieldError[]));
    if (fields.text("esito") === "rifiuta") {
      const reason = textOf("rifiuto");
      if (reason.length < MIN_REASON) return wrong("rifiuto", "Scrivere il motivo.");
      const refused = await refuseApplication(tx, { actor, id, reason, now });
      if (refused.outcome === "not-allowed") return notFound;
      if (refused.outcome !== "refused") return seeOther(DONE, WAITING_NO_MORE);
      const { application } = refused;
      await tell(tx, visit, { application, personId: application.personId, isAccepted: false });
      return seeOther(
        DONE,
        `Domanda ${numberOf(application)} non accolta: chi l'ha fatta legge il motivo.`,
      );
    }
    const { chosen, application } = loaded;
    // Of a child that the town knows somebody becomes a parent: by the office's word, as with the link.
    const isForeign = chosen !== NEW_CHILD && application.childId === null;
    const recognised = isForeign ? textOf("motivo") : "";
    if (chosen === "") return seeOther(`${APPLICATIONS}/${id}`, "Scegliere prima il bambino.");
    if (isForeign && recognised.length < MIN_REASON)
      return wrong("motivo", "Scrivere come si sa che è un genitore.");
    const from = new Map<string, Day>();
    for (const code of application.services.filter((one) => fields.all("servizi").includes(one))) {
      const date = fields.day(`dal-${code}`);
      if (!date) return wrong(`dal-${code}`, "Scrivere da quale giorno.");
      from.set(code, date);
    }
    const [adultId, classId] = [fields.text("adulto"), fields.text("classe")];
    const accepted = await acceptApplication(tx, {
      ...{ actor, id, now, from, recognised, note: textOf("nota") },
      childId: chosen === NEW_CHILD ? null : chosen,
      adultId: isUuid(adultId) ? adultId : null,
      classId: classId || null,
    });
    if (accepted.outcome === "accepted") await tell(tx, visit, { ...accepted, isAccepted: true });
    return answerOf(accepted, application, wrong);
  });
}

const WAITING_NO_MORE = "Qualcuno ha già risposto, o la domanda è stata ritirata.";

function answerOf(
  accepted: AcceptedApplication,
  application: Application,
  wrong: (field: string, message: string) => Answer,
): Answer {
  const f = formats("it");
  switch (accepted.outcome) {
    case "accepted": {
      const { givenName, surname } = application.child;
      const number = numberOf(application);
      return seeOther(DONE, `Domanda ${number} accolta: ${givenName} ${surname}.`);
    }
    case "year-not-planned":
      return wrong(
        "servizi",
        "Il calendario di quell'anno non è ancora caricato: prima si applica il profilo del Comune per l'anno. Nulla è cambiato.",
      );
    case "unknown-class":
      return wrong("classe", "Questa classe non è di quell'anno.");
    case "no-service":
      return wrong("servizi", "Scegliere almeno un servizio, o non accogliere la domanda.");
    case "outside-the-year":
      return wrong("servizi", `${accepted.service}: il giorno è fuori dal periodo del servizio.`);
    case "overlaps":
      return wrong(
        "servizi",
        `${accepted.service}: il bambino ce l'ha già da ${f.dayWithYear(accepted.from)}. Togliere la spunta.`,
      );
    case "no-longer-parent":
      return wrong(
        "servizi",
        "Chi ha fatto la domanda oggi non risulta più genitore di questo bambino: si può solo non accogliere.",
      );
    case "unknown-child":
      return wrong("servizi", "La domanda è per un altro bambino.");
    case "child-known":
      return wrong(
        "servizi",
        "Il codice fiscale del bambino è già di una persona registrata: scegliere quella, o non accogliere.",
      );
    case "unknown-person":
      return wrong("adulto", "Questa persona non è di nessuna famiglia.");
    case "has-other-code":
      return wrong("adulto", "Questa persona ha già un codice fiscale valido, diverso.");
    case "taken":
      return wrong("servizi", "Il codice fiscale di chi fa la domanda è di un bambino registrato.");
    case "account-closed":
      return wrong("servizi", "L'accesso di questa identità è stato disattivato a mano.");
    case "not-waiting":
      return seeOther(DONE, WAITING_NO_MORE);
    case "not-allowed":
      return notFound;
  }
}

const SAID = {
  it: {
    subject: "Servizi scolastici: risposta alla domanda di iscrizione",
    yes: (number: string) =>
      `L'ufficio ha accolto la domanda di iscrizione ${number}. Si entra con la stessa identità.`,
    no: (number: string) =>
      `L'ufficio ha risposto alla domanda di iscrizione ${number}, che non è stata accolta. Il motivo si legge in «Iscrizioni», entrando con la stessa identità.`,
  },
  en: {
    subject: "School services: answer to the application for enrolment",
    yes: (number: string) =>
      `The office has accepted application ${number}. Sign in with the same identity.`,
    no: (number: string) =>
      `The office has answered application ${number}, which was not accepted. The reason is under "Enrolment", after signing in with the same identity.`,
  },
};

/** In the portal, where there is an account; and to the address in the application. Neither names the child. */
async function tell(
  tx: WriteTx,
  { now, today }: Visit,
  of: { application: Application; personId: string | null; isAccepted: boolean },
): Promise<void> {
  const { application, personId, isAccepted } = of;
  const { id, applicant } = application;
  const textIn = (lang: "it" | "en") => ({
    subject: SAID[lang].subject,
    body: SAID[lang][isAccepted ? "yes" : "no"](numberOf(application)),
  });
  const dedupeKey = `application-answer:${id}`;
  const holders = personId && [
    ...(await accountsOfPerson(tx, personId, today)),
    ...(await holdersOfPerson(tx, personId, today)),
  ];
  const holderId = holders && holders[0];
  if (holderId) {
    const text = inEveryLanguage(textIn);
    const message = { kind: "application", holderId, personId, dedupeKey, ...text };
    await planMessages(tx, [message], now);
  }
  if (applicant.email === "") return;
  const email = {
    ...{ kind: "application-answer" as const, holderId: null, personId: null, noticeIds: [] },
    ...{ address: applicant.email, lang: applicant.lang, ...textIn(applicant.lang) },
    ...{ path: `/iscrizioni/domande/${id}`, dedupeKey },
  };
  await planEmails(tx, [email], now);
}
