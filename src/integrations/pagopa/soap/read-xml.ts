// SPDX-License-Identifier: EUPL-1.2
/**
 * A small, suspicious XML reader on saxes: no document type, no entities but the five, no processing instructions,
 * bounded depth, elements and attributes. It stops at the first fault and keeps what it had read until then.
 */
import { SaxesParser, type SaxesTagNS } from "saxes";
import type { MalformedReason } from "./types.ts";

export const MAX_DEPTH = 20;
/** The largest legal receipt has fewer than 500. */
export const MAX_ELEMENTS = 2_000;
export const MAX_ATTRIBUTES = 40;

const XMLNS = "http://www.w3.org/2000/xmlns/";
const XSI = "http://www.w3.org/2001/XMLSchema-instance";
export const SOAP_NAMESPACE = "http://schemas.xmlsoap.org/soap/envelope/";
/** `xsi:nil` is not among them: no element of the interface may be nil. */
const XSI_HINTS = new Set(["type", "schemaLocation", "noNamespaceSchemaLocation"]);

export interface XmlElement {
  readonly name: string;
  readonly uri: string;
  readonly children: XmlElement[];
  /** all character data directly inside, comments left out */
  text: string;
  /** its end was seen: what a cut-off message still says of it can be believed */
  isComplete: boolean;
  /** carries an attribute that is neither a namespace nor a hint for schema readers */
  readonly hasForeignAttribute: boolean;
  /** SOAP 1.1: whoever does not know this header block must refuse the message */
  readonly mustBeUnderstood: boolean;
}

export interface XmlReading {
  /** incomplete when `fault` is there; `null` when not even the root was read */
  readonly root: XmlElement | null;
  readonly fault: MalformedReason | null;
}

/** Ends the reading at its first fault; never leaves this file. */
class Stop extends Error {
  readonly reason: MalformedReason;
  constructor(reason: MalformedReason) {
    super(reason);
    this.reason = reason;
  }
}

/** Never throws, whatever the text. */
export function readXml(text: string): XmlReading {
  const open: XmlElement[] = [];
  let root: XmlElement | null = null;
  let elements = 0;
  let attributes = 0;
  const parser = new SaxesParser({ xmlns: true, position: false });
  parser.on("attribute", () => {
    attributes += 1;
    if (attributes > MAX_ATTRIBUTES) throw new Stop("too-many-attributes");
  });
  parser.on("opentag", (tag) => {
    // Of a declaration nothing else is used; XML 1.1 allows characters that 1.0 does not.
    if (root === null && (parser.xmlDecl.version ?? "1.0") !== "1.0")
      throw new Stop("not-well-formed");
    if (open.length >= MAX_DEPTH) throw new Stop("too-deep");
    elements += 1;
    attributes = 0;
    if (elements > MAX_ELEMENTS) throw new Stop("too-many-elements");
    const element = elementOf(tag);
    const parent = open.at(-1);
    if (parent) parent.children.push(element);
    else root ??= element;
    open.push(element);
  });
  parser.on("closetag", () => {
    const element = open.pop();
    if (element) element.isComplete = true;
  });
  const addText = (more: string): void => {
    const element = open.at(-1);
    if (element) element.text += more;
  };
  parser.on("text", addText);
  parser.on("cdata", addText);
  refuseRarities(parser, text);
  try {
    parser.write(text).close();
    return { root, fault: null };
  } catch (error) {
    // What saxes finds wrong is an Error of its own; anything else it might throw is the text's fault too.
    return { root, fault: error instanceof Stop ? error.reason : "not-well-formed" };
  }
}

/**
 * SOAP 1.1 § 3 forbids both; saxes itself never expands what a document type declares. These handlers are put on only
 * where they have something to do: with seven a saxes parser outgrows V8's fast objects and is five times slower.
 */
function refuseRarities(parser: SaxesParser<{ xmlns: true }>, text: string): void {
  const refuse = (reason: MalformedReason) => (): never => {
    throw new Stop(reason);
  };
  if (text.includes("<!DOCTYPE")) parser.on("doctype", refuse("doctype"));
  // The XML declaration looks like one, at the very beginning only.
  if (text.lastIndexOf("<?") > 0)
    parser.on("processinginstruction", refuse("processing-instruction"));
}

function elementOf(tag: SaxesTagNS): XmlElement {
  let hasForeignAttribute = false;
  let mustBeUnderstood = false;
  for (const name in tag.attributes) {
    const attribute = tag.attributes[name];
    if (!attribute || attribute.uri === XMLNS) continue;
    if (attribute.uri === XSI && XSI_HINTS.has(attribute.local)) continue;
    hasForeignAttribute = true;
    if (attribute.uri === SOAP_NAMESPACE && attribute.local === "mustUnderstand")
      mustBeUnderstood = /^\s*(1|true)\s*$/.test(attribute.value);
  }
  const { local: name, uri } = tag;
  return {
    name,
    uri,
    children: [],
    text: "",
    isComplete: false,
    hasForeignAttribute,
    mustBeUnderstood,
  };
}
