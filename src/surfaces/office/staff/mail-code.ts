// SPDX-License-Identifier: EUPL-1.2
import { groupedCode, STAFF_CODE_DAYS } from "#identity";
import { dayOf } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { formats } from "#kernel/i18n.ts";
import { planSealedEmails } from "#messaging";
import type { Visit } from "../../web/visit.ts";

/**
 * The code that was just made, to the person's own address; sealed until it leaves. The user code is not in it: whoever
 * reads somebody's e-mail alone opens nothing.
 */
export async function mailCode(
  tx: WriteTx,
  visit: Visit,
  of: { accountId: string; email: string; code: string },
): Promise<void> {
  const { now, app } = visit;
  const expiresAt = now.add({ hours: 24 * STAFF_CODE_DAYS });
  const until = formats("it").day(dayOf(expiresAt));
  const email = {
    ...{ kind: "staff-code" as const, holderId: null, personId: null, lang: "it" as const },
    address: of.email,
    subject: "Codice di attivazione per Campanella",
    body: [
      `Codice di attivazione: ${groupedCode(of.code)}`,
      `Vale una volta sola, fino a ${until}. All'indirizzo qui sotto si scrive insieme al codice utente, che comunica chi amministra, e si sceglie una password di almeno 12 caratteri.`,
      "Chi non lavora con i servizi scolastici del Comune può ignorare questo messaggio.",
    ].join("\n\n"),
    path: "/accedi/attiva",
    dedupeKey: `staff-code:${of.accountId}:${now.toString()}`,
    expiresAt,
  };
  await planSealedEmails(tx, [email], { sealKey: app.sealKey, now });
}

export const codeMailed = (of: { email: string; username: string }): string =>
  `Il codice parte per e-mail verso ${of.email}. Il codice utente si comunica a parte: ${of.username}.`;
