// SPDX-License-Identifier: EUPL-1.2
import { mayJoin } from "#families";
import { html, type Html } from "#kernel/html.ts";
import { LANGUAGES } from "#kernel/i18n.ts";
import { actionForm, linkList } from "#ui/components.ts";
import { words as shared } from "#ui/words/index.ts";
import { languageHref } from "../../web/language.ts";
import { newsWords } from "../../web/news-words.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import type { FamilyScope } from "../family-scope.ts";
import { childPath, inFamily, portalPage } from "../portal-page.ts";
import { DOCUMENTS } from "../documents/show-documents.ts";
import { words as documentWords } from "../documents/words.ts";
import { INSTALL } from "./show-install.ts";
import { words } from "./words.ts";

/** GET /altro: everything that is not in the bottom bar. */
export function showMore(visit: Visit): Promise<Answer> {
  const w = words(visit.lang);
  const documents = documentWords(visit.lang);
  return inFamily(visit, async (_tx, scope) =>
    portalPage(
      visit,
      { current: "more", scope },
      {
        h1: w.more,
        body: html`<h2 class="section-title">${w.children}</h2>
          ${linkList([
            ...scope.children.map((child) => ({
              href: childPath(child),
              label: child.name,
              note: child.classLabel || undefined,
            })),
            ...(visit.actor && mayJoin(visit.actor)
              ? [{ href: "/accessi/unisci", label: w.joinAccess }]
              : []),
          ])}
          <h2 class="section-title">${w.family}</h2>
          ${linkList([
            { href: "/dati", label: w.data },
            ...(hasPassword(visit) ? [{ href: "/password", label: w.password }] : []),
            ...(scope.hasMoney ? [{ href: "/borsellino", label: w.movements }] : []),
            ...(scope.hasMoney
              ? [{ href: DOCUMENTS, label: documents.documents, note: documents.expenses }]
              : []),
            { href: "/ricevute", label: w.receipts },
            { href: "/verifica", label: w.verifyReceipt },
            ...(visit.actor?.desk ? [] : [{ href: "/accessi", label: w.openSessions }]),
            ...(visit.actor?.desk ? [] : [{ href: INSTALL, label: w.install }]),
            ...(mayApply(visit, scope) ? [{ href: "/iscrizioni", label: w.applications }] : []),
            { href: "/novita", label: newsWords(visit.lang).news },
            { href: "/aiuto", label: w.helpAndContacts },
          ])}
          ${languagePart(visit)}
          <div class="button-row">
            ${actionForm({ action: "/esci", csrf: visit.csrf, label: w.signOut, kind: "secondary", icon: "it-logout" })}
          </div>`,
      },
    ),
  );
}

/** Parents, in a town that takes applications on line (OS-02). */
const mayApply = ({ actor, today }: Visit, { settings }: FamilyScope): boolean =>
  actor?.role === "guardian" && settings.town("enrolment", today).window !== undefined;

/** Whoever came in by SPID or CIE has none here. */
const hasPassword = ({ session, actor }: Visit): boolean =>
  !actor?.desk && session?.row.means === "password";

/** The office's desk works in Italian; a family chooses. */
function languagePart(visit: Visit): Html | null {
  if (visit.actor?.desk) return null;
  const others = LANGUAGES.filter((lang) => lang !== visit.lang);
  return html`<h2 class="section-title">${words(visit.lang).language}</h2>
    ${linkList(
      others.map((lang) => ({
        href: languageHref(lang, "/altro"),
        label: html`<span lang="${lang}">${shared(lang).languageName}</span>`,
      })),
    )}`;
}
