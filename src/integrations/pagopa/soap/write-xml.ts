// SPDX-License-Identifier: EUPL-1.2
/** Markup of the answers: elements, escaping, amounts. */
import type { Cents } from "#kernel/money.ts";
import { NAMESPACE } from "./sequence.ts";
import { SOAP_NAMESPACE } from "./read-xml.ts";

const SPECIAL = /[&<>\r]/;
/** XML 1.0 cannot say these, not even escaped. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const UNSPEAKABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const MAX_CENTS = 99_999_999_999n;

/** Text as content of an element; what XML cannot carry becomes a space. */
export function escapeXml(text: string): string {
  const speakable = text.toWellFormed().replace(UNSPEAKABLE, " ");
  if (!SPECIAL.test(speakable)) return speakable;
  return speakable
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("\r", "&#13;");
}

/** At most `most` characters (not UTF-16 units), the ends without spaces. */
export function clip(text: string, most: number): string {
  const trimmed = text.trim();
  if (trimmed.length <= most) return trimmed;
  return [...trimmed.slice(0, most * 2)].slice(0, most).join("").trimEnd();
}

/** An element that must be there; its text is cut to `most` characters. @throws RangeError when it is empty */
export function element(name: string, text: string, most: number): string {
  const clipped = clip(text, most);
  if (clipped === "") throw new RangeError(`${name} must not be empty`);
  return `<${name}>${escapeXml(clipped)}</${name}>`;
}

/** An element that is left out when there is nothing to say: the interface knows no empty one. */
export function optionalElement(name: string, text: string | undefined, most: number): string {
  return text === undefined || clip(text, most) === "" ? "" : element(name, text, most);
}

/** A code that would be another one if it were cut. @throws RangeError when it does not fit */
export function exact(name: string, text: string, pattern: RegExp): string {
  if (!pattern.test(text)) throw new RangeError(`${name} is not as the interface wants it`);
  return `<${name}>${escapeXml(text)}</${name}>`;
}

/** `6410n` → `64.10`. @throws RangeError for nothing, less than nothing and a billion */
export function amountText(cents: Cents): string {
  if (cents <= 0n || cents > MAX_CENTS) throw new RangeError("amount out of range");
  const digits = cents.toString().padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

const envelope = (body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<soapenv:Envelope xmlns:soapenv="${SOAP_NAMESPACE}"` +
  ` xmlns:pafn="${NAMESPACE}"><soapenv:Header/><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;

/** An answer of the interface in its envelope. `root` is its name without prefix. */
export const answer = (root: string, content: string): string =>
  envelope(`<pafn:${root}>${content}</pafn:${root}>`);

/**
 * A fault of SOAP itself, for a message that is no call of ours; by SOAP 1.1 § 6.2 it travels on HTTP 500. For pagoPA it
 * is no answer: a receipt comes again.
 */
export function writeSoapFault(code: "Client" | "Server" | "MustUnderstand", text: string): string {
  return envelope(
    `<soapenv:Fault><faultcode>soapenv:${code}</faultcode>` +
      `<faultstring>${escapeXml(clip(text, 255))}</faultstring></soapenv:Fault>`,
  );
}
