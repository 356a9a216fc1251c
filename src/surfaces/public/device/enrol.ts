// SPDX-License-Identifier: EUPL-1.2
import { deviceOfLink, enrolDevice } from "#identity";
import { html } from "#kernel/html.ts";
import { actionForm, alert, problem } from "#ui/components.ts";
import { type Answer, seeOther, withStatus } from "../../web/route.ts";
import { startVisitSession } from "../../web/start-session.ts";
import type { Visit } from "../../web/visit.ts";
import { seenAs } from "../federation/seen-as.ts";
import { publicPage } from "../public-page.ts";
import { landing } from "../sign-in/areas.ts";
import { words } from "./words.ts";

export const DEVICE_LINK = "/dispositivo/:code";

const codeIn = (visit: Visit): string => visit.params["code"]?.slice(0, 80) ?? "";

function linkOver(visit: Visit): Answer {
  const w = words(visit.lang);
  const body = problem({ text: w.overWhy, lang: visit.lang });
  return withStatus(404, publicPage(visit, { current: null, h1: w.over, body }));
}

/** GET `/dispositivo/{code}`: opened on the tablet. Nothing is used up by looking: cameras fetch what they show. */
export async function enrolPage(visit: Visit): Promise<Answer> {
  const w = words(visit.lang);
  const { sealKey } = visit.app;
  const link = { code: codeIn(visit), sealKey, now: visit.now };
  const device = await visit.town.read((tx) => deviceOfLink(tx, link));
  if (!device) return linkOver(visit);
  return publicPage(visit, {
    current: null,
    h1: device.name,
    lead: w.lead,
    body: html`${
        visit.session &&
        alert({ tone: "warning", title: w.signedIn(visit.session.row.displayName), body: w.leaves })
      }
      ${actionForm({
        action: `/dispositivo/${link.code}`,
        csrf: visit.csrf,
        label: w.use,
      })}
      <p class="quiet">${w.stays}</p>`,
  });
}

/** POST: this browser is the device from now on. */
export async function enrolNow(visit: Visit): Promise<Answer> {
  const enrolled = await visit.town.write((tx) =>
    enrolDevice(tx, {
      ...{ code: codeIn(visit), sealKey: visit.app.sealKey, now: visit.now },
      seenAs: seenAs(visit.request.headers["user-agent"]),
    }),
  );
  if (enrolled.outcome === "link-over") return linkOver(visit);
  const started = await startVisitSession(visit, { token: enrolled.token, means: "device" });
  return started.outcome === "started" ? seeOther(landing(started.roles, null)) : linkOver(visit);
}
