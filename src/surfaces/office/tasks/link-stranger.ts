// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import { classesOn } from "#enrolment";
import {
  adultToLink,
  familyToLink,
  type LinkedStranger,
  linkMatches,
  linkStranger,
  refuseLink,
} from "#families";
import { type Stranger, strangerById } from "#identity";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import type { FieldError } from "#ui/components.ts";
import { isUuid } from "#kernel/ids.ts";
import { planEmails } from "#messaging";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { classLabel } from "../words.ts";
import {
  type Chosen,
  LINKS,
  linkView,
  type Loaded,
  LONGEST_REASON,
  MIN_REASON,
  searchedIn,
} from "./link-view.ts";

/** What was chosen on the page before: somebody the town knows, or a child that it knows. */
async function choose(
  tx: ReadTx,
  visit: Visit,
  of: { adultId: string; childId: string },
): Promise<Chosen | null> {
  const { adultId, childId } = of;
  if (isUuid(adultId)) {
    const found = await adultToLink(tx, { personId: adultId, date: visit.today });
    return found && { kind: "adult", ...found };
  }
  const family = isUuid(childId) && (await familyToLink(tx, { childId, date: visit.today }));
  return family ? { kind: "parent", childId, family } : null;
}

async function load(
  tx: ReadTx,
  visit: Visit,
  of: { adultId: string; childId: string },
): Promise<Loaded | null> {
  const id = visit.params["id"] ?? "";
  const stranger = isUuid(id) ? await strangerById(tx, id) : undefined;
  if (!stranger) return null;
  const text = searchedIn(visit);
  const isOpen = stranger.answeredAt === null;
  const matches = isOpen
    ? await linkMatches(tx, { stranger, text, date: visit.today })
    : { children: [], adults: [] };
  const calendar = await townCalendar(tx);
  const classes = await classesOn(
    tx,
    matches.children.map(({ id }) => id),
    visit.today,
  );
  return {
    ...{ stranger, text, matches },
    classOf: (childId) => classLabel(calendar, classes.get(childId)),
    chosen: isOpen ? await choose(tx, visit, of) : null,
  };
}

/** `/ufficio/compiti/collegamenti/{id}?bambino=`: a verified identity that nobody knows; whose parent is it? (OS-03) */
export async function strangerPage(visit: Visit): Promise<Answer> {
  const { adulto = "", bambino = "" } = visit.query;
  const loaded = await visit.town.read((tx) =>
    load(tx, visit, { adultId: adulto, childId: bambino }),
  );
  return loaded ? linkView(visit, loaded, []) : notFound;
}

/** POST: tied to that person, or written down as a parent of those children; or refused. Each with a reason. */
export async function answerStrangerNow(visit: Visit): Promise<Answer> {
  const { actor, fields } = visit;
  if (!actor) return notFound;
  const isRefusal = fields.text("esito") === "rifiuta";
  const reasonField = isRefusal ? "rifiuto" : "motivo";
  // By characters: half of one is no text.
  const reason = Array.from(fields.text(reasonField)).slice(0, LONGEST_REASON).join("");
  return visit.town.write(async (tx): Promise<Answer> => {
    const of = { adultId: fields.text("adulto"), childId: fields.text("bambino") };
    const loaded = await load(tx, visit, of);
    if (!loaded) return notFound;
    const wrong = (field: string, message: string): Answer =>
      withStatus(422, linkView(visit, loaded, [{ field, message }] satisfies FieldError[]));
    if (reason.length < MIN_REASON)
      return wrong(
        reasonField,
        isRefusal ? "Scrivere il motivo." : "Scrivere come è stata riconosciuta la persona.",
      );
    if (isRefusal) return refuse(tx, visit, { actor, id: loaded.stranger.id, reason });
    const { chosen } = loaded;
    if (!chosen) return seeOther(`${LINKS}/${loaded.stranger.id}`, "Scegliere prima la famiglia.");
    const known = chosen.kind === "parent" ? chosen.family.children.map(({ id }) => id) : [];
    const childIds = fields.all("figli").filter((id) => known.includes(id));
    if (chosen.kind === "parent" && childIds.length === 0)
      return wrong("figli", "Scegliere almeno un figlio.");
    const linked = await linkStranger(tx, {
      ...{ actor, reason, now: visit.now, id: loaded.stranger.id },
      target:
        chosen.kind === "adult"
          ? { kind: "adult", personId: chosen.adult.id }
          : { kind: "parent", childIds },
    });
    if (linked.outcome === "linked") await tell(tx, visit, linked.stranger, true);
    return answerOf(linked, wrong);
  });
}

function answerOf(
  linked: LinkedStranger,
  wrong: (field: string, message: string) => Answer,
): Answer {
  switch (linked.outcome) {
    case "linked":
      return seeOther(DONE, `${linked.name}: identità collegata. Vale dal prossimo accesso.`);
    case "not-waiting":
      return seeOther(DONE, "Qualcuno ha già risposto.");
    case "has-other-code":
      return wrong(
        "motivo",
        "Questa persona ha già un codice fiscale valido, diverso. Se è sbagliato, si corregge prima nella scheda della famiglia.",
      );
    case "taken":
      return wrong("motivo", "Questo codice fiscale è già di un'altra persona del Comune.");
    case "account-closed":
      return wrong("motivo", "L'accesso di questa identità è stato disattivato a mano.");
    case "unknown-person":
      return wrong("motivo", "Questa persona non è di nessuna famiglia.");
    case "not-allowed":
      return notFound;
  }
}

const DONE = "/ufficio/compiti#collegamenti";

async function refuse(
  tx: WriteTx,
  visit: Visit,
  of: Pick<Parameters<typeof refuseLink>[1], "actor" | "id" | "reason">,
): Promise<Answer> {
  const refused = await refuseLink(tx, { ...of, now: visit.now });
  switch (refused.outcome) {
    case "refused":
      await tell(tx, visit, refused.stranger, false);
      return seeOther(DONE, "Richiesta rifiutata. Il motivo si legge al prossimo accesso.");
    case "not-waiting":
      return seeOther(DONE, "Qualcuno ha già risposto.");
    case "not-allowed":
      return notFound;
  }
}

/** To the address in the request, if there is one. It names nobody; the reason is read behind the sign-in. */
async function tell(
  tx: WriteTx,
  visit: Visit,
  { id, asked, askedAt }: Stranger,
  isLinked: boolean,
): Promise<void> {
  if (!asked?.email) return;
  const said = {
    it: {
      subject: "Servizi scolastici: risposta alla richiesta di collegamento",
      body: isLinked
        ? "L'ufficio ha collegato l'identità digitale alla famiglia. Si entra con la stessa identità."
        : "L'ufficio ha risposto alla richiesta di collegamento, che non è stata accolta. Il motivo si legge entrando con la stessa identità digitale.",
    },
    en: {
      subject: "School services: answer to the request to be linked",
      body: isLinked
        ? "The office has linked the digital identity to the family. Sign in with the same identity."
        : "The office has answered the request to be linked, which was not accepted. The reason is there after signing in with the same digital identity.",
    },
  }[asked.lang];
  const email = {
    ...{ kind: "link-answer" as const, holderId: null, personId: null, noticeIds: [], ...said },
    ...{ address: asked.email, lang: asked.lang, path: "/accedi" },
    dedupeKey: `link-answer:${id}:${askedAt?.toString() ?? ""}`,
  };
  await planEmails(tx, [email], visit.now);
}
