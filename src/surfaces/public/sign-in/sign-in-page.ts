// SPDX-License-Identifier: EUPL-1.2
import { type Account, demoAccounts } from "#identity";
import type { Role } from "#kernel/actor.ts";
import { attributes, html, type Content, type Html } from "#kernel/html.ts";
import { datedSettings, type TownSettings } from "#tenancy";
import { actionForm, alert, form, linkButton, linkList } from "#ui/components.ts";
import type { FieldError } from "#ui/components/feedback.ts";
import { JOIN_PAGE } from "../account/means-page.ts";
import { doorsOf, type Doors, identityButtons, joinedFederations } from "../federation/buttons.ts";
import { staffButton, staffProviderOf } from "../federation/staff-oidc/door.ts";
import { publicPage } from "../public-page.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { AREAS, areasOf, returnPath } from "./areas.ts";
import { credentialFields } from "./credential-fields.ts";
import { passkeyDoor } from "./passkey-door.ts";
import { words } from "./words.ts";

type Means = TownSettings["login"]["portal"];
type Persona = Account & { roles: Role[] };

export interface SignInView {
  readonly errors?: readonly FieldError[];
  readonly username?: string;
  /** in place of the form's own errors: too many attempts, means not admitted */
  readonly refused?: string;
  readonly status?: number;
}

/** `/accedi`: personas in demo mode, otherwise user code and password. */
export async function signInPage(visit: Visit, view: SignInView = {}): Promise<Answer> {
  const { means, personas, joined, atWork } = await visit.town.read(async (tx) => ({
    means: (await datedSettings(tx)).town("login", visit.today).portal,
    personas: visit.app.demo ? await demoAccounts(tx) : [],
    joined: await joinedFederations(tx),
    atWork: await staffProviderOf(tx),
  }));
  const doors = await doorsOf(visit, joined, means);
  const wanted = returnPath(visit.query["poi"] ?? visit.fields.text("poi"));
  const w = words(visit.lang);
  const page = publicPage(visit, {
    current: "enter",
    h1: w.title,
    lead: wanted === null ? null : wanted === JOIN_PAGE ? w.joinFirst : w.resumes,
    errors: view.errors,
    body: html`${view.refused && alert({ tone: "warning", title: view.refused, body: w.nothingChanged })}${signedIn(visit)}${identityButtons(visit, doors, wanted)}${passkeyDoor(visit, wanted)}${
      visit.app.demo
        ? demoAccess(visit, personas, wanted, view, means)
        : realAccess(visit, wanted, view, means, doors)
    }${staffButton(visit, atWork, wanted)}`,
  });
  return view.status === undefined ? page : withStatus(view.status, page);
}

function signedIn(visit: Visit): Content {
  const w = words(visit.lang);
  const [area] = areasOf(visit.session?.roles ?? []);
  // Without a role there is nowhere to go on to.
  if (!visit.session || !area) return null;
  return alert({
    tone: "info",
    title: w.active(visit.session.row.displayName),
    actions: linkButton({ href: area.home, label: w.goOn }),
  });
}

function demoAccess(
  visit: Visit,
  personas: readonly Persona[],
  wanted: string | null,
  view: SignInView,
  means: Means,
): Html {
  const w = words(visit.lang);
  const groups = AREAS.toReversed().map((area) => ({
    ...area,
    people: personas.filter((person) => areasOf(person.roles)[0] === area),
  }));
  return html`${alert({
      tone: "info",
      title: w.demo,
      body: w.demoWhy,
    })}
    ${personas.length === 0 && html`<p class="lead-text">${w.noPersonas}</p>`}
    <div class="panels">
      ${groups.map(
        ({ role, people }) =>
          people.length > 0 &&
          html`<section class="panel">
            <div class="panel-head">
              <h2 class="card-heading">${w.groups[role]}</h2>
            </div>
            ${people.map((person) =>
              actionForm({
                action: "/accedi/persona",
                csrf: visit.csrf,
                fields: { persona: person.id, poi: wanted },
                label: [person.displayName, person.hint].filter(Boolean).join(", "),
                kind: "secondary",
                icon: "it-user",
                wide: true,
              }),
            )}
          </section>`,
      )}
    </div>
    <details class="more" ${view.errors || view.refused ? OPEN : null}>
      <summary>${w.credentials}</summary>
      ${credentialsForm(visit, wanted, view, means)}
    </details>`;
}

const OPEN = attributes({ open: true });

function realAccess(
  visit: Visit,
  wanted: string | null,
  view: SignInView,
  means: Means,
  { open, closed }: Doors,
): Html {
  const w = words(visit.lang);
  const announced = closed.map((way) => way.toUpperCase());
  return html`${
    announced.length > 0 &&
    alert({
      tone: "info",
      title: w.notYet(announced.join(w.and)),
      body: means.includes("credentials")
        ? w.alsoCredentials
        : open.length > 0
          ? w.otherWayOpen
          : w.onlyThese,
    })
  }
  ${credentialsForm(visit, wanted, view, means)}`;
}

function credentialsForm(
  visit: Visit,
  wanted: string | null,
  view: SignInView,
  means: Means,
): Html {
  const { office, login } = visit.townSettings;
  const w = words(visit.lang);
  const { lang } = visit;
  const isPerChild = means.includes("credentials") && login.credentialsPer === "child";
  const errors = view.errors ?? [];
  return html`<section class="panel">
      <div class="panel-head"><h2 class="card-heading">${w.credentials}</h2></div>
      ${!means.includes("credentials") && html`<p>${w.staffOnly}</p>`}
      ${form({
        action: "/accedi",
        csrf: visit.csrf,
        fields: { poi: wanted },
        body: credentialFields({
          ...{ lang, labels: w, username: view.username ?? "", isOwn: true, errors },
        }),
        submit: { label: w.submit },
      })}
    </section>
    ${linkList([
      ...(means.includes("credentials") ? [{ href: "/accedi/recupero", label: w.recover }] : []),
      ...(isPerChild ? [{ href: JOIN_PAGE, label: w.join }] : []),
      { href: "/accedi/attiva", label: w.activate },
    ])}
    <p>
      ${w.forgotten}
      ${office.name}${office.phones[0] && html`, ${w.phone} <strong>${office.phones[0]}</strong>`}.
      <a href="/sportello">${w.hours}</a>
    </p>`;
}

/** `/accedi/ruolo`: one person, several roles. */
export function choosePage(visit: Visit): Answer {
  if (!visit.session) return seeOther("/accedi");
  const w = words(visit.lang);
  const areas = areasOf(visit.session.roles);
  if (areas.length === 0) return notFound;
  return publicPage(visit, {
    current: null,
    h1: w.whichRole,
    body: html`<div class="button-row">
      ${areas.map(({ role, home }) => linkButton({ href: home, label: w.areas[role] }))}
    </div>`,
  });
}
