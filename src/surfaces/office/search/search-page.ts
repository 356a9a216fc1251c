// SPDX-License-Identifier: EUPL-1.2
import type { FoundPerson } from "#families";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { inFours } from "#payments";
import { emptyState, linkList } from "#ui/components.ts";
import { type Answer, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage, RESULTS_ID } from "../office-page.ts";
import { exactHit, findAnything, type Found } from "./find-anything.ts";

const LONGEST = 100;

/** What was typed, without spaces around it. */
export const searchText = (visit: Visit): string =>
  (visit.query["q"] ?? "").trim().slice(0, LONGEST);

/** `/ufficio/cerca?q=`: one box for people, codes and classes. As one types, the list; with the button, an exact hit opens. */
export async function searchPage(visit: Visit): Promise<Answer> {
  const text = searchText(visit);
  const found = await visit.town.read((tx) => findAnything(tx, visit, text));
  const hit = exactHit(found, text);
  const typing = visit.request.headers["x-fragment"] !== undefined;
  if (hit && !typing) return seeOther(hit);
  return officePage(
    visit,
    { current: null, q: text },
    { h1: "Cerca", body: html`<div id="${RESULTS_ID}">${results(found, text, hit)}</div>` },
  );
}

function results(found: Found, text: string, hit: string | null): Html {
  if (text === "")
    return emptyState({
      icon: "it-search",
      text: "Cognome e nome, codice fiscale, telefono, numero dell'avviso, codice della ricevuta o classe.",
    });
  const { children, adults, classes, receipt, bill, noticeNumber } = found;
  const nothing = children.length + adults.length + classes.length === 0 && !hit;
  if (nothing)
    return emptyState({
      icon: "it-search",
      text: "Nessun risultato. Provare con il codice fiscale o il telefono.",
    });
  return html`${receipt && group("Ricevute", [{ href: hit!, label: "Apri la ricevuta" }])}
  ${bill && group("Avvisi", [{ href: hit!, label: `Prospetto n. ${bill.number}` }])}
  ${noticeNumber && group("Avvisi", [{ href: hit!, label: `Avviso ${inFours(noticeNumber)}` }])}
  ${
    found.paymentCodeOf &&
    group("Famiglie", [
      {
        href: `/ufficio/famiglie/${found.paymentCodeOf}`,
        label: "Codice di pagamento della famiglia",
      },
    ])
  }
  ${group("Bambini", children.flatMap(personLinks))}${group("Adulti", adults.flatMap(personLinks))}
  ${group(
    "Classi",
    classes.map(({ id, name, siteName }) => ({
      href: `/ufficio/classi/${id}`,
      label: name,
      note: siteName,
    })),
  )}`;
}

type Link = Parameters<typeof linkList>[0][number];

const group = (title: string, links: readonly Link[]): Html | null =>
  links.length === 0
    ? null
    : html`<h2 class="section-title">${title}</h2>
        ${linkList(links)}`;

/** One link per account: a child of separated parents has one, its parents each their own. */
function personLinks(person: FoundPerson): Link[] {
  const label = `${person.surname} ${person.givenName}`;
  const { birthDate, phone } = person;
  const facts = [birthDate && `nascita ${formats("it").shortDay(birthDate)}`, phone].filter(
    Boolean,
  );
  const note = facts.join(" · ");
  if (person.holderIds.length === 0)
    return person.kind === "child"
      ? [
          {
            href: `/ufficio/figli/${person.id}/intestatario`,
            label,
            note: [note, "senza intestatario"].filter(Boolean).join(" · "),
          },
        ]
      : [];
  return person.holderIds.map((id, index) => ({
    href: `/ufficio/famiglie/${id}`,
    label,
    note: index === 0 ? note : [note, "altro conto"].filter(Boolean).join(" · "),
  }));
}
