// SPDX-License-Identifier: EUPL-1.2
import { chargesOf } from "#billing";
import { townCalendar } from "#calendar";
import type { Family } from "#families";
import { type Day, isBefore } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { newId } from "#kernel/ids.ts";
import { formatEuro, parseEuro } from "#kernel/money.ts";
import {
  type Isee,
  ISEE_KINDS,
  type IseeFault,
  type IseeKind,
  iseesOf,
  recordIsee,
} from "#tariffs";
import {
  dataTable,
  dateField,
  errorFor,
  type FieldError,
  form,
  linkRow,
  selectField,
  euroField,
  textField,
} from "#ui/components.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { REPRICE_PAGE } from "../bills/reprice-page.ts";
import { type FormState } from "../office-page.ts";
import { familyOfAddress, familyPath, fullName } from "./family-guard.ts";
import { familyFrame } from "./family-frame.ts";

const KIND_WORDS: Record<IseeKind, string> = {
  ordinario: "Ordinario",
  minorenni: "Per prestazioni ai minorenni",
  corrente: "Corrente",
};

const FAULTS: Record<Exclude<IseeFault, "unknown-child">, FieldError> = {
  "value-out-of-range": { field: "valore", message: "Il valore ISEE non è plausibile." },
  "validity-reversed": { field: "al", message: "La fine viene prima dell'inizio." },
  "validity-too-long": {
    field: "al",
    message: "La validità è troppo lunga: al massimo fino alla fine dell'anno dopo.",
  },
  "presented-in-the-future": {
    field: "presentato",
    message: "La data di presentazione è nel futuro.",
  },
  "applies-outside-validity": {
    field: "decorrenza",
    message: "La decorrenza è fuori dalla validità.",
  },
  "override-without-reason": { field: "motivo", message: "Scrivere il motivo." },
};

const FIELDS = ["tipo", "valore", "presentato", "dal", "al", "decorrenza", "motivo"] as const;

interface Loaded {
  readonly family: Family;
  readonly child: Family["children"][number];
  /** where what is charged of its days can be priced again, by service */
  readonly reprice?: readonly RepriceLink[];
}

const childOf = (family: Family | null, visit: Visit): Loaded | null => {
  const child = family?.children.find(({ id }) => id === visit.params["childId"]);
  return family && child ? { family, child } : null;
};

export async function iseePage(visit: Visit): Promise<Answer> {
  const { today } = visit;
  const read = await visit.town.read(async (tx) => {
    const loaded = childOf(await familyOfAddress(tx, visit), visit);
    if (!loaded) return null;
    const isees = await iseesOf(tx, loaded.child.id);
    // Of those that count already, the last one: whoever decides comes here after whoever recorded it.
    const [since] = isees
      .map(({ appliesFrom }) => appliesFrom)
      .filter((from) => !isBefore(today, from))
      .toSorted((a, b) => Temporal.PlainDate.compare(b, a));
    const reprice = since ? await repriceLinks(tx, loaded, since, today) : [];
    return { ...loaded, isees, reprice };
  });
  if (!read) return notFound;
  const values = {
    tipo: "minorenni",
    presentato: today.toString(),
    dal: today.toString(),
    al: today.with({ month: 12, day: 31 }).toString(),
    decorrenza: today.toString(),
  };
  return view(visit, read, read.isees, { values, errors: [] });
}

export async function saveIsee(visit: Visit): Promise<Answer> {
  const { actor, fields } = visit;
  if (!actor) return notFound;
  const values = Object.fromEntries(FIELDS.map((name) => [name, fields.text(name).slice(0, 200)]));
  const valueCents = parseEuro(fields.text("valore"));
  const kind = ISEE_KINDS.find((one) => one === fields.text("tipo"));
  const days = {
    presentedOn: fields.day("presentato"),
    validFrom: fields.day("dal"),
    validTo: fields.day("al"),
    appliesFrom: fields.day("decorrenza"),
  };
  const errors: FieldError[] = [];
  if (valueCents === null || valueCents < 0n)
    errors.push({ field: "valore", message: "Scrivere il valore, per esempio 12.345,67." });
  if (!kind) errors.push({ field: "tipo", message: "Scegliere il tipo." });
  for (const [key, name] of [
    ["presentedOn", "presentato"],
    ["validFrom", "dal"],
    ["validTo", "al"],
    ["appliesFrom", "decorrenza"],
  ] as const)
    if (!days[key]) errors.push({ field: name, message: "Scrivere una data valida." });
  const { presentedOn, validFrom, validTo, appliesFrom } = days;
  const done = await visit.town.write(async (tx) => {
    const loaded = childOf(await familyOfAddress(tx, visit), visit);
    if (!loaded) return null;
    const wrong = async (list: readonly FieldError[]) => ({
      ...loaded,
      errors: list,
      isees: await iseesOf(tx, loaded.child.id),
    });
    if (errors.length > 0 || valueCents === null || !kind) return wrong(errors);
    if (!presentedOn || !validFrom || !validTo || !appliesFrom) return wrong(errors);
    const reason = values["motivo"]?.slice(0, 200) || null;
    const isee = {
      id: newId(),
      childId: loaded.child.id,
      kind,
      valueCents,
      presentedOn,
      validFrom,
      validTo,
      appliesFrom,
      overriddenBy: null,
      reason,
    };
    const result = await recordIsee(tx, { actor, at: visit.now, isee, reason });
    if (result.outcome === "refused")
      return wrong(
        result.faults.flatMap((fault) => (fault === "unknown-child" ? [] : [FAULTS[fault]])),
      );
    if (result.outcome === "forbidden") return null;
    const [saved] = await repriceLinks(tx, loaded, appliesFrom, visit.today);
    return { ...loaded, saved: saved?.href ?? null };
  });
  if (!done) return notFound;
  if ("saved" in done)
    return seeOther(
      done.saved ?? familyPath(done.family.holder.id),
      `ISEE di ${done.child.givenName} registrato: ${formatEuro(valueCents ?? 0n)}.`,
    );
  return withStatus(422, view(visit, done, done.isees, { values, errors: done.errors }));
}

