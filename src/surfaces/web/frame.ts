// SPDX-License-Identifier: EUPL-1.2
import type { Html } from "#kernel/html.ts";
import { LANGUAGES } from "#kernel/i18n.ts";
import { actionForm } from "#ui/components.ts";
import { page, type PageOptions, type Strip } from "#ui/layout.ts";
import { words } from "#ui/words/index.ts";
import { languageHref } from "./language.ts";
import type { Visit } from "./visit.ts";

type Given = Omit<
  PageOptions,
  "town" | "nonce" | "actor" | "lang" | "languages" | "strips" | "flash"
> &
  Partial<Pick<PageOptions, "strips" | "flash">> & {
    /** where the same page is read again, when not at this very address: the answer to a form, or to a provider */
    readonly languagesAt?: string;
    /** the name of somebody without an account whom a provider vouched for: that ends like a session does */
    readonly guest?: string | undefined;
  };

/** A page with what every page of a visit has: town, person, nonce, strips, the flash of the act before. */
export function visitPage(visit: Visit, options: Given): Html {
  const { town, office } = visit.townSettings;
  return page({
    ...options,
    town: { name: town.shortName, phone: office.phones[0] ?? null, officeName: office.name },
    nonce: visit.nonce,
    lang: visit.lang,
    languages: languagesOf(visit, options.languagesAt),
    actor: actorOf(visit, options),
    strips: [...(options.strips ?? []), ...deskStrip(visit)],
    flash: options.flash ?? (visit.flash === null ? null : { tone: "success", text: visit.flash }),
    focusHeading: options.focusHeading ?? visit.flash !== null,
  });
}

function actorOf(
  visit: Visit,
  { guest, surface }: Given,
): NonNullable<PageOptions["actor"]> | null {
  const name = visit.session?.row.displayName ?? guest;
  if (name === undefined) return null;
  const signOut = { action: "/esci", csrf: visit.csrf };
  return { name, signOut, links: ownLinks(visit, surface) };
}

/** Who works here finds one's own access in the menu; families find it on their page of more. A tablet is nobody's. */
function ownLinks(
  { session, lang }: Visit,
  surface: PageOptions["surface"],
): { href: string; label: string }[] {
  if (!session || session.row.means === "device") return [];
  if (surface === "portal" || surface === "public") return [];
  const w = words(lang);
  const hasPassword = session.row.means === "password" || session.row.means === "passkey";
  return [
    { href: "/accessi", label: w.ownAccess },
    ...(hasPassword ? [{ href: "/password", label: w.changePassword }] : []),
  ];
}

/** The same page in the other languages; the answer to a form has an address only where its page names one. */
function languagesOf(visit: Visit, at: string | undefined): PageOptions["languages"] {
  const { method, url } = visit.request;
  const back = at ?? (method === "GET" ? url : null);
  if (!visit.hasLanguages || back === null) return [];
  return LANGUAGES.map((lang) => ({ lang, href: languageHref(lang, back) }));
}

/** whoever looks at the screen, or at a print of it, sees for whom the office acts and why. */
function deskStrip(visit: Visit): Strip[] {
  const desk = visit.actor?.desk;
  if (!desk) return [];
  return [
    {
      kind: "desk",
      text: words("it").desk(visit.deskFamily ?? "", desk.reason),
      action: actionForm({
        action: "/ufficio/sportello/chiudi",
        csrf: visit.csrf,
        label: words("it").closeDesk,
        kind: "secondary",
      }),
    },
  ];
}
