// SPDX-License-Identifier: EUPL-1.2
import { reopenDays, reopenService } from "#billing";
import { type Closure, closureAuthors, type TownCalendar, townCalendar } from "#calendar";
import { isBefore, later, type Moment } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { familiesTold } from "#messaging";
import { actionForm, alert, card, definitionList, type Row } from "#ui/components.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { mayDecide, onlyManagers } from "../payments/money-page.ts";
import { capital, placeText, reasonText, serviceName, spanText } from "../words.ts";

/** Why a day of a closure stays closed. */
const TOO_LATE =
  "i giorni sono passati, già chiusi nei conti o troppo vicini perché le famiglie possano disdire";

/** The closures made by one act: the same place, days and reason, one per service. */
function sameAct(calendar: TownCalendar, id: string | undefined): Closure[] {
  const closure = calendar.closures.find((one) => one.id === id);
  if (!closure) return [];
  return calendar.closures.filter(
    (one) =>
      one.siteId === closure.siteId &&
      one.classId === closure.classId &&
      one.from.equals(closure.from) &&
      one.to.equals(closure.to) &&
      one.reason === closure.reason &&
      one.note === closure.note,
  );
}

/** Who closed, when, and how many families heard of it. */
interface Act {
  readonly author: { readonly by: string; readonly at: Moment } | undefined;
  readonly told: number;
  /** does any of its days still let itself be served? */
  readonly mayCancel: boolean;
}

async function actOf(tx: ReadTx, closures: readonly Closure[], now: Moment): Promise<Act> {
  const ids = closures.map(({ id }) => id);
  const [author] = await closureAuthors(tx, ids);
  const keys = ids.map((id) => `closure:${id}:`);
  const days = await reopenDays(tx, { closures, now });
  return { author, told: await familiesTold(tx, keys), mayCancel: days.some((day) => day) };
}

export function closurePage(visit: Visit): Promise<Answer> {
  return visit.town.read(async (tx) => {
    const calendar = await townCalendar(tx);
    const closures = sameAct(calendar, visit.params["id"]);
    if (closures.length === 0) return notFound;
    return view(visit, calendar, { closures, act: await actOf(tx, closures, visit.now) }, null);
  });
}

/** Takes it back for the days to come: the families get one correction. Twice: it is gone already. */
export async function cancelClosureNow(visit: Visit): Promise<Answer> {
  const { actor, now } = visit;
  if (!actor) return notFound;
  return visit.town.write(async (tx): Promise<Answer> => {
    const calendar = await townCalendar(tx);
    const closures = sameAct(calendar, visit.params["id"]);
    if (closures.length === 0) return seeOther("/ufficio/chiusure", "Chiusura già annullata.");
    let families = 0;
    let cancelled = 0;
    let servedFrom = closures[0]!.from;
    // One act closed at most a handful of services.
    for (const { id } of closures) {
      const result = await reopenService(tx, { actor, closureId: id, now });
      if (result.outcome !== "cancelled") continue;
      cancelled += 1;
      families = Math.max(families, result.families);
      servedFrom = later(servedFrom, result.from);
    }
    if (cancelled === 0)
      return withStatus(
        409,
        view(
          visit,
          calendar,
          { closures, act: await actOf(tx, closures, now) },
          `La chiusura non si può più annullare: ${TOO_LATE}.`,
        ),
      );
    const told = plural(families, "famiglia avvisata", "famiglie avvisate");
    const left = closures.length - cancelled;
    const rest =
      left === 0
        ? ""
        : ` Per ${plural(left, "servizio", "servizi")} la chiusura resta: ${TOO_LATE}.`;
    const since = isBefore(closures[0]!.from, servedFrom)
      ? ` da ${formats("it").day(servedFrom)}; i giorni prima restano chiusi`
      : "";
    return seeOther("/ufficio/chiusure", `Chiusura annullata${since}: ${told}.${rest}`);
  });
}

function view(
  visit: Visit,
  calendar: TownCalendar,
  { closures, act }: { closures: readonly Closure[]; act: Act },
  refusal: string | null,
): Html {
  const [closure] = closures;
  if (!closure) throw new Error("a closure page without a closure");
  const { mayCancel } = act;
  const isOffices = closures.some(({ serviceId }) => serviceId !== null);
  const services = closures.map(({ serviceId }) =>
    serviceId ? serviceName(calendar, serviceId) : "Tutti i servizi",
  );
  return officePage(
    visit,
    { current: "closures" },
    {
      h1: `Chiusura: ${reasonText(closure)}`,
      back: { href: "/ufficio/chiusure", label: "Chiusure" },
      wide: false,
      body: html`${refusal && alert({ tone: "warning", title: refusal })}
      ${card({
        title: capital(spanText(closure.from, closure.to)),
        body: definitionList([
          { label: "Dove", value: placeText(calendar, closure) },
          { label: "Servizi", value: services.join(", ") },
          { label: "Motivo", value: reasonText(closure) },
          ...authorRow(act),
          { label: "Famiglie avvisate", value: act.told === 0 ? "nessuna" : act.told },
        ]),
        actions: mayCancel
          ? mayDecide(visit)
            ? actionForm({
                action: `/ufficio/chiusure/${closure.id}/annulla`,
                csrf: visit.csrf,
                key: visit.newKey(),
                label: "Annulla la chiusura",
                kind: "secondary",
                note: "I pasti tornano come prima; le stesse famiglie ricevono una correzione.",
              })
            : onlyManagers()
          : isOffices && !refusal && html`<p>Non si può più annullare: ${TOO_LATE}.</p>`,
      })}`,
    },
  );
}

function authorRow({ author }: Act): Row[] {
  if (!author) return [];
  return [{ label: "Registrata", value: `${formats("it").dayAndTime(author.at)}, ${author.by}` }];
}
