// SPDX-License-Identifier: EUPL-1.2
/**
 * GPD, where pagoPA holds the debt positions of an asynchronous station. Every function is harmless when repeated and
 * knows what pagoPA's refusals mean: what is there already is brought up to date, what is gone needs no taking away.
 */
import type { Moment } from "#kernel/dates.ts";
import { callService, type PagopaAccess, type ServiceAnswer } from "../call-service.ts";
import { done, failed, type RemoteAnswer, type RemoteDebt } from "../remote-debt.ts";
import { type GpdPosition, type GpdVersion, readGpdPosition, toGpdPosition } from "./gpd-model.ts";

const OK = 200;
const CREATED = 201;
const NOT_FOUND = 404;
const CONFLICT = 409;
const UNPROCESSABLE = 422;

export interface GpdAccess extends PagopaAccess {
  readonly version: GpdVersion;
}

type Key = Pick<RemoteDebt, "creditorFiscalCode" | "iupd">;

const positions = (version: GpdVersion, creditorFiscalCode: string): string =>
  `gpd/debt-positions-service/${version}/organizations/${creditorFiscalCode}/debtpositions`;
const pathOf = (version: GpdVersion, { creditorFiscalCode, iupd }: Key): string =>
  `${positions(version, creditorFiscalCode)}/${encodeURIComponent(iupd)}`;

const hasStatus = (answer: ServiceAnswer, ...statuses: readonly number[]): boolean =>
  answer.outcome === "answered" && statuses.includes(answer.status);

/**
 * Makes the position payable at once with these notices, and without those that were `dropped`. `isNew`: it was never
 * sent.
 */
export async function announceInGpd(
  access: GpdAccess,
  debt: RemoteDebt,
  of: { isNew: boolean; dropped: readonly string[] },
): Promise<RemoteAnswer> {
  const { version } = access;
  const body = toGpdPosition(version, debt);
  const create = (): Promise<ServiceAnswer> =>
    callService(access, {
      method: "POST",
      path: `${positions(version, debt.creditorFiscalCode)}?toPublish=true`,
      body,
    });
  const update = (): Promise<ServiceAnswer> =>
    callService(access, { method: "PUT", path: `${pathOf(version, debt)}?toPublish=true`, body });
  let answer = of.isNew ? await create() : await update();
  if (of.isNew && hasStatus(answer, CONFLICT)) answer = await update();
  else if (!of.isNew && hasStatus(answer, NOT_FOUND)) answer = await create();
  if (hasStatus(answer, CONFLICT)) return standsAsSaid(access, debt, { ...of, refusal: answer });
  if (!hasStatus(answer, OK, CREATED)) return failed(answer);
  return published(access, debt, answer);
}

/** It cannot be changed any more, a part was paid: well if what we say is what stands there. */
async function standsAsSaid(
  access: GpdAccess,
  debt: RemoteDebt,
  of: { dropped: readonly string[]; refusal: ServiceAnswer },
): Promise<RemoteAnswer> {
  const found = await readInGpd(access, debt);
  const there = new Set(found?.options.map(({ noticeNumber }) => noticeNumber));
  const isThere = debt.notices.every(({ noticeNumber }) => there.has(noticeNumber));
  const isGone = of.dropped.every((noticeNumber) => !there.has(noticeNumber));
  return found && isThere && isGone ? done(found.status) : failed(of.refusal);
}

/** Created, but was it published too? Only then can it be paid. */
async function published(
  access: GpdAccess,
  debt: RemoteDebt,
  answer: ServiceAnswer,
): Promise<RemoteAnswer> {
  const said = answer.outcome === "answered" ? readGpdPosition(answer.body)?.status : null;
  const status = said ?? (await readInGpd(access, debt))?.status ?? null;
  if (status !== "DRAFT") return status === null ? failed(answer) : done(status);
  const path = `${pathOf(access.version, debt)}/publish`;
  const publishing = await callService(access, { method: "POST", path });
  if (!hasStatus(publishing, OK, CONFLICT)) return failed(publishing);
  const now = (await readInGpd(access, debt))?.status ?? null;
  return now === null || now === "DRAFT" ? failed(publishing) : done(now);
}

