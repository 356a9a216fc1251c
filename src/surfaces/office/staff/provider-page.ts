// SPDX-License-Identifier: EUPL-1.2
import {
  disableProvider,
  enableProvider,
  providerVersions,
  saveProvider,
  type ServiceProviderVersion,
} from "#identity";
import { html, type Html } from "#kernel/html.ts";
import { actionForm, alert, definitionList } from "#ui/components.ts";
import { type CheckedProvider, checkStaffProvider } from "../../../integrations/oidc/index.ts";
import { networkOf } from "../../web/oidc-party.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import { returnAddress, staffDoor } from "../../web/staff-provider.ts";
import { townOrigin } from "../../web/town-origin.ts";
import type { Visit } from "../../web/visit.ts";
import { answerSaved, basedOnOf, versionSection } from "../identity/provider-page.ts";
import { type FormState, officePage } from "../office-page.ts";
import { providerForm, readProvider, shownProvider, typedProvider } from "./provider-fields.ts";
import { STAFF_ACCESS, STAFF_PROVIDER } from "./staff-words.ts";

const PROTOCOL = "staff-oidc";
type Version = ServiceProviderVersion<typeof PROTOCOL>;
const VERSION_NOTE =
  "Un cambiamento è una versione nuova: finché non si attiva resta in uso quella di prima.";

const load = (visit: Visit): Promise<Version[]> =>
  visit.town.read((tx) => providerVersions(tx, PROTOCOL));

/** `/ufficio/impostazioni/personale/accesso/comune`: the municipality's own provider, for those who work here. */
export async function staffProviderPage(visit: Visit): Promise<Answer> {
  return page(visit, await load(visit), {});
}

function page(
  visit: Visit,
  versions: readonly Version[],
  { typed, checked }: { typed?: FormState; checked?: CheckedProvider },
): Html {
  const [newest] = versions;
  const baseUrl = newest?.settings.baseUrl ?? townOrigin(visit.app, visit.tenant);
  const values =
    typed?.values ??
    (newest
      ? shownProvider(newest.settings)
      : { indirizzo: baseUrl, etichetta: "l'account del Comune", claim: "email" });
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: "Account del Comune",
      back: { href: STAFF_ACCESS, label: "Come entra il personale" },
      errors: typed?.errors,
      lead: "Il sistema di accesso del Comune (OpenID Connect), per chi lavora con Campanella. I ruoli restano quelli dati qui: il provider dice solo chi è.",
      body: html`${checked && checkedAlert(checked)}
        <h2 class="section-title">Da registrare presso il provider</h2>
        ${definitionList([
          {
            label: "Redirect URI",
            value: html`<span class="wire">${returnAddress(baseUrl)}</span>`,
          },
          {
            label: "Come",
            value: "authorization code con PKCE (S256), scope openid profile email",
          },
        ])}
        <h2 class="section-title">Dati del provider</h2>
        ${providerForm(
          visit,
          { values, errors: typed?.errors ?? [] },
          { basedOn: newest?.version ?? 0, hasSecret: Boolean(newest?.sealedSecret) },
        )}
        ${newest && checkSection(visit)}
        ${
          versions.length > 0 && versionSection(visit, STAFF_PROVIDER, versions, true, VERSION_NOTE)
        }`,
    },
  );
}

const checkSection = (visit: Visit): Html =>
  html`<h2 class="section-title">Prova</h2>
    <p>
      Campanella chiede al provider i suoi indirizzi e le sue chiavi, e se conosce client e segreto
      dell'ultima versione salvata. Nessuno entra.
    </p>
    <div class="button-row">
      ${actionForm({
        action: `${STAFF_PROVIDER}/prova`,
        csrf: visit.csrf,
        label: "Prova il collegamento",
        kind: "secondary",
      })}
    </div>`;

const REFUSALS: Readonly<Record<string, string>> = {
  unreachable:
    "Il provider non si raggiunge: controllare l'indirizzo, e che da questo server si possa chiamarlo.",
  late: "Il provider non risponde in tempo: riprovare fra qualche minuto.",
  redirected: "L'indirizzo rimanda altrove: scrivere l'issuer definitivo.",
  oversize: "La risposta è troppo lunga: non è un provider OpenID Connect.",
  issuer: "Il provider si chiama in un altro modo: copiare l'issuer esatto, barra finale compresa.",
  address: "L'indirizzo non è un https pubblico.",
  "provider-unable": "Al provider manca qualcosa che serve",
};

