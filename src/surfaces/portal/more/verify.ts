// SPDX-License-Identifier: EUPL-1.2
import { laterReceipt, verifyReceipt } from "#booking";
import { townCalendar } from "#calendar";
import { person } from "#families";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { alert, definitionList, form, textField } from "#ui/components.ts";
import { visitPage } from "../../web/frame.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { capital, shortName } from "../meals/service-words.ts";
import {
  countedSentence,
  momentWords,
  receiptTitle,
  refusalSentence,
  spanWords,
} from "../receipts/receipt-words.ts";
import { words } from "./words.ts";

const LONGEST_CODE = 40;
const EXAMPLE_CODE = "K7M4-92QX-3HTB";

/** GET /verifica?codice=…: public. Kind, service day, arrival, outcome, municipality; of the child only initials. */
export async function verify(visit: Visit): Promise<Answer> {
  const code = (visit.query["codice"] ?? "").trim().slice(0, LONGEST_CODE);
  const result = code === "" ? null : await visit.town.read((tx) => judge(tx, visit, code));
  const w = words(visit.lang);
  return visitPage(visit, {
    surface: "public",
    h1: w.verifyReceipt,
    focusHeading: result !== null,
    body: html`${result}${form({
      action: "/verifica",
      method: "get",
      submit: { label: w.verify },
      lang: visit.lang,
      body: textField({
        name: "codice",
        label: w.receiptCode,
        lang: visit.lang,
        hint: html`${w.codeHint} <span class="nowrap">${EXAMPLE_CODE}</span>.`,
        value: code,
        maxlength: LONGEST_CODE,
        autocomplete: "off",
      }),
    })}`,
  });
}

async function judge(tx: ReadTx, visit: Visit, code: string): Promise<Html> {
  const { lang } = visit;
  const w = words(lang);
  const found = await verifyReceipt(tx, { code, receiptKey: visit.app.receiptKey });
  if (found.outcome === "unknown")
    return alert({
      tone: "warning",
      title: w.unknownCode,
      body: w.unknownHint,
      live: true,
    });
  const { receipt } = found;
  const later = await laterReceipt(tx, receipt);
  const child = await person(tx, receipt.childId);
  const { services } = await townCalendar(tx);
  const service = services.find(({ id }) => id === receipt.serviceId);
  const counted = countedSentence(receipt, visit.today, lang);
  const refused = refusalSentence(receipt, lang);
  const initials = child ? `${initial(child.givenName)} ${initial(child.surname)}` : "";
  return html`${alert({ tone: "success", title: w.genuine, live: true })}
  ${definitionList([
    { label: w.what, value: receiptTitle(receipt, lang) },
    ...(refused
      ? [{ label: w.outcome, value: counted ? `${refused} ${counted}` : refused }]
      : [{ label: w.outcome, value: w.accepted }]),
    ...(later
      ? [
          {
            label: w.afterwards,
            value: w.overtaken(
              receiptTitle(later, lang),
              momentWords(later.receivedAt, visit.today, lang),
            ),
          },
        ]
      : []),
    { label: w.service, value: service ? capital(shortName(service, lang)) : "" },
    { label: w.day, value: spanWords(receipt, visit.lang) },
    { label: w.arrived, value: momentWords(receipt.receivedAt, visit.today, visit.lang) },
    { label: w.town, value: visit.townSettings.town.shortName },
    { label: w.initials, value: initials },
  ])}`;
}

const initial = (name: string): string => `${name.trim().charAt(0).toUpperCase()}.`;
