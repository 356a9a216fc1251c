// SPDX-License-Identifier: EUPL-1.2
import { attributes, html, type Content, type Html } from "#kernel/html.ts";
import type { Lang } from "#kernel/i18n.ts";
import { asset } from "./assets.ts";
import { alert, errorSummary, type FieldError, type Tone } from "./components/feedback.ts";
import { actionForm } from "./components/forms.ts";
import { icon, type IconName } from "./components/icon.ts";
import { words } from "./words/index.ts";

export type Surface = "portal" | "office" | "school" | "kitchen" | "public";

export interface NavItem {
  readonly id: string;
  readonly label: string;
  readonly href: string;
  readonly icon?: IconName | undefined;
  /** unread messages, things to do */
  readonly count?: number | undefined;
}

export interface Town {
  /** without `Comune di` */
  readonly name: string;
  readonly phone?: string | null | undefined;
  /** `Ufficio scuola` */
  readonly officeName?: string | undefined;
}

export interface Strip {
  readonly kind: "desk" | "delegate" | "demo";
  readonly text: Content;
  /** e.g. `actionForm` `Chiudi lo sportello` */
  readonly action?: Content;
}

export interface PageOptions {
  readonly surface: Surface;
  readonly h1: string;
  /** in the browser's title instead of the h1 */
  readonly title?: string | undefined;
  /** under the h1: date and cut-off sentence */
  readonly lead?: Content;
  /** beside the h1 on the desktop: `Stampa`, `Chiudi scuole…` */
  readonly headActions?: Content;
  /** `‹ Torna a Oggi`, above the h1 */
  readonly back?: { readonly href: string; readonly label: string } | undefined;
  /** absent on pages of no town (the list of towns) */
  readonly town: Town | null;
  readonly nav?: { readonly current: string | null; readonly items: readonly NavItem[] } | undefined;
  readonly actor?: {
    readonly name: string;
    readonly role?: string | undefined;
    /** POST that ends the session */
    readonly signOut?: { readonly action: string; readonly csrf: string } | undefined;
  } | null;
  readonly lang?: Lang | undefined;
  /** the same page in other languages */
  readonly languages?: readonly { readonly lang: Lang; readonly href: string }[] | undefined;
  /** of the Content-Security-Policy header */
  readonly nonce: string;
  readonly body: Content;
  /** the portal's bottom bar on phones (default: portal only) */
  readonly phoneBar?: boolean | undefined;
  readonly strips?: readonly Strip[] | undefined;
  /** after a POST: said once on the page it led to */
  readonly flash?: { readonly tone: Tone; readonly text: Content; readonly action?: Content } | null | undefined;
  /** the h1 takes the focus: after a POST */
  readonly focusHeading?: boolean | undefined;
  readonly errors?: readonly FieldError[] | undefined;
  /** a page made for paper: no navigation on the screen either */
  readonly print?: boolean | undefined;
  /** wide content on the desktop (tables, boards); text pages stay narrow */
  readonly wide?: boolean | undefined;
  /** instead of the default search box slot in the office header */
  readonly headerTools?: Content;
}

/** The portal's five places; `Calendario` opens the child seen last. */
export function portalNav(current: string | null, options: { readonly lang?: Lang; readonly unread?: number; readonly calendarHref?: string } = {}): NonNullable<PageOptions["nav"]> {
  const w = words(options.lang ?? "it");
  return {
    current,
    items: [
      { id: "today", label: w.nav.today, href: "/oggi", icon: "it-check-circle" },
      { id: "calendar", label: w.nav.calendar, href: options.calendarHref ?? "/calendario", icon: "it-calendar" },
      { id: "payments", label: w.nav.payments, href: "/pagamenti", icon: "it-card" },
      { id: "messages", label: w.nav.messages, href: "/messaggi", icon: "it-mail", ...(options.unread ? { count: options.unread } : {}) },
      { id: "more", label: w.nav.more, href: "/altro", icon: "it-more-items" },
    ],
  };
}

/** The whole document. Without JavaScript all of it works; scripts only enhance. */
export function page(options: PageOptions): Html {
  const lang = options.lang ?? "it";
  const w = words(lang);
  const errors = options.errors ?? [];
  const title = [options.title ?? options.h1, w.product, options.town && w.townTitle(options.town.name)]
    .filter(Boolean)
    .join(" - ");
  const bar = options.phoneBar ?? (options.surface === "portal" && options.nav !== undefined);
  const classes = `surface-${options.surface}${bar ? " has-bar" : ""}${options.print ? " for-print" : ""}`;
  return html`<!DOCTYPE html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<meta name="theme-color" content="#0059b3">
<meta name="format-detection" content="telephone=no">
<title>${errors.length > 0 ? w.titleError(title) : title}</title>
<link rel="preload" href="${asset("titillium-400.woff2")}" as="font" type="font/woff2" crossorigin>
<link rel="stylesheet" href="${asset("campanella.css")}">
<link rel="icon" href="${asset("bell.svg")}" type="image/svg+xml">
<script type="module" src="${asset(`${options.surface}.js`)}" nonce="${options.nonce}"></script>
</head>
<body class="${classes}" data-sending="${w.sending}" data-close="${w.close}">
<a class="skip" href="#main">${w.skip}</a>
${!options.print && header(options, lang)}${(options.strips ?? []).map((item) => strip(item, lang))}
<div class="strip strip-offline" role="status" data-offline="${offlineText(options, lang)}"></div>
<main id="main" tabindex="-1" class="${options.wide ? "main main-wide" : "main"}">
${options.back && html`<p class="back"><a href="${options.back.href}">${icon("it-chevron-left", "small")}<span>${options.back.label}</span></a></p>`}
<div class="${options.print ? "visually-hidden" : "page-head"}"><div><h1 ${attributes({ tabindex: "-1", "data-focus": options.focusHeading === true && errors.length === 0 })}>${options.h1}</h1>${
    options.lead && html`<p class="lead-text">${options.lead}</p>`
  }</div>${options.headActions && html`<div class="button-row page-actions">${options.headActions}</div>`}</div>
${errorSummary(errors, lang)}${options.flash && alert({ tone: options.flash.tone, title: options.flash.text, actions: options.flash.action, live: true })}
${options.body}
</main>
${!options.print && footer(options, lang)}${bar && !options.print && phoneBar(options, lang)}
</body>
</html>`;
}

