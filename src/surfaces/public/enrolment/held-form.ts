// SPDX-License-Identifier: EUPL-1.2
import { seal, SealBrokenError, unseal } from "#kernel/seal.ts";
import { Fields, sessionCookieName } from "../../web/form-fields.ts";
import { plainFields } from "../../web/held-arrival.ts";
import type { Visit } from "../../web/visit.ts";

const KEEP_MINUTES = 30;
/** browsers drop cookies above 4 KB */
const MAX_BYTES = 3600;
/** whose form it is */
export const MARK_FIELD = "di";

const nameFor = ({ app, tenant }: Visit): string => `${sessionCookieName(app, tenant)}_domanda`;
const sealedFor = ({ tenant }: Visit) => ({ tenantId: tenant.id, purpose: "application" });

/** What was typed when the sign-in had just run out waits in the browser, sealed, for the same identity; whether it does. */
export function holdForm(visit: Visit): boolean {
  const { app, reply, request } = visit;
  const services = visit.fields.all("servizi").join(" ");
  const fields = plainFields({ ...(request.body as object), servizi: services });
  if (!fields || visit.fields.text(MARK_FIELD) === "") return false;
  const heldAt = visit.now.epochMilliseconds;
  const sealed = seal(app.sealKey, sealedFor(visit), JSON.stringify({ fields, heldAt }));
  if (sealed.length > MAX_BYTES) return false;
  reply.setCookie(nameFor(visit), sealed, {
    path: "/iscrizioni",
    httpOnly: true,
    sameSite: "lax",
    secure: app.secureCookies,
    maxAge: KEEP_MINUTES * 60,
  });
  return true;
}

/** What this very identity had typed before; `null`: nothing, or somebody else's. */
export function heldForm(visit: Visit, mark: string): Fields | null {
  const text = visit.request.cookies[nameFor(visit)];
  if (!text) return null;
  try {
    const opened = unseal(visit.app.sealKey, sealedFor(visit), text);
    const { fields, heldAt } = JSON.parse(opened) as { fields: unknown; heldAt: number };
    const isOver = visit.now.epochMilliseconds - heldAt > KEEP_MINUTES * 60_000;
    const held = new Fields(fields);
    return !isOver && held.text(MARK_FIELD) === mark ? held : null;
  } catch (error) {
    if (error instanceof SealBrokenError) return null;
    throw error;
  }
}

export function dropHeldForm(visit: Visit): void {
  if (visit.request.cookies[nameFor(visit)] !== undefined)
    visit.reply.clearCookie(nameFor(visit), {
      path: "/iscrizioni",
      secure: visit.app.secureCookies,
    });
}
