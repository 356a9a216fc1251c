// SPDX-License-Identifier: EUPL-1.2
import type { Family } from "#families";
import { switchDesk } from "#identity";
import { recordAudit } from "#kernel/audit.ts";
import { html, type Html } from "#kernel/html.ts";
import { type FieldError, errorFor, form, radios, textField } from "#ui/components.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import { setSessionCookie } from "../../web/session-cookie.ts";
import type { Visit } from "../../web/visit.ts";
import { familyOfAddress, familyPath } from "./family-guard.ts";
import { familyFrame } from "./family-frame.ts";

const REASONS = {
  persona: "in persona",
  telefonata: "telefonata",
  email: "e-mail",
  altro: "altro",
} as const;
const LONGEST_NOTE = 120;

/** `/ufficio/famiglie/{id}/sportello`: one question before the office acts for a family. */
export async function deskPage(visit: Visit): Promise<Answer> {
  const family = await visit.town.read((tx) => familyOfAddress(tx, visit));
  return family ? view(visit, family, [], "") : notFound;
}

/** Opens the desk for this session only; from here on every act is the office's, for this family, with the reason. */
export async function openDesk(visit: Visit): Promise<Answer> {
  const chosen = visit.fields.text("motivo");
  const note = visit.fields.text("nota").slice(0, LONGEST_NOTE);
  const errors: FieldError[] = [];
  if (!Object.hasOwn(REASONS, chosen))
    errors.push({ field: "motivo", message: "Scegliere il motivo." });
  if (chosen === "altro" && note === "")
    errors.push({ field: "nota", message: "Con «altro» serve una nota." });
  if (errors.length > 0) {
    const family = await visit.town.read((tx) => familyOfAddress(tx, visit));
    return family ? withStatus(422, view(visit, family, errors, note)) : notFound;
  }
  const word = REASONS[chosen as keyof typeof REASONS];
  const reason = [chosen === "altro" ? null : word, note].filter(Boolean).join(", ");
  const { actor, session, now } = visit;
  if (!actor || !session) return notFound;
  const opened = await visit.town.write(async (tx) => {
    const family = await familyOfAddress(tx, visit);
    if (!family) return null;
    const holderId = family.holder.id;
    const token = await switchDesk(tx, { token: session.token, desk: { holderId, reason }, now });
    if (token)
      await recordAudit(tx, { actor, at: now, action: "identity.open-desk", holderId, reason });
    return token;
  });
  if (!opened) return notFound;
  setSessionCookie(visit, opened);
  return seeOther("/oggi");
}

/** `POST /ufficio/sportello/chiudi`: back to the family's page. Closing twice is harmless. */
export async function closeDesk(visit: Visit): Promise<Answer> {
  const { actor, session, now } = visit;
  const holderId = actor?.desk?.holderId;
  if (!actor || !session || !holderId) return seeOther("/ufficio");
  const token = await visit.town.write(async (tx) => {
    const renewed = await switchDesk(tx, { token: session.token, desk: null, now });
    if (renewed) await recordAudit(tx, { actor, at: now, action: "identity.close-desk", holderId });
    return renewed;
  });
  // A second tap arrives with the old token: the first one's answer holds the new one.
  if (token) setSessionCookie(visit, token);
  return seeOther(familyPath(holderId), "Sportello chiuso.");
}

function view(visit: Visit, family: Family, errors: readonly FieldError[], note: string): Html {
  return familyFrame(visit, family, {
    h1: "Apri lo sportello",
    wide: false,
    errors,
    body: form({
      action: `${familyPath(family.holder.id)}/sportello`,
      csrf: visit.csrf,
      key: visit.newKey(),
      body: html`<p>
          Da qui si vedono le pagine della famiglia e si agisce al suo posto. Ogni azione è
          registrata e la famiglia la vede.
        </p>
        ${radios({
          name: "motivo",
          label: "Motivo?",
          value: visit.fields.text("motivo"),
          error: errorFor(errors, "motivo"),
          choices: Object.entries(REASONS).map(([value, label]) => ({
            value,
            label: label.charAt(0).toUpperCase() + label.slice(1),
          })),
        })}
        ${textField({
          name: "nota",
          label: "Nota",
          hint: "Per esempio chi ha chiamato",
          optional: true,
          value: note,
          maxlength: LONGEST_NOTE,
          error: errorFor(errors, "nota"),
        })}`,
      submit: { label: "Apri lo sportello" },
      cancel: { href: familyPath(family.holder.id) },
    }),
  });
}
