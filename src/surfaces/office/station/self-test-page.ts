// SPDX-License-Identifier: EUPL-1.2
import { html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { actionForm, alert, dataTable, tag } from "#ui/components.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { selfTest, type Tried } from "./self-test.ts";
import { BACK, STATION_PAGE } from "./station-words.ts";

const MARKS: Readonly<Record<Tried["result"], { word: string; tone: "info" | "warning" }>> = {
  good: { word: "funziona", tone: "info" },
  doubt: { word: "da verificare", tone: "warning" },
  bad: { word: "non funziona", tone: "warning" },
};

/** Tries, and shows what came of it: nothing is kept, reloading tries again. */
export async function selfTestPage(visit: Visit): Promise<Answer> {
  const tried = await selfTest(visit);
  const bad = tried.filter(({ result }) => result === "bad").length;
  const doubtful = tried.filter(({ result }) => result === "doubt").length;
  const at = formats("it").time(visit.now);
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: "Prova del collegamento",
      back: BACK,
      lead: `Provato alle ${at}.`,
      body: html`${alert(
        bad > 0
          ? {
              tone: "danger",
              title: plural(bad, "cosa non funziona", "cose non funzionano"),
              body: html`<p>Che cosa fare è scritto accanto a ognuna.</p>`,
            }
          : doubtful > 0
            ? { tone: "warning", title: "Tutto risponde, con qualche dubbio" }
            : { tone: "success", title: "Tutto funziona" },
      )}
      ${dataTable({
        caption: "Prove",
        captionHidden: true,
        columns: [{ label: "Che cosa", header: true }, { label: "Esito" }, { label: "Dettaglio" }],
        rows: tried.map(({ what, result, said, todo }) => [
          what,
          tag(MARKS[result].word, MARKS[result].tone),
          html`${said}${todo && html`<br /><strong>Da fare:</strong> ${todo}`}`,
        ]),
      })}
      ${actionForm({
        action: `${STATION_PAGE}/prova`,
        csrf: visit.csrf,
        label: "Prova di nuovo",
        kind: "secondary",
      })}`,
    },
  );
}
