// SPDX-License-Identifier: EUPL-1.2
/** What stands around the content: strips, header, navigation, bottom bar, footer. */
import { attributes, html, type Content, type Html } from "#kernel/html.ts";
import type { Lang } from "#kernel/i18n.ts";
import { actionForm } from "./components/forms.ts";
import { icon } from "./components/icon.ts";
import type { PageOptions, Strip } from "./page-options.ts";
import { words } from "./words/index.ts";

export const strip = (item: Strip, lang: Lang): Html =>
  html`<section class="strip strip-${item.kind}" aria-label="${words(lang).strips[item.kind]}">
    <div class="strip-inside">
      ${icon(item.kind === "demo" ? "it-info-circle" : item.kind === "desk" ? "it-user" : "it-key")}
      <p>${item.text}</p>
      ${item.action}
    </div>
  </section>`;

export function header(options: PageOptions, lang: Lang): Html {
  const w = words(lang);
  const home = options.nav?.items[0]?.href ?? "/";
  return html`<header class="top">
    <div class="top-inside">
      <a class="brand" href="${home}"
        >${icon("campanella", "large")}<span class="brand-words"
          ><span class="brand-town"
            >${options.town ? w.townTitle(options.town.name) : "Campanella"}</span
          ><span class="brand-product">${w.product}</span></span
        ></a
      >
      ${options.headerTools && html`<div class="top-tools">${options.headerTools}</div>`}
      ${person(options, lang)}
    </div>
    ${options.nav && options.nav.items.length > 0 && navigation(options, lang)}
  </header>`;
}

function person(options: PageOptions, lang: Lang): Content {
  const w = words(lang);
  const languages = (options.languages ?? []).filter((item) => item.lang !== lang);
  const switchTo = languages.map(
    (item) =>
      html`<a
        class="top-link"
        href="${item.href}"
        ${attributes({ lang: item.lang, hreflang: item.lang })}
        >${words(item.lang).languageName}</a
      >`,
  );
  if (!options.actor) return languages.length > 0 && html`<div class="person">${switchTo}</div>`;
  const { actor } = options;
  return html`<details class="person">
    <summary>
      <span class="visually-hidden">${w.signedInAs("")}</span>${icon("it-user")}<span
        class="person-name"
        >${actor.name}</span
      >${icon("it-expand", "small")}
    </summary>
    <div class="person-menu">
      <p>
        ${w.signedInAs(actor.name)}${actor.role && html`<span class="quiet"> · ${actor.role}</span>`}
      </p>
      ${switchTo}${(actor.links ?? []).map(
        ({ href, label }) => html`<a class="top-link" href="${href}">${label}</a>`,
      )}${
        actor.signOut &&
        actionForm({
          ...actor.signOut,
          label: w.signOut,
          kind: "secondary",
          icon: "it-logout",
          wide: true,
        })
      }
    </div>
  </details>`;
}

function navLinks(options: PageOptions, withIcons: boolean): Html {
  return html`<ul>
    ${(options.nav?.items ?? []).map(
      (item) =>
        html`<li>
          <a
            href="${item.href}"
            ${attributes({ "aria-current": item.id === options.nav?.current ? "page" : null })}
            >${withIcons && item.icon && icon(item.icon)}<span>${item.label}</span>${item.count !== undefined && html`<span class="nav-count">${item.count}</span>`}</a
          >
        </li>`,
    )}
  </ul>`;
}

/** Desktop: a row of links. Phone: the portal has its bottom bar, the others a `<details>` menu. */
function navigation(options: PageOptions, lang: Lang): Html {
  const w = words(lang);
  const row = html`<nav class="nav-row" aria-label="${w.mainNavigation}">
    ${navLinks(options, false)}
  </nav>`;
  if (options.surface === "portal") return row;
  if ((options.nav?.items.length ?? 0) < 2) return html`<div class="nav-single">${row}</div>`;
  return html`${row}
    <details class="nav-fold">
      <summary>${icon("it-burger")}<span>${w.menu}</span></summary>
      <nav aria-label="${w.quickNavigation}">${navLinks(options, true)}</nav>
    </details>`;
}

export function phoneBar(options: PageOptions, lang: Lang): Html {
  return html`<nav class="phone-bar" aria-label="${words(lang).quickNavigation}">
    ${navLinks(options, true)}
  </nav>`;
}

export function footer(options: PageOptions, lang: Lang): Html {
  const w = words(lang);
  const phone = options.town?.phone;
  return html`<footer class="foot">
    <div class="foot-inside">
      <div>
        <p class="foot-town">
          ${icon("campanella")}${options.town ? w.townTitle(options.town.name) : "Campanella"}
        </p>
        ${
          phone &&
          html`<p>
            ${options.town?.officeName ?? w.footer.contact}:
            <a href="tel:${phone.replace(/[^+\d]/g, "")}">${phone}</a>
          </p>`
        }
      </div>
      ${
        options.town &&
        html`<nav aria-label="${w.footer.label}">
          <ul>
            <li><a href="/accessibilita">${w.footer.accessibility}</a></li>
            <li><a href="/privacy">${w.footer.privacy}</a></li>
            <li><a href="/note-legali">${w.footer.legal}</a></li>
            <li><a href="/aiuto">${w.footer.help}</a></li>
            <li><a href="/verifica">${w.footer.verify}</a></li>
          </ul>
        </nav>`
      }
    </div>
  </footer>`;
}