/**
 * The money came in another way: nobody can pay the notice at pagoPA any more. `others`: the position's other option;
 * when a part of that was paid meanwhile GPD takes no more of this one, and what is left of the other is marked instead.
 */
export async function markPaidInGpd(
  access: GpdAccess,
  of: Key & { noticeNumber: string; paidAt: Moment; others: readonly string[] },
): Promise<RemoteAnswer> {
  const answer = await postPaid(access, of);
  if (!hasStatus(answer, OK, NOT_FOUND, CONFLICT, UNPROCESSABLE)) return failed(answer);
  const found = await readInGpd(access, of);
  const state = found?.status ?? null;
  if (hasStatus(answer, OK, NOT_FOUND) || CLOSED.has(state ?? "")) return done(state);
  // Refused: it was paid there already, or the other option was begun.
  const paid = found?.options.filter(({ isPaid }) => isPaid).map((one) => one.noticeNumber) ?? [];
  if (paid.includes(of.noticeNumber)) return done(state);
  if (paid.length === 0) return failed(answer);
  for (const noticeNumber of of.others.filter((other) => !paid.includes(other))) {
    const other = await postPaid(access, { ...of, noticeNumber });
    if (!hasStatus(other, OK, NOT_FOUND, CONFLICT)) return failed(other);
  }
  return done((await readInGpd(access, of))?.status ?? state);
}

/** Version 3 has no such call; version 1 finds the notice whichever made it. */
const postPaid = (
  access: GpdAccess,
  of: { creditorFiscalCode: string; noticeNumber: string; paidAt: Moment },
): Promise<ServiceAnswer> =>
  callService(access, {
    method: "POST",
    path:
      `gpd/debt-positions-service/v1/organizations/${of.creditorFiscalCode}` +
      `/paymentoptions/paids/${of.noticeNumber}`,
    body: { paymentDate: of.paidAt.toString({ smallestUnit: "second" }) },
  });

const CLOSED: ReadonlySet<string> = new Set([
  "INVALID",
  "EXPIRED",
  "PAID",
  "REPORTED",
  "UNPAYABLE",
]);

/** Takes the whole position back: version 1 makes it invalid, version 3 only knows deleting. */
export async function withdrawFromGpd(access: GpdAccess, key: Key): Promise<RemoteAnswer> {
  const path = pathOf(access.version, key);
  const answer = await callService(
    access,
    access.version === "v1"
      ? { method: "POST", path: `${path}/invalidate` }
      : { method: "DELETE", path },
  );
  if (hasStatus(answer, NOT_FOUND)) return done(null);
  if (hasStatus(answer, OK)) {
    const said = answer.outcome === "answered" ? readGpdPosition(answer.body)?.status : null;
    return done(said ?? (access.version === "v3" ? "DELETED" : "INVALID"));
  }
  if (!hasStatus(answer, CONFLICT)) return failed(answer);
  const found = await readInGpd(access, key);
  if (CLOSED.has(found?.status ?? "")) return done(found?.status ?? null);
  // A draft is not invalidated but deleted.
  if (found?.status !== "DRAFT") return failed(answer);
  const removal = await callService(access, { method: "DELETE", path });
  return hasStatus(removal, OK, NOT_FOUND) ? done("DELETED") : failed(removal);
}

/** The position as GPD has it; `null`: not there, or nothing that can be read. */
async function readInGpd(access: GpdAccess, key: Key): Promise<GpdPosition | null> {
  const found = await askGpd(access, key);
  return found.outcome === "found" ? found.position : null;
}

export type FoundInGpd =
  | { readonly outcome: "found"; readonly position: GpdPosition }
  | { readonly outcome: "not-there" }
  | { readonly outcome: "failed"; readonly problem: string };

/** What GPD says of a position today: somebody may have touched it there. */
export async function askGpd(access: GpdAccess, key: Key): Promise<FoundInGpd> {
  const answer = await callService(access, { method: "GET", path: pathOf(access.version, key) });
  if (hasStatus(answer, NOT_FOUND)) return { outcome: "not-there" };
  const position =
    answer.outcome === "answered" && answer.status === OK ? readGpdPosition(answer.body) : null;
  if (position) return { outcome: "found", position };
  const refusal = failed(answer);
  return refusal.outcome === "failed" ? refusal : { outcome: "not-there" };
}
