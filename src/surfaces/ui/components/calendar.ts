// SPDX-License-Identifier: EUPL-1.2
import { attributes, html, type Content, type Html } from "#kernel/html.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import type { Day } from "#kernel/dates.ts";
import { words } from "../words/index.ts";
import { icon } from "./icon.ts";
import { stateIcon, stateWord, type State } from "./states.ts";

export interface CalendarDay {
  readonly date: Day;
  readonly state: State;
  /** the day's page; without it the cell is plain text */
  readonly href?: string | undefined;
  readonly today?: boolean | undefined;
  /** instead of the state's word */
  readonly word?: string | undefined;
  /** ends the accessible name: `modificabile fino alle 9:00`, `sciopero` */
  readonly detail?: string | undefined;
}

export interface MonthCalendarOptions {
  readonly month: Temporal.PlainYearMonth;
  /** any order; days that are missing show as empty, weekend days without a service are left out */
  readonly days: readonly CalendarDay[];
  /** a sixth column, only where Saturday is served */
  readonly saturday?: boolean | undefined;
  readonly previous?: { readonly href: string } | null | undefined;
  readonly next?: { readonly href: string } | null | undefined;
  /** `list` = `Vista elenco` */
  readonly view?: "grid" | "list" | undefined;
  /** `Novembre: 8 pasti, 36,80 €` */
  readonly sum?: Content;
  /** opens the day in a sheet when JavaScript is there (default true) */
  readonly sheet?: boolean | undefined;
  readonly lang?: Lang | undefined;
}

/**
 * The month of one child and service. A list in the markup (each day is one link with its whole name), drawn as a grid
 * Monday–Friday; with six columns below 480 px, at high zoom, or with `view: "list"`, as a list.
 */
export function monthCalendar(options: MonthCalendarOptions): Html {
  const lang = options.lang ?? "it";
  const w = words(lang);
  const f = formats(lang);
  const columns = options.saturday ? 6 : 5;
  const byDate = new Map(options.days.map((item) => [item.date.toString(), item]));
  const dates = Array.from({ length: options.month.daysInMonth }, (_, i) =>
    options.month.toPlainDate({ day: i + 1 }),
  );
  const shown = dates.filter((date) => date.dayOfWeek <= columns);
  const step = (way: "previous" | "next"): Html => {
    const month = options.month.add({ months: way === "next" ? 1 : -1 });
    const target = options[way];
    const mark = way === "next" ? icon("it-chevron-right") : icon("it-chevron-left");
    if (!target) return html`<span class="month-step"></span>`;
    const label = way === "next" ? w.nextMonth(f.month(month)) : w.previousMonth(f.month(month));
    const name = html`<span class="month-step-name" aria-hidden="true"
      >${f.monthName(month.month)}</span
    >`;
    return html`<a
      class="month-step month-step-${way}"
      href="${target.href}"
      rel="${way === "next" ? "next" : "prev"}"
      aria-label="${label}"
      >${way === "next" ? [name, mark] : [mark, name]}</a
    >`;
  };
  return html`<section
    class="month month-${options.view ?? "grid"} month-columns-${columns}"
    aria-labelledby="month-title"
  >
    <div class="month-head">
      ${step("previous")}
      <h2 id="month-title">${f.month(options.month)}</h2>
      ${step("next")}
    </div>
    <div class="month-weekdays" aria-hidden="true">
      ${Array.from({ length: columns }, (_, i) => html`<span>${f.weekdayShort(i + 1)}</span>`)}
    </div>
    <ol class="month-days" aria-label="${w.monthCalendar(f.month(options.month))}">
      ${shown.map((date) =>
        dayCell(date, byDate.get(date.toString()), lang, options.sheet ?? true),
      )}
    </ol>
    ${options.sum && html`<p class="month-sum">${options.sum}</p>`}
  </section>`;
}

/** Long words may break where a person would break them; the accessible name has them whole. */
const softened = (word: string): string => word.replace("prenotato", "preno\u00adtato");

function dayCell(date: Day, item: CalendarDay | undefined, lang: Lang, sheet: boolean): Html {
  const f = formats(lang);
  const w = words(lang);
  const place = `day-on-${date.dayOfWeek}`;
  // the visible words are the accessible name: "giovedì 26 novembre, presente, modificabile fino alle 9:00"
  const number = html`<span class="day-number"
    ><span class="day-weekday">${f.weekday(date.dayOfWeek)} </span>${date.day}<span
      class="visually-hidden"
    >
      ${f.monthName(date.month)},</span
    ></span
  >`;
  if (!item)
    return html`<li class="day day-empty ${place}"><span class="day-inside">${number}</span></li>`;
  const comma = html`<span class="visually-hidden">, </span>`;
  const word = softened((item.word ?? stateWord(item.state, lang)).toLowerCase());
  const inside = html`<span class="day-shown"
    ><span class="day-top">${number}${stateIcon(item.state, "small")}</span>
    <span class="day-word">${word}${(item.today || item.detail) && comma}</span>${
      item.today && html`<span class="day-today">${w.today}${item.detail && comma}</span>`
    }${item.detail && html`<span class="visually-hidden">${item.detail}</span>`}</span
  >`;
  const classes = `day day-${item.state} ${place}${item.today ? " day-is-today" : ""}`;
  const set = attributes({ href: item.href, "data-sheet": sheet });
  return html`<li class="${classes}">
    ${
      item.href === undefined
        ? html`<span class="day-inside">${inside}</span>`
        : html`<a class="day-inside" ${set}>${inside}</a>`
    }
  </li>`;
}
