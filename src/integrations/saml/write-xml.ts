// SPDX-License-Identifier: EUPL-1.2
/** Elements as text: the same data make the same bytes, which is what is signed, stored and compared. */
import type { Moment } from "#kernel/dates.ts";

// oxlint-disable-next-line no-control-regex -- what XML 1.0 cannot say, not even escaped
const UNSPEAKABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

/** Fit for content and for attributes in double quotes. @throws RangeError for what XML cannot carry */
export function escapeXml(text: string): string {
  if (UNSPEAKABLE.test(text) || !text.isWellFormed())
    throw new RangeError("a text holds characters that XML does not know");
  return text.replaceAll(/[&<>"\t\n\r]/g, (sign) => ESCAPES[sign] ?? sign);
}

/** `content` is markup already; attributes that are `undefined` are left out. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...content: readonly string[]
): string {
  const written = Object.entries(attributes)
    .filter((pair): pair is [string, string] => pair[1] !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(value)}"`)
    .join("");
  const inside = content.join("");
  return inside === "" ? `<${name}${written}/>` : `<${name}${written}>${inside}</${name}>`;
}

/** An element with a text, or nothing when there is none. */
export const leaf = (
  name: string,
  text: string | undefined,
  attributes: Readonly<Record<string, string>> = {},
): string => (text === undefined ? "" : element(name, attributes, escapeXml(text)));

/** `2026-11-20T09:00:00.000Z`: UTC, to the millisecond. */
export const instantText = (at: Moment): string => at.toString({ fractionalSecondDigits: 3 });

const ID = /^[A-Za-z_][\w.-]{15,127}$/;

/** An ID of XML, too long to be guessed or to come twice. @throws RangeError */
export function messageId(id: string): string {
  if (!ID.test(id)) throw new RangeError("not an ID for a message");
  return id;
}
