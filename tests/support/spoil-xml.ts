// SPDX-License-Identifier: EUPL-1.2
/** One wrong thing in a document of ours, to see whether a check notices. */
import assert from "node:assert/strict";

export type Edit = (xml: string) => string;
/** Changes what is there; a spoil that spoils nothing is a mistake of this test. */
export const edit =
  (from: RegExp, to: string | ((found: string) => string)): Edit =>
  (xml) => {
    const changed = typeof to === "string" ? xml.replace(from, to) : xml.replace(from, to);
    assert.notEqual(changed, xml, `nothing to spoil: ${from}`);
    return changed;
  };
/** Changes the opening tags of that name. */
export const tags = (name: string, from: RegExp, to: string): Edit =>
  edit(new RegExp(`<${name}\\b[^>]*>`, "g"), (tag) => tag.replace(from, to));
/** Takes elements of that name away, or the text inside. */
export const gone = (name: string): Edit =>
  edit(new RegExp(`<${name}\\b[^>]*(/>|>.*?</${name}>)`, "gs"), "");
export const emptied = (name: string): Edit =>
  edit(new RegExp(`(<${name}\\b[^>]*>)[^<]+(?=</${name}>)`, "g"), (found) =>
    found.slice(0, found.indexOf(">") + 1),
  );
export const attributeSpoils = (tag: string, name: string, wrong?: string): Edit[] => [
  tags(tag, new RegExp(` ${name}="[^"]*"`), ""),
  tags(tag, new RegExp(` ${name}="[^"]*"`), ` ${name}=""`),
  ...(wrong === undefined
    ? []
    : [tags(tag, new RegExp(` ${name}="[^"]*"`), ` ${name}="${wrong}"`)]),
];
export const twice = (name: string): Edit =>
  edit(new RegExp(`<${name}\\b[^>]*(/>|>.*?</${name}>)`, "s"), (found) => found + found);
