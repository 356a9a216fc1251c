// SPDX-License-Identifier: EUPL-1.2
import { changePassword, hashToken } from "#identity";
import { html } from "#kernel/html.ts";
import { catalogue, formats } from "#kernel/i18n.ts";
import { alert, errorFor, type FieldError, form, textField } from "#ui/components.ts";
import {
  newPasswordFields,
  passwordFaultError,
  readNewPassword,
  typedPassword,
} from "../../web/new-password.ts";
import { type Answer, forbidden, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { inFamily, portalPage } from "../portal-page.ts";

const it = {
  title: "Cambia la password",
  lead: "Le altre sessioni aperte si chiudono.",
  more: "Altro",
  current: "Password di adesso",
  currentMissing: "Scrivere la password di adesso.",
  wrong: "La password di adesso non è corretta. Nulla è cambiato.",
  save: "Cambia la password",
  saved: "La password è cambiata. Le altre sessioni sono chiuse.",
  none: "Qui non c'è una password",
  noneWhy:
    "Questo accesso usa SPID o CIE: la password si cambia presso il gestore dell'identità. Chi vuole anche codice utente e password chiede la lettera all'ufficio.",
  wait: (time: string) => `Troppi tentativi. Si può riprovare alle ${time}.`,
};

const en: typeof it = {
  title: "Change the password",
  lead: "Other open sessions end.",
  more: "More",
  current: "Present password",
  currentMissing: "Write the present password.",
  wrong: "The present password is not right. Nothing has changed.",
  save: "Change the password",
  saved: "The password is changed. Other sessions have ended.",
  none: "There is no password here",
  noneWhy:
    "You sign in by SPID or CIE: the password is changed at the identity provider. For user code and password as well, ask the school office for the letter.",
  wait: (time) => `Too many attempts. Try again at ${time}.`,
};

const words = catalogue<typeof it>({ it, en });

/** `/password` (PE-08, "Utility"). The office's desk acts for a family; its password is nobody's business. */
export const passwordPage = (visit: Visit): Promise<Answer> => show(visit, 200, {});

async function show(
  visit: Visit,
  status: number,
  of: { errors?: readonly FieldError[]; refused?: string; hasNone?: boolean },
): Promise<Answer> {
  if (visit.actor?.desk || !visit.session) return forbidden;
  const w = words(visit.lang);
  const { errors = [], refused } = of;
  const isByProvider = !["password", "passkey"].includes(visit.session.row.means);
  return inFamily(visit, async (_tx, scope) => {
    const page = portalPage(
      visit,
      { current: "more", scope },
      {
        h1: w.title,
        lead: w.lead,
        back: { href: "/altro", label: w.more },
        errors,
        body:
          of.hasNone || isByProvider
            ? alert({ tone: "info", title: w.none, body: w.noneWhy })
            : html`${refused && alert({ tone: "warning", title: refused })}
              ${form({
                action: "/password",
                csrf: visit.csrf,
                lang: visit.lang,
                body: [
                  textField({
                    name: "password-attuale",
                    label: w.current,
                    lang: visit.lang,
                    type: "password",
                    autocomplete: "current-password",
                    maxlength: 1000,
                    error: errorFor(errors, "password-attuale"),
                  }),
                  newPasswordFields(visit.lang, errors),
                ],
                submit: { label: w.save },
              })}`,
      },
    );
    return withStatus(status, page);
  });
}

export async function changePasswordNow(visit: Visit): Promise<Answer> {
  const { session, actor } = visit;
  if (!session || !actor || actor.desk) return forbidden;
  const w = words(visit.lang);
  const current = typedPassword(visit, "password-attuale");
  const { given, errors } = readNewPassword(visit);
  if (current === "") errors.unshift({ field: "password-attuale", message: w.currentMissing });
  if (errors.length > 0) return show(visit, 422, { errors });
  const changed = await changePassword(visit.town, {
    ...given,
    current,
    accountId: session.row.accountId,
    origin: visit.request.ip,
    keepTokenHash: hashToken(session.token),
    now: visit.now,
  });
  switch (changed.outcome) {
    case "changed":
      return seeOther("/altro", w.saved);
    case "weak":
      return show(visit, 422, { errors: [passwordFaultError(visit.lang, changed.fault)] });
    case "wrong":
      return show(visit, 422, { errors: [{ field: "password-attuale", message: w.wrong }] });
    case "wait":
      return show(visit, 429, {
        refused: w.wait(formats(visit.lang).timeWithSeconds(changed.until)),
      });
    case "no-password":
      return show(visit, 200, { hasNone: true });
  }
}
