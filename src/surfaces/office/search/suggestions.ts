// SPDX-License-Identifier: EUPL-1.2
import type { FoundPerson } from "#families";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { inFours } from "#payments";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { exactHit, findAnything, type Found } from "./find-anything.ts";
import { searchText } from "./search-page.ts";

const SHORTEST = 2;
const MOST_OF_A_KIND = 5;

interface Suggestion {
  readonly href: string;
  readonly label: string;
  readonly note: string;
}

/**
 * `/ufficio/cerca/suggerimenti?q=`: what the search box of every page offers as one types, a piece of a page that
 * `client/search.js` puts under the box. Without JavaScript nobody asks for it.
 */
export async function suggestionsFragment(visit: Visit): Promise<Answer> {
  const text = searchText(visit);
  if (text.length < SHORTEST) return html`<p></p>`;
  const found = await visit.town.read((tx) => findAnything(tx, visit, text, MOST_OF_A_KIND));
  const offered = suggestions(found, text);
  const said =
    offered.length === 0
      ? "Nessun risultato. Provare con il codice fiscale o il telefono."
      : offered.length === 1
        ? "1 suggerimento"
        : `${offered.length} suggerimenti`;
  const all = {
    href: `/ufficio/cerca?q=${encodeURIComponent(text)}`,
    label: "Tutti i risultati",
    note: "",
  };
  return html`<p>${said}</p>
    ${
      offered.length > 0 &&
      html`<ul>
        ${[...offered, all].map(option)}
      </ul>`
    }`;
}

const option = ({ href, label, note }: Suggestion): Html =>
  html`<li data-href="${href}"><span>${label}</span>${note && html` <small>${note}</small>`}</li>`;

function suggestions(found: Found, text: string): Suggestion[] {
  const hit = exactHit(found, text);
  if (found.receipt && hit) return [{ href: hit, label: "Apri la ricevuta", note: "" }];
  if (found.bill && hit)
    return [{ href: hit, label: `Prospetto n. ${found.bill.number}`, note: "" }];
  if (found.noticeNumber && hit)
    return [{ href: hit, label: `Avviso ${inFours(found.noticeNumber)}`, note: "" }];
  if (found.paymentCodeOf && hit)
    return [{ href: hit, label: "Codice di pagamento della famiglia", note: "" }];
  return [
    ...[...found.children, ...found.adults].flatMap(ofPerson),
    ...found.classes.slice(0, MOST_OF_A_KIND).map(({ id, name, siteName }) => ({
      href: `/ufficio/classi/${id}`,
      label: name,
      note: siteName,
    })),
  ];
}

/** One for each account, as in the list of results. */
function ofPerson(person: FoundPerson): Suggestion[] {
  const label = `${person.surname} ${person.givenName}`;
  const kind = person.kind === "child" ? "bambino" : "adulto";
  const { birthDate, phone } = person;
  const fact = birthDate ? `nascita ${formats("it").shortDay(birthDate)}` : phone;
  const note = [kind, fact].filter(Boolean).join(", ");
  if (person.holderIds.length === 0 && person.kind === "child")
    return [{ href: `/ufficio/figli/${person.id}/intestatario`, label, note }];
  return person.holderIds.map((id, index) => ({
    href: `/ufficio/famiglie/${id}`,
    label,
    note: index === 0 ? note : `${note}, altro conto`,
  }));
}
