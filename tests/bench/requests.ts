// SPDX-License-Identifier: EUPL-1.2
/** What the families' browsers send, as text. */
import { createHmac } from "node:crypto";
import type { Day } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { cookieName } from "../../src/surfaces/web/visit.ts";
import { type BenchTown, CHILD_SLUG, FORM_KEY, SERVICE_CODE, tokenOf } from "./town.ts";

/** One family of one town. */
export interface Family {
  readonly town: BenchTown;
  readonly index: number;
}

const headOf = ({ town, index }: Family): string =>
  `Host: ${town.tenant.slug}.localhost\r\n` +
  `Cookie: ${cookieName(town.tenant)}=${tokenOf(town.tenant.slug, index)}\r\n`;

/** The form token the page would have carried. */
function csrfOf({ town, index }: Family): string {
  const { id, slug } = town.tenant;
  return createHmac("sha256", FORM_KEY)
    .update(`${id}:${tokenOf(slug, index)}`)
    .digest("base64url");
}

export const CANCEL_PATH = `/figli/${CHILD_SLUG}/pasti`;
export const MONTH_PATH = `/figli/${CHILD_SLUG}/calendario`;

export function cancelForm(family: Family, date: Day): string {
  return new URLSearchParams({
    csrf: csrfOf(family),
    key: newId(),
    servizio: SERVICE_CODE,
    giorno: date.toString(),
    atto: "cancel",
  }).toString();
}

export function cancelRequest(family: Family, date: Day): string {
  const form = cancelForm(family, date);
  return (
    `POST ${CANCEL_PATH} HTTP/1.1\r\n${headOf(family)}` +
    `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${form.length}\r\n\r\n${form}`
  );
}

export const pageRequest = (family: Family, path: string): string =>
  `GET ${path} HTTP/1.1\r\n${headOf(family)}\r\n`;

export const bareRequest = `GET / HTTP/1.1\r\nHost: localhost\r\n\r\n`;

/** The receipt's number in `/ricevute/K7M4-92QX-3HTB`; "" when it leads elsewhere. */
export const receiptNumberIn = (location: string): string =>
  /^\/ricevute\/([0-9A-Z]{4})-([0-9A-Z]{4})-/.exec(location)?.slice(1).join("") ?? "";
