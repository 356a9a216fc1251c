// SPDX-License-Identifier: EUPL-1.2
import { type Device, devices, renewDeviceLink, revokeDevice } from "#identity";
import { dayOf } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { actionForm, card, definitionList, emptyState, linkButton } from "#ui/components.ts";
import { type Answer, notFound, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { grantText, loadPlaces, type Places } from "../staff/staff-words.ts";
import { linkPage } from "./link-page.ts";

export const DEVICES = "/ufficio/impostazioni/dispositivi";
const f = formats("it");

/** `/ufficio/impostazioni/dispositivi`: tablets and screens, when they were seen last. */
export async function deviceListPage(visit: Visit): Promise<Answer> {
  const { all, places } = await visit.town.read(async (tx) => ({
    all: await devices(tx, { date: visit.today }),
    places: await loadPlaces(tx, visit),
  }));
  const kept = all.filter(({ revokedAt }) => !revokedAt);
  const gone = all.filter(({ revokedAt }) => revokedAt);
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: "Tablet e schermi",
      back: { href: "/ufficio/impostazioni", label: "Impostazioni" },
      lead: "Restano collegati senza password, per la loro scuola o cucina e per niente altro.",
      headActions: linkButton({
        href: `${DEVICES}/nuovo`,
        label: "Nuovo dispositivo",
        kind: "primary",
      }),
      body: html`${
        kept.length === 0
          ? emptyState({ text: "Nessun tablet e nessuno schermo collegato." })
          : html`<div class="panels">
              ${kept.map((device) => deviceCard(visit, device, places))}
            </div>`
      }
      ${
        gone.length > 0 &&
        html`<h2 class="section-title">Revocati</h2>
          <ul>
            ${gone.map(({ name, revokedAt, revokedBy }) => html`<li>${name}: ${f.day(dayOf(revokedAt!))}, ${revokedBy}</li>`)}
          </ul>`
      }`,
    },
  );
}

function deviceCard(visit: Visit, device: Device, places: Places): Html {
  const act = (path: string, label: string, kind: "secondary" | "danger"): Html =>
    actionForm({
      action: `${DEVICES}/${device.id}/${path}`,
      csrf: visit.csrf,
      label,
      ariaLabel: `${label}: ${device.name}`,
      kind,
    });
  const { enrolledAt, lastSeenAt } = device;
  return card({
    title: device.name,
    body: definitionList([
      { label: "Per", value: device.grants.map((one) => html`${grantText(places, one)}<br />`) },
      {
        label: "Collegato",
        value: enrolledAt ? f.dayWithYear(dayOf(enrolledAt)) : "non ancora",
      },
      {
        label: "Visto l'ultima volta",
        value: lastSeenAt ? `${f.day(dayOf(lastSeenAt))}, ${f.time(lastSeenAt)}` : "mai",
      },
      { label: "Creato da", value: device.madeBy },
    ]),
    actions: html`${act("codice", enrolledAt ? "Collega un altro apparecchio" : "Nuovo codice QR", "secondary")}
    ${act("revoca", "Revoca", "danger")}`,
  });
}

export async function renewLinkNow(visit: Visit): Promise<Answer> {
  const { actor, now } = visit;
  const id = visit.params["id"] ?? "";
  if (!actor || !isUuid(id)) return notFound;
  const act = { by: actor, sealKey: visit.app.sealKey, now, id };
  const made = await visit.town.write((tx) => renewDeviceLink(tx, act));
  return made.outcome === "made"
    ? linkPage(visit, { name: made.device.name, code: made.code })
    : notFound;
}

export async function revokeNow(visit: Visit): Promise<Answer> {
  const { actor, now } = visit;
  const id = visit.params["id"] ?? "";
  if (!actor || !isUuid(id)) return notFound;
  const done = await visit.town.write((tx) => revokeDevice(tx, { by: actor, now, id }));
  return done.outcome === "revoked"
    ? seeOther(DEVICES, "Il dispositivo è scollegato da subito.")
    : notFound;
}
