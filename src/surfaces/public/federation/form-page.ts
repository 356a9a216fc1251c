// SPDX-License-Identifier: EUPL-1.2
import { html } from "#kernel/html.ts";
import type { OutgoingForm } from "../../../integrations/saml/index.ts";
import { publicPage } from "../public-page.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { words } from "./words.ts";

/** A message by POST: the page sends itself; without JavaScript one button does. `back`: it goes to ourselves. */
export function formPage(
  visit: Visit,
  form: Pick<OutgoingForm, "action" | "fields">,
  direction: "there" | "back" = "there",
): Answer {
  const w = words(visit.lang);
  const page = publicPage(visit, {
    current: "enter",
    h1: direction === "there" ? w.onTheWay : w.onTheWayBack,
    body: html`<form method="post" action="${form.action}" data-sends-itself>
      ${form.fields.map(
        ({ name, value }) => html`<input type="hidden" name="${name}" value="${value}" />`,
      )}
      <p>${w.onTheWayWhy}</p>
      <button type="submit" class="btn btn-primary">${w.goOn}</button>
    </form>`,
  });
  return { kind: "form-to-provider", origin: new URL(form.action).origin, html: page };
}