interface RepriceLink {
  readonly name: string;
  readonly href: string;
}

/** Where meals and fees charged since that day can be priced again: each service by itself. */
async function repriceLinks(
  tx: ReadTx,
  { family, child }: Loaded,
  from: Day,
  today: Day,
): Promise<RepriceLink[]> {
  const span = { from, to: today };
  const own = await chargesOf(tx, { childIds: [child.id], ...span });
  const holderId = family.holder.id;
  const fees = await chargesOf(tx, { holderId, kind: "fixed-fee", ...span });
  const ofHousehold = fees.filter(({ childId }) => childId === null);
  const charges = [...own, ...ofHousehold].filter(
    ({ kind, reversed }) => kind !== "reversal" && !reversed,
  );
  const ofService = Map.groupBy(charges, ({ serviceId }) => serviceId);
  return (await townCalendar(tx)).services.flatMap(({ id, name }) => {
    const [first] = ofService.get(id) ?? [];
    if (!first) return [];
    const days = `dal=${first.date.toString()}&al=${today.toString()}`;
    return { name, href: `${REPRICE_PAGE}?servizio=${id}&${days}&bambino=${child.id}` };
  });
}

function view(
  visit: Visit,
  { family, child, reprice }: Loaded,
  isees: readonly Isee[],
  { values, errors }: FormState,
): Html {
  const date = (name: string, label: string, hint?: string): Html =>
    dateField({
      name,
      label,
      ...(hint ? { hint } : {}),
      value: values[name],
      error: errorFor(errors, name),
    });
  return familyFrame(visit, family, {
    h1: `ISEE di ${fullName(child)}`,
    wide: false,
    errors,
    body: html`${isees.length > 0 && history(isees)}
    ${
      reprice &&
      reprice.length > 0 &&
      linkRow(
        reprice.map(
          ({ name, href }) =>
            html`<a href="${href}">Ricalcola i prezzi già addebitati: ${name}</a>`,
        ),
      )
    }
    ${form({
      action: `${familyPath(family.holder.id)}/figli/${child.id}/isee`,
      csrf: visit.csrf,
      key: visit.newKey(),
      body: html`${euroField({
          name: "valore",
          label: "Valore ISEE",
          value: values["valore"],
          error: errorFor(errors, "valore"),
        })}
        ${selectField({
          name: "tipo",
          label: "Tipo",
          value: values["tipo"],
          choices: ISEE_KINDS.map((value) => ({ value, label: KIND_WORDS[value] })),
          error: errorFor(errors, "tipo"),
        })}
        ${date("presentato", "Presentato il")}${date("dal", "Valido dal")}${date("al", "Valido fino al")}
        ${date("decorrenza", "Vale per i prezzi dal", "Secondo il regolamento del Comune")}
        ${textField({
          name: "motivo",
          label: "Nota",
          optional: true,
          maxlength: 200,
          value: values["motivo"],
          error: errorFor(errors, "motivo"),
        })}
        <p class="quiet">
          I pasti già addebitati non cambiano da sé: se la decorrenza è passata, poi si vede la
          differenza e si decide.
        </p>`,
      submit: { label: "Registra l'ISEE" },
      cancel: { href: familyPath(family.holder.id) },
    })}`,
  });
}

function history(isees: readonly Isee[]): Html {
  const f = formats("it");
  return dataTable({
    caption: "ISEE registrati",
    columns: [
      { label: "Valore", header: true },
      { label: "Tipo" },
      { label: "Validità" },
      { label: "Per i prezzi dal" },
    ],
    rows: isees.map((isee) => [
      formatEuro(isee.valueCents),
      KIND_WORDS[isee.kind],
      `${f.shortDay(isee.validFrom)} – ${f.shortDay(isee.validTo)}`,
      f.shortDay(isee.appliesFrom),
    ]),
  });
}
