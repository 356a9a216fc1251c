// SPDX-License-Identifier: EUPL-1.2
import {
  correctAttendance,
  resolveUnknownWalkIn,
  type UnknownWalkIn,
  unknownWalkIns,
} from "#attendance";
import { rechargeMeal } from "#billing";
import { townCalendar } from "#calendar";
import { classesOn } from "#enrolment";
import { type FoundPerson, person, searchPeople } from "#families";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { actionForm, alert, dataTable, emptyState, form, textField } from "#ui/components.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { classLabel } from "../words.ts";

interface Loaded {
  readonly row: UnknownWalkIn;
  readonly siteName: string;
  readonly q: string;
  readonly found: readonly (FoundPerson & { readonly className: string })[];
}

async function load(tx: ReadTx, visit: Visit, q: string): Promise<Loaded | null> {
  const { today } = visit;
  const span = { from: today.subtract({ days: 60 }), to: today, onlyOpen: true };
  const row = (await unknownWalkIns(tx, span)).find(({ id }) => id === visit.params["id"]);
  if (!row) return null;
  const calendar = await townCalendar(tx);
  const { children } = await searchPeople(tx, { text: q, limit: 15, date: row.date });
  const classes = await classesOn(
    tx,
    children.map(({ id }) => id),
    row.date,
  );
  return {
    row,
    siteName: calendar.sites.get(row.siteId)?.name ?? "",
    q,
    found: children.map((child) => ({
      ...child,
      className: classLabel(calendar, classes.get(child.id)),
    })),
  };
}

/** `/ufficio/compiti/fuori-lista/{id}?bambino=`: who was the child that the school could not find? */
export async function matchPage(visit: Visit): Promise<Answer> {
  const q = (visit.query["bambino"] ?? "").trim().slice(0, 100);
  const loaded = await visit.town.read((tx) => load(tx, visit, q));
  return loaded ? view(visit, loaded, null) : notFound;
}

/** With a child: present on that day, charged if the day is closed already. Without one: done, nobody pays. */
export async function matchNow(visit: Visit): Promise<Answer> {
  const { actor, fields, now, receivedAt, params } = visit;
  const childId = fields.text("bambino");
  const id = params["id"] ?? "";
  if (!actor || !isUuid(id) || (childId !== "" && !isUuid(childId))) return notFound;
  return visit.town.write(async (tx): Promise<Answer> => {
    const loaded = await load(tx, visit, "");
    if (!loaded) return seeOther("/ufficio/compiti", "Già sistemato.");
    const { serviceId, date } = loaded.row;
    if (childId === "") {
      await resolveUnknownWalkIn(tx, { id, childId: null, by: actor.name, at: now });
      return seeOther("/ufficio/compiti", "Chiuso senza addebito.");
    }
    const child = await person(tx, childId);
    const classId = (await classesOn(tx, [childId], date)).get(childId);
    if (child?.kind !== "child" || !classId)
      return withStatus(
        409,
        view(visit, loaded, "In quel giorno il bambino non era in nessuna classe."),
      );
    const day = { serviceId, date };
    const corrected = await correctAttendance(tx, {
      ...day,
      actor,
      classId,
      childId,
      status: "present",
      reason: `Servito fuori lista: ${loaded.row.description}`.slice(0, 200),
      receivedAt,
      now,
      onClosedDay: true,
    });
    if (corrected.outcome !== "corrected")
      return withStatus(
        409,
        view(
          visit,
          loaded,
          "La presenza non si può registrare: la sua classe quel giorno non aveva mensa.",
        ),
      );
    const { after } = corrected;
    const reason = "servito fuori lista";
    await rechargeMeal(tx, { ...day, siteId: after.siteId, corrected: after, reason, now });
    await resolveUnknownWalkIn(tx, { id, childId, by: actor.name, at: now });
    return seeOther(
      "/ufficio/compiti",
      `Abbinato a ${child.givenName} ${child.surname}: presente.`,
    );
  });
}

function view(visit: Visit, { row, siteName, q, found }: Loaded, refusal: string | null): Html {
  const action = `/ufficio/compiti/fuori-lista/${row.id}`;
  return officePage(
    visit,
    { current: "tasks" },
    {
      h1: "Chi era?",
      lead: `«${row.description}», ${siteName}, ${formats("it").day(row.date)}`,
      back: { href: "/ufficio/compiti", label: "Da sistemare" },
      body: html`${refusal && alert({ tone: "warning", title: refusal })}
      ${form({
        action,
        method: "get",
        body: textField({
          name: "bambino",
          label: "Cognome e nome del bambino",
          value: q,
          maxlength: 100,
        }),
        submit: { label: "Cerca il bambino", kind: "secondary" },
      })}
      ${
        q !== "" &&
        (found.length === 0
          ? emptyState({ text: "Nessun bambino con questo nome." })
          : dataTable({
              caption: "Bambini trovati",
              columns: [{ label: "Bambino", header: true }, { label: "Classe" }, { label: "" }],
              rows: found.map((child) => [
                `${child.surname} ${child.givenName}`,
                child.className || "nessuna classe",
                actionForm({
                  action,
                  csrf: visit.csrf,
                  key: visit.newKey(),
                  fields: { bambino: child.id },
                  label: "È questo",
                  kind: "secondary",
                  ariaLabel: `È questo: ${child.surname} ${child.givenName}`,
                }),
              ]),
            }))
      }
      ${actionForm({
        action,
        csrf: visit.csrf,
        key: visit.newKey(),
        fields: { bambino: "" },
        label: "Chiudi senza addebito",
        kind: "quiet",
        note: "Se non si riesce a sapere chi era.",
      })}`,
    },
  );
}