function checkedAlert(checked: CheckedProvider): Html {
  if (checked.outcome === "refused") {
    const why = REFUSALS[checked.reason] ?? "A quell'indirizzo non risponde un provider.";
    const detail = checked.reason === "provider-unable" ? `: ${checked.detail}` : "";
    return alert({ tone: "warning", title: "La prova non è riuscita", body: why + detail });
  }
  const isFine = checked.hasKeys && checked.client === "known";
  return alert({
    tone: isFine ? "success" : "warning",
    title: isFine ? "La prova è riuscita" : "La prova è riuscita solo in parte",
    body: html`<ul>
      <li>Il provider risponde ed è quello dichiarato.</li>
      <li>
        ${checked.hasKeys ? "Pubblica le chiavi delle sue firme." : "Non pubblica chiavi utilizzabili per le firme."}
      </li>
      <li>${CLIENT_WORDS[checked.client]}</li>
    </ul>`,
  });
}

const CLIENT_WORDS: Readonly<
  Record<Extract<CheckedProvider, { client: string }>["client"], string>
> = {
  known: "Conosce client e segreto.",
  refused: "Non riconosce client o segreto.",
  unknown: "Non ha detto se conosce client e segreto: lo dirà il primo accesso.",
};

/** POST `…/accesso/comune`: a draft; what is in use stays in use. */
export async function saveStaffProvider(visit: Visit): Promise<Answer> {
  const { actor, now, app } = visit;
  if (!actor) return notFound;
  const versions = await load(visit);
  const values = typedProvider(visit);
  const again = async (status: 409 | 422, errors: FormState["errors"]): Promise<Answer> =>
    withStatus(status, page(visit, await load(visit), { typed: { values, errors } }));
  // The secret of one provider is not told to another one.
  const isSameIssuer = versions[0]?.settings.issuer === values["issuer"];
  const hasSecret = isSameIssuer && Boolean(versions[0]?.sealedSecret);
  const read = readProvider(values, { outside: networkOf(visit), hasSecret });
  if ("errors" in read) return again(422, read.errors);
  const basedOn = basedOnOf(visit);
  const saved = await visit.town.write((tx) =>
    saveProvider(tx, {
      ...{ actor, protocol: PROTOCOL, settings: read.settings, sealKey: app.sealKey, now },
      ...(read.secret === null ? {} : { secret: read.secret }),
      ...(basedOn === undefined ? {} : { basedOn }),
    }),
  );
  return answerSaved(saved, { page: STAFF_PROVIDER, next: "Si prova, poi si attiva.", again });
}

/** POST `…/accesso/comune/prova` */
export async function checkProviderNow(visit: Visit): Promise<Answer> {
  const door = await staffDoor(visit, "latest");
  if (!door) return seeOther(STAFF_PROVIDER, "Prima si salvano i dati.");
  const { client, redirectUri } = door;
  const checked = await checkStaffProvider(client, { redirectUri, outside: networkOf(visit) });
  return page(visit, await load(visit), { checked });
}

/** POST `…/accesso/comune/attiva` */
export async function enableStaffProvider(visit: Visit): Promise<Answer> {
  const { actor, now } = visit;
  if (!actor) return notFound;
  const version = Number(visit.fields.text("versione"));
  const said = await visit.town.write(async (tx) => {
    const wanted = (await providerVersions(tx, PROTOCOL)).find((one) => one.version === version);
    if (!wanted?.sealedSecret) return "Prima servono i dati e il segreto del client.";
    await enableProvider(tx, { actor, protocol: PROTOCOL, version, now });
    return `La versione ${version} è attiva: il pulsante è alla pagina di accesso.`;
  });
  return seeOther(STAFF_PROVIDER, said);
}

/** POST `…/accesso/comune/disattiva` */
export async function disableStaffProvider(visit: Visit): Promise<Answer> {
  const { actor, now } = visit;
  if (!actor) return notFound;
  await visit.town.write((tx) => disableProvider(tx, { actor, protocol: PROTOCOL, now }));
  return seeOther(
    STAFF_PROVIDER,
    "L'account del Comune è disattivato: chi è già entrato continua, nessuno entra più così.",
  );
}
