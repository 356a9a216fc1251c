// SPDX-License-Identifier: EUPL-1.2
import { mayJoin } from "#families";
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
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { ownPage } from "../public-page.ts";
import { areasOf } from "./areas.ts";

const it = {
  title: "Cambia la password",
  lead: "Le altre sessioni aperte si chiudono.",
  parts:
    "Le altre sessioni aperte si chiudono. Questo codice si divide da quelli degli altri figli; dopo si può unirlo di nuovo.",
  current: "Password di adesso",
  currentMissing: "Scrivere la password di adesso.",
  wrong: "La password di adesso non è corretta. Nulla è cambiato.",
  save: "Cambia la password",
  saved: "La password è cambiata. Le altre sessioni sono chiuse.",
  savedApart:
    "La password è cambiata. Le altre sessioni sono chiuse. Questo codice è di nuovo diviso da quelli degli altri figli: si unisce da «Altro», «Unisci l'accesso di un altro figlio».",
  none: "Qui non c'è una password",
  noneWhy:
    "In questa sessione si è entrati senza codice utente e password: la password di SPID o CIE si cambia presso il gestore dell'identità.",
  wait: (time: string) => `Troppi tentativi. Si può riprovare alle ${time}.`,
};

const en: typeof it = {
  title: "Change the password",
  lead: "Other open sessions end.",
  parts:
    "Other open sessions end. This code is divided from the other children's; it can be joined again afterwards.",
  current: "Present password",
  currentMissing: "Write the present password.",
  wrong: "The present password is not right. Nothing has changed.",
  save: "Change the password",
  saved: "The password is changed. Other sessions have ended.",
  savedApart:
    "The password is changed. Other sessions have ended. This code is divided again from the other children's: it is joined under “More”, “Join another child's access”.",
  none: "There is no password here",
  noneWhy:
    "This session was opened without user code and password: the password of SPID or CIE is changed at the identity provider.",
  wait: (time) => `Too many attempts. Try again at ${time}.`,
};

const words = catalogue<typeof it>({ it, en });

export const PASSWORD_PAGE = "/password";

/** `/password` (PE-08, "Utility"): one's own, of whoever signed in with one; at a family's desk too it is the office's. */
export const passwordPage = (visit: Visit): Answer => show(visit, 200, {});

/** The code of one child that shows others too: a new password ends that (PE-04). */
const isJoined = ({ actor }: Visit): boolean =>
  actor !== null && mayJoin(actor) && actor.onlyChildIds.length > 1;

function show(
  visit: Visit,
  status: number,
  of: { errors?: readonly FieldError[]; refused?: string; hasNone?: boolean },
): Answer {
  const { session, lang } = visit;
  if (!session) return notFound;
  const w = words(lang);
  const { errors = [], refused } = of;
  const hasNone = of.hasNone || !["password", "passkey"].includes(session.row.means);
  const page = ownPage(visit, {
    h1: w.title,
    lead: hasNone ? null : isJoined(visit) ? w.parts : w.lead,
    errors,
    body: hasNone
      ? alert({ tone: "info", title: w.none, body: w.noneWhy })
      : html`${refused && alert({ tone: "warning", title: refused })}
        ${form({
          action: PASSWORD_PAGE,
          csrf: visit.csrf,
          lang,
          body: [
            textField({
              name: "password-attuale",
              label: w.current,
              lang,
              type: "password",
              autocomplete: "current-password",
              maxlength: 1000,
              error: errorFor(errors, "password-attuale"),
            }),
            newPasswordFields(lang, errors),
          ],
          submit: { label: w.save },
        })}`,
  });
  return withStatus(status, page);
}

export async function changePasswordNow(visit: Visit): Promise<Answer> {
  const { session } = visit;
  if (!session) return notFound;
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
      return seeOther(
        areasOf(session.roles)[0]?.home ?? "/servizi",
        isJoined(visit) ? w.savedApart : w.saved,
      );
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
