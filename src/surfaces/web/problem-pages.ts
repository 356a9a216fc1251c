// SPDX-License-Identifier: EUPL-1.2
import type { Html } from "#kernel/html.ts";
import type { Lang } from "#kernel/i18n.ts";
import { linkButton, problem } from "#ui/components.ts";
import { page } from "#ui/layout.ts";
import { visitPage } from "./frame.ts";
import type { Visit } from "./visit.ts";
import { words } from "./words.ts";

const home = (lang: Lang): Html => linkButton({ href: "/", label: words(lang).home });

function problemPage(visit: Visit, of: { h1: string; text: string; actions?: Html }): Html {
  const { lang } = visit;
  return visitPage(visit, {
    surface: "public",
    h1: of.h1,
    body: problem({
      text: of.text,
      actions: of.actions ?? home(lang),
      phone: visit.townSettings.office.phones[0],
      lang,
    }),
  });
}

export function notFoundPage(visit: Visit): Html {
  const w = words(visit.lang);
  return problemPage(visit, { h1: w.notFound, text: w.notFoundWhy });
}

export function forbiddenPage(visit: Visit): Html {
  const w = words(visit.lang);
  // Nobody's role any more: another page would be closed as well.
  if (visit.session?.roles.length === 0)
    return problemPage(visit, {
      ...{ h1: w.noRole, text: w.noRoleWhy },
      actions: linkButton({ href: "/accedi", label: w.enterAgain }),
    });
  return problemPage(visit, { h1: w.reserved, text: w.reservedWhy });
}

/** OS-17: signed in, but not by a way that the town admits for this. */
export function otherMeansPage(visit: Visit): Html {
  const w = words(visit.lang);
  const href = `/accedi?poi=${encodeURIComponent(visit.request.url)}`;
  const actions = linkButton({ href, label: w.enterOtherwise });
  return problemPage(visit, { h1: w.otherMeans, text: w.otherMeansWhy, actions });
}

export function sessionOverPage(visit: Visit): Html {
  const w = words(visit.lang);
  const actions = linkButton({ href: "/accedi", label: w.enterAgain });
  return problemPage(visit, { h1: w.over, text: w.overWhy, actions });
}

export function wrongFormPage(visit: Visit): Html {
  const w = words(visit.lang);
  return problemPage(visit, { h1: w.staleForm, text: w.staleFormWhy });
}

/** Of no town: it must work when nothing else does. `code` only when the fault is ours. */
export function ourFaultPage(of: {
  nonce: string;
  code: string | null;
  status: number;
  lang: Lang;
}): Html {
  const w = words(of.lang);
  const tooMany = of.status === 429;
  return page({
    surface: "public",
    h1: tooMany ? w.tooMany : w.broken,
    town: null,
    nonce: of.nonce,
    lang: of.lang,
    body: problem({
      text: tooMany ? w.tooManyWhy : w.brokenWhy,
      actions: home(of.lang),
      lang: of.lang,
      ...(of.code ? { supportCode: of.code } : {}),
    }),
  });
}
