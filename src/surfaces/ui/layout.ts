// SPDX-License-Identifier: EUPL-1.2
import { attributes, html, type Html } from "#kernel/html.ts";
import type { Lang } from "#kernel/i18n.ts";
import { asset } from "./assets.ts";
import { alert, errorSummary } from "./components/feedback.ts";
import { icon } from "./components/icon.ts";
import { footer, header, phoneBar, strip } from "./frame.ts";
import type { PageOptions } from "./page-options.ts";
import { words } from "./words/index.ts";

export type { NavItem, PageOptions, Strip, Surface, Town } from "./page-options.ts";

/** The portal's five places; `Calendario` opens the child seen last. */
export function portalNav(
  current: string | null,
  options: {
    readonly lang?: Lang;
    readonly unread?: number;
    readonly toPay?: number;
    readonly calendarHref?: string;
    /** default: yes; not for a delegate who may see none */
    readonly withPayments?: boolean;
    /** default: yes; a delegate is told nothing by the town (BO-23) */
    readonly withMessages?: boolean;
  } = {},
): NonNullable<PageOptions["nav"]> {
  const w = words(options.lang ?? "it");
  return {
    current,
    items: [
      { id: "today", label: w.nav.today, href: "/oggi", icon: "it-check-circle" },
      {
        id: "calendar",
        label: w.nav.calendar,
        href: options.calendarHref ?? "/calendario",
        icon: "it-calendar",
      },
      ...(options.withPayments === false
        ? []
        : [
            {
              id: "payments",
              label: w.nav.payments,
              href: "/pagamenti",
              icon: "it-card",
              ...(options.toPay ? { count: options.toPay } : {}),
            } as const,
          ]),
      ...(options.withMessages === false
        ? []
        : [
            {
              id: "messages",
              label: w.nav.messages,
              href: "/messaggi",
              icon: "it-mail",
              ...(options.unread ? { count: options.unread } : {}),
            } as const,
          ]),
      { id: "more", label: w.nav.more, href: "/altro", icon: "it-more-items" },
    ],
  };
}

/** Of a town's portal: `surfaces/public/offline/app-manifest.ts`. */
export const APP_MANIFEST = "/app.webmanifest";

/** The whole document. Without JavaScript all of it works; scripts only enhance. */
export function page(options: PageOptions): Html {
  const lang = options.lang ?? "it";
  const w = words(lang);
  const errors = options.errors ?? [];
  const parts = [
    options.title ?? options.h1,
    w.product,
    options.town && w.townTitle(options.town.name),
  ];
  const title = [...new Set(parts.filter(Boolean))].join(" - ");
  const bar = options.phoneBar ?? (options.surface === "portal" && options.nav !== undefined);
  const classes = `surface-${options.surface}${bar ? " has-bar" : ""}${options.print ? " for-print" : ""}`;
  return html`<!DOCTYPE html>
    <html lang="${lang}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light" />
        <meta name="theme-color" content="#0059b3" />
        <meta name="format-detection" content="telephone=no" />
        <title>${errors.length > 0 ? w.titleError(title) : title}</title>
        <link
          rel="preload"
          href="${asset("titillium-400.woff2")}"
          as="font"
          type="font/woff2"
          crossorigin
        />
        <link rel="stylesheet" href="${asset("campanella.css")}" />
        <link rel="icon" href="${asset("bell.svg")}" type="image/svg+xml" />
        ${appLink(options)}
        <script
          type="module"
          src="${asset(`${options.surface}.js`)}"
          nonce="${options.nonce}"
        ></script>
      </head>
      <body class="${classes}" data-sending="${w.sending}" data-close="${w.close}">
        <a class="skip" href="#main">${w.skip}</a>
        ${!options.print && header(options, lang)}${(options.strips ?? []).map((item) => strip(item, lang))}
        <div
          class="strip strip-offline"
          role="status"
          data-offline="${offlineText(options, lang)}"
        ></div>
        ${!options.print && options.town && html`<p class="letterhead print-only">${w.townTitle(options.town.name)} · ${options.town.officeName ?? w.product}</p>`}
        <main id="main" tabindex="-1" class="${options.wide ? "main main-wide" : "main"}">
          ${
            options.back &&
            html`<p class="back">
              <a href="${options.back.href}"
                >${icon("it-chevron-left", "small")}<span>${options.back.label}</span></a
              >
            </p>`
          }
          <div class="${options.print ? "visually-hidden" : "page-head"}">
            <div>
              <h1
                ${attributes({ tabindex: "-1", lang: options.h1Lang, "data-focus": options.focusHeading === true && errors.length === 0 })}
              >
                ${options.h1}
              </h1>
              ${options.lead && html`<p class="lead-text">${options.lead}</p>`}
            </div>
            ${options.headActions && html`<div class="button-row page-actions">${options.headActions}</div>`}
          </div>
          ${errorSummary(errors, lang)}${options.flash && alert({ tone: options.flash.tone, title: options.flash.text, actions: options.flash.action, live: true })}
          ${options.body}
        </main>
        ${!options.print && footer(options, lang)}${bar && !options.print && phoneBar(options, lang)}
      </body>
    </html>`;
}

/** Only a family's pages are an app. */
const appLink = ({ surface }: PageOptions): Html | null =>
  surface === "portal" ? html`<link rel="manifest" href="${APP_MANIFEST}" />` : null;

function offlineText(options: PageOptions, lang: Lang): string {
  const w = words(lang);
  return options.surface === "portal" ? w.offline(options.town?.phone ?? null) : w.offlineStaff;
}
