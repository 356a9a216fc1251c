// SPDX-License-Identifier: EUPL-1.2
import { serveEveryoneSince, unknownWalkIns } from "#attendance";
import { disputesOf, dueMonth, type DueMonth, openFirstNotices, openUnpriced } from "#billing";
import { cutoffAt, type ExpectedMeal, expectedMeals } from "#booking";
import { type Service, type TownCalendar, townCalendar } from "#calendar";
import { countOpenApplications } from "#enrolment";
import { openCorrections, openTasks } from "#families";
import { anomaliesSince, endingKeys, waitingStrangers } from "#identity";
import { dayOf, isMomentAfter, type Moment } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { type Content, html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { type KitchenOrder, kitchenOrder } from "#kitchen";
import { givenUpEmails } from "#messaging";
import { moneyRequests, openCaseSum, unexplainedMoney, writeOffs } from "#payments";
import { type DatedSettings, datedSettings } from "#tenancy";
import {
  dataTable,
  emptyState,
  figures,
  linkButton,
  stateBadge,
  taskList,
} from "#ui/components.ts";
import { OUR_FAULTS as OIDC_FAULTS } from "../../../integrations/oidc-federation/index.ts";
import { OUR_FAULTS } from "../../../integrations/saml/index.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { mayDecide } from "../payments/money-page.ts";
import { capital, dailyServices } from "../words.ts";
import { type Silent, silentClasses, silentText } from "../days/silent-classes.ts";
import { negativeFigure } from "./negative-accounts.ts";
import { openPastDays } from "./open-past-days.ts";
import { serveEveryoneButton, serveEveryoneNotice } from "./serve-everyone.ts";
import { type SiteCount, siteCounts } from "./site-counts.ts";
import {
  isNear,
  type MoneyTasks,
  type Task,
  type TaskFacts,
  taskRows,
  tasksNow,
} from "./tasks-now.ts";

interface ServiceBoard {
  readonly service: Service;
  readonly counts: SiteCount[];
  readonly order: KitchenOrder;
}

/** `/ufficio`: what is to do now, by deadline, and today's meals by school. */
export async function boardPage(visit: Visit): Promise<Answer> {
  const { now, today } = visit;
  const { boards, tasks, everyone } = await visit.town.read((tx) => loadBoard(tx, visit));
  const f = formats("it");
  return officePage(
    visit,
    { current: "today" },
    {
      h1: capital(f.dayFrom(today, today)),
      lead: `Aggiornato alle ${f.time(now)}`,
      headActions: html`${!everyone && serveEveryoneButton(visit)}${
        mayDecide(visit) &&
        linkButton({
          href: "/ufficio/chiusure/nuova",
          label: "Chiudi scuole…",
          kind: "secondary",
          icon: "it-ban",
        })
      }`,
      body: html`${everyone && serveEveryoneNotice(visit, everyone)}
        <div class="columns">
          <section aria-labelledby="fare">
            <h2 id="fare">Da fare adesso</h2>
            ${
              tasks.length === 0
                ? emptyState({
                    icon: "it-check-circle",
                    text: `Tutto in ordine alle ${f.time(now)}.`,
                  })
                : taskList(taskRows(tasks))
            }
          </section>
          <div>
            ${boards.length === 0 && emptyState({ text: "Nessun servizio giornaliero configurato." })}
            ${boards.map((board, index) => serviceSection(board, index, now))}
          </div>
        </div>`,
    },
  );
}

async function loadBoard(
  tx: ReadTx,
  visit: Visit,
): Promise<{ boards: ServiceBoard[]; tasks: Task[]; everyone: Moment | null }> {
  const { today, now } = visit;
  const calendar = await townCalendar(tx);
  const settings = await datedSettings(tx);
  const boards: ServiceBoard[] = [];
  const openPast: { serviceId: string; siteId: string; date: Temporal.PlainDate }[] = [];
  const silent: Silent[] = [];
  const bills: (DueMonth & { serviceId: string })[] = [];
  // A town has one canteen, two at most: a handful of queries each.
  for (const service of dailyServices(calendar, settings, today)) {
    const of = { serviceId: service.id, date: today };
    const meals: ExpectedMeal[] = await expectedMeals(tx, of);
    boards.push({
      service,
      counts: siteCounts(meals, calendar),
      order: await kitchenOrder(tx, of),
    });
    const open = await openPastDays(tx, { serviceId: service.id, today, meals, calendar });
    silent.push(...(await silentNow(tx, visit, { service, meals, calendar, settings })));
    openPast.push(...open.map((day) => ({ ...day, serviceId: service.id })));
    const due = await dueMonth(tx, { serviceId: service.id, today });
    if (due) bills.push({ ...due, serviceId: service.id });
  }
  const unnamedFrom = today.subtract({ days: 60 });
  const tasks = tasksNow({
    now,
    today,
    waiting: boards.flatMap((board) => waitingClasses(board, calendar, settings)),
    disputes: await disputesOf(tx, { onlyOpen: true }),
    openPast,
    silent,
    bills,
    unpriced: (await openUnpriced(tx, 500)).length,
    unnamed: await unknownWalkIns(tx, { from: unnamedFrom, to: today, onlyOpen: true }),
    people: await openTasks(tx, today),
    strangers: (await waitingStrangers(tx, 500)).length,
    applications: await countOpenApplications(tx),
    corrections: (await openCorrections(tx, 500)).length,
    negative: await negativeFigure(tx, visit, { calendar, settings }),
    money: await moneyTasks(tx, today),
    undelivered: (await givenUpEmails(tx, 500)).length,
    firstNotices: (await openFirstNotices(tx, 500)).length,
    certificates: await endingCertificates(tx, now),
    signInFaults: await signInFaults(tx, now),
    isAdministrator: visit.actor?.role === "administrator",
  });
  return { boards, tasks, everyone: await serveEveryoneSince(tx, today) };
}

/** Whoever issues a new one, and whoever must learn of it, need their weeks. */
const CERTIFICATE_DAYS = 60;

async function endingCertificates(tx: ReadTx, now: Moment): Promise<TaskFacts["certificates"]> {
  const ending = await endingKeys(tx, now.add({ hours: CERTIFICATE_DAYS * 24 }));
  return ending.map(({ protocol, notAfter }) => ({
    name: federationName(protocol),
    endsOn: dayOf(notAfter),
  }));
}

function federationName(protocol: string): string {
  if (protocol === "cie-oidc") return "CIE con OpenID Connect";
  return protocol === "eidas" ? "eIDAS" : protocol.toUpperCase();
}

async function signInFaults(tx: ReadTx, now: Moment): Promise<TaskFacts["signInFaults"]> {
  const since = now.subtract({ hours: 24 });
  const found = await anomaliesSince(tx, { codes: [...OUR_FAULTS, ...OIDC_FAULTS], since });
  return found.map(({ protocol, ...rest }) => ({ name: federationName(protocol), ...rest }));
}

async function moneyTasks(tx: ReadTx, today: Visit["today"]): Promise<MoneyTasks> {
  const cases = await openCaseSum(tx);
  const open = await moneyRequests(tx, { states: ["received", "approved", "ordered", "returned"] });
  return {
    cases: { count: cases.count, oldestOn: cases.oldestAt && dayOf(cases.oldestAt) },
    requests: open.map(({ dueOn }) => dueOn),
    writeOffs: (await writeOffs(tx, { onlyOpen: true })).length,
    unexplained: await unexplainedMoney(tx, today),
  };
}

/** Classes nobody has heard from, once their school's own limit is near or past. */
async function silentNow(
  tx: ReadTx,
  { today, now }: Visit,
  of: Omit<Parameters<typeof silentClasses>[1], "date">,
): Promise<Silent[]> {
  const { service, calendar, settings } = of;
  const cutoffs = settings.service(service.code, "cutoffs", today);
  const silent = (await silentClasses(tx, { ...of, date: today })).filter(({ siteId }) => {
    const limit = cutoffAt(cutoffs, "school", calendar.sites.get(siteId)?.name ?? "", today);
    return limit === null || isNear(limit, now);
  });
  return [silentText(silent, calendar) ?? []].flat();
}

/** Classes whose roll call has not come, each with its limit. */
function waitingClasses(
  { service, order }: ServiceBoard,
  calendar: TownCalendar,
  settings: DatedSettings,
): { classId: string; limit: Moment | null }[] {
  const cutoffs = settings.service(service.code, "cutoffs", order.date);
  return order.sites.flatMap(({ site, waitingClassIds }) =>
    waitingClassIds
      .filter((id) => calendar.classes.has(id))
      .map((classId) => ({ classId, limit: cutoffAt(cutoffs, "school", site.name, order.date) })),
  );
}

function serviceSection(board: ServiceBoard, index: number, now: Moment): Html {
  const { counts, service } = board;
  const id = `pasti-${index + 1}`;
  const sum = (pick: (count: SiteCount) => number): number =>
    counts.reduce((total, count) => total + pick(count), 0);
  const open = counts.filter(({ closed }) => closed === null);
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${service.name} di oggi</h2>
    ${
      counts.length === 0
        ? emptyState({ text: "Oggi nessuna scuola resta a mensa." })
        : html`${figures([
              { label: "Attesi", value: sum((row) => row.expected), tone: "strong" },
              { label: "Disdetti", value: sum((row) => row.cancelled) },
              { label: "In bianco", value: sum((row) => row.plain) },
              { label: "Diete", value: sum((row) => row.diets) },
            ])}
            ${dataTable({
              caption: `${service.name} di oggi per scuola`,
              captionHidden: true,
              columns: [
                { label: "Scuola", header: true },
                { label: "Attesi", align: "end" },
                { label: "Disdetti", align: "end" },
                { label: "In bianco", align: "end" },
                { label: "Diete", align: "end" },
              ],
              rows: counts.map(countRow),
              foot: ["Totale", ...totals(open)],
            })}
            <p>
              ${orderSentence(board.order, now)} <a href="/cucina">Apri l'ordine della cucina</a>
            </p>`
    }
  </section>`;
}

const countRow = (count: SiteCount): Content[] =>
  count.closed === null
    ? [count.name, count.expected, count.cancelled, count.plain, count.diets]
    : [
        count.name,
        stateBadge("closed", { size: "small", word: `Chiuso: ${count.closed}` }),
        "",
        "",
        "",
      ];

const totals = (counts: readonly SiteCount[]): number[] =>
  (["expected", "cancelled", "plain", "diets"] as const).map((key) =>
    counts.reduce((sum, count) => sum + count[key], 0),
  );

/** `Ordine bloccato alle 9:05.` or when it will be; schools may freeze at different times. */
function orderSentence(order: KitchenOrder, now: Moment): string {
  const f = formats("it");
  const sites = order.sites.filter(({ closed }) => closed === null);
  const waiting = sites.filter(({ frozen }) => frozen === null);
  if (sites.length === 0) return "Nessun ordine per oggi.";
  if (waiting.length === 0) {
    const last = sites
      .map(({ frozen }) => frozen!.frozenAt)
      .sort(Temporal.Instant.compare)
      .at(-1)!;
    const changes = sites.reduce((sum, site) => sum + site.differences.length, 0);
    const after = changes === 0 ? "" : ` Differenze dopo il blocco: ${changes}.`;
    return `Ordine bloccato alle ${f.time(last)}.${after}`;
  }
  const next = waiting.map(({ freezesAt }) => freezesAt).sort(Temporal.Instant.compare)[0]!;
  if (!isMomentAfter(next, now)) return "Il limite è passato: l'ordine si blocca fra poco.";
  const minutes = Math.ceil(now.until(next, { largestUnit: "minutes" }).total("minutes"));
  return `Ordine bloccato fra ${f.minutes(minutes)}.`;
}