function offlineText(options: PageOptions, lang: Lang): string {
  const w = words(lang);
  return options.surface === "portal" ? w.offline(options.town?.phone ?? null) : w.offlineStaff;
}

const strip = (item: Strip, lang: Lang): Html =>
  html`<section class="strip strip-${item.kind}" aria-label="${words(lang).strips[item.kind]}"><div class="strip-inside">${icon(item.kind === "demo" ? "it-info-circle" : item.kind === "desk" ? "it-user" : "it-key")}<p>${item.text}</p>${item.action}</div></section>`;

function header(options: PageOptions, lang: Lang): Html {
  const w = words(lang);
  const home = options.nav?.items[0]?.href ?? "/";
  return html`<header class="top"><div class="top-inside">
<a class="brand" href="${home}">${icon("campanella", "large")}<span class="brand-words"><span class="brand-town">${options.town ? w.townTitle(options.town.name) : "Campanella"}</span><span class="brand-product">${w.product}</span></span></a>
${options.headerTools && html`<div class="top-tools">${options.headerTools}</div>`}
${person(options, lang)}</div>
${options.nav && options.nav.items.length > 0 && navigation(options, lang)}</header>`;
}

function person(options: PageOptions, lang: Lang): Content {
  const w = words(lang);
  const languages = (options.languages ?? []).filter((item) => item.lang !== lang);
  const switchTo = languages.map(
    (item) => html`<a class="top-link" href="${item.href}" ${attributes({ lang: item.lang, hreflang: item.lang })}>${words(item.lang).languageName}</a>`,
  );
  if (!options.actor) return languages.length > 0 && html`<div class="person">${switchTo}</div>`;
  const { actor } = options;
  return html`<details class="person"><summary><span class="visually-hidden">${w.signedInAs("")}</span>${icon("it-user")}<span class="person-name">${actor.name}</span>${icon("it-expand", "small")}</summary><div class="person-menu"><p>${w.signedInAs(actor.name)}${actor.role && html`<span class="quiet"> · ${actor.role}</span>`}</p>${switchTo}${
    actor.signOut && actionForm({ ...actor.signOut, label: w.signOut, kind: "secondary", icon: "it-logout", wide: true })
  }</div></details>`;
}

function navLinks(options: PageOptions, withIcons: boolean): Html {
  return html`<ul>${(options.nav?.items ?? []).map(
    (item) =>
      html`<li><a href="${item.href}" ${attributes({ "aria-current": item.id === options.nav?.current ? "page" : null })}>${withIcons && item.icon && icon(item.icon)}<span>${item.label}</span>${item.count !== undefined && html`<span class="nav-count">${item.count}</span>`}</a></li>`,
  )}</ul>`;
}

/** Desktop: a row of links. Phone: the portal has its bottom bar, the others a `<details>` menu. */
function navigation(options: PageOptions, lang: Lang): Html {
  const w = words(lang);
  const row = html`<nav class="nav-row" aria-label="${w.mainNavigation}">${navLinks(options, false)}</nav>`;
  if (options.surface === "portal") return row;
  if ((options.nav?.items.length ?? 0) < 2) return html`<div class="nav-single">${row}</div>`;
  return html`${row}<details class="nav-fold"><summary>${icon("it-burger")}<span>${w.menu}</span></summary><nav aria-label="${w.quickNavigation}">${navLinks(options, true)}</nav></details>`;
}

function phoneBar(options: PageOptions, lang: Lang): Html {
  return html`<nav class="phone-bar" aria-label="${words(lang).quickNavigation}">${navLinks(options, true)}</nav>`;
}

function footer(options: PageOptions, lang: Lang): Html {
  const w = words(lang);
  const phone = options.town?.phone;
  return html`<footer class="foot"><div class="foot-inside"><div><p class="foot-town">${icon("campanella")}${options.town ? w.townTitle(options.town.name) : "Campanella"}</p>${
    phone && html`<p>${options.town?.officeName ?? w.footer.contact}: <a href="tel:${phone.replace(/[^+\d]/g, "")}">${phone}</a></p>`
  }</div><nav aria-label="${w.footer.label}"><ul><li><a href="/accessibilita">${w.footer.accessibility}</a></li><li><a href="/privacy">${w.footer.privacy}</a></li><li><a href="/note-legali">${w.footer.legal}</a></li><li><a href="/aiuto">${w.footer.help}</a></li>${
    options.town && html`<li><a href="/verifica">${w.footer.verify}</a></li>`
  }</ul></nav></div></footer>`;
}
