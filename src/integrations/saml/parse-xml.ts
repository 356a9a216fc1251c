// SPDX-License-Identifier: EUPL-1.2
/**
 * XML from outside, bytes to DOM, once: a strict reader (saxes) looks first and refuses, the DOM is built only of what
 * passed. The DOM parser alone would repair what is broken, and two readings of one text are how signatures are cheated.
 */
import { DOMParser } from "@xmldom/xmldom";
import { SaxesParser } from "saxes";

export type XmlFault =
  | "too-large"
  | "not-utf8"
  | "doctype"
  | "processing-instruction"
  | "too-deep"
  | "too-many-nodes"
  | "duplicate-id"
  | "comment-in-text"
  | "not-well-formed";

export interface XmlLimits {
  readonly maxBytes: number;
  readonly maxDepth: number;
  /** elements and attributes together */
  readonly maxNodes: number;
}

/** A message of one person's login. */
export const MESSAGE_LIMITS: XmlLimits = { maxBytes: 256 * 1024, maxDepth: 32, maxNodes: 1_500 };

export interface ParsedXml {
  readonly outcome: "parsed";
  /** the text the DOM was built of, without byte order mark */
  readonly text: string;
  readonly root: Element;
}

export type ParseXml = ParsedXml | { readonly outcome: "refused"; readonly reason: XmlFault };

const XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace";

/** Ends the reading at its first fault; never leaves this file. */
class Stop extends Error {
  readonly reason: XmlFault;
  constructor(reason: XmlFault) {
    super(reason);
    this.reason = reason;
  }
}

/** Never throws, whatever the bytes. A string counts by its UTF-8 length. */
export function parseXml(input: Uint8Array | string, limits = MESSAGE_LIMITS): ParseXml {
  try {
    const text = decode(input, limits.maxBytes);
    inspect(text, limits);
    return { outcome: "parsed", text, root: buildDom(text) };
  } catch (error) {
    return { outcome: "refused", reason: error instanceof Stop ? error.reason : "not-well-formed" };
  }
}

function decode(input: Uint8Array | string, maxBytes: number): string {
  const size = typeof input === "string" ? Buffer.byteLength(input) : input.byteLength;
  if (size > maxBytes) throw new Stop("too-large");
  if (typeof input === "string") {
    if (!input.isWellFormed()) throw new Stop("not-utf8");
    return input.replace(/^\uFEFF/, "");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(input);
  } catch {
    throw new Stop("not-utf8");
  }
}

interface OpenElement {
  hasText: boolean;
  hasComment: boolean;
}

/** Well-formed, namespaces declared, nothing that a login message has no use for. */
function inspect(text: string, limits: XmlLimits): void {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const open: OpenElement[] = [];
  const ids = new Set<string>();
  let nodes = 0;
  const see = (what: "hasText" | "hasComment") => {
    const element = open.at(-1);
    if (!element) return;
    element[what] = true;
    if (element.hasText && element.hasComment) throw new Stop("comment-in-text");
  };
  parser.on("xmldecl", ({ encoding }) => {
    if (encoding && encoding.toLowerCase() !== "utf-8") throw new Stop("not-utf8");
  });
  parser.on("doctype", () => {
    throw new Stop("doctype");
  });
  parser.on("processinginstruction", () => {
    throw new Stop("processing-instruction");
  });
  parser.on("opentag", (tag) => {
    open.push({ hasText: false, hasComment: false });
    if (open.length > limits.maxDepth) throw new Stop("too-deep");
    const attributes = Object.values(tag.attributes);
    nodes += 1 + attributes.length;
    if (nodes > limits.maxNodes) throw new Stop("too-many-nodes");
    for (const { local, prefix, uri, value } of attributes) {
      const isId = prefix === "xml" ? uri === XML_NAMESPACE && local === "id" : /^id$/i.test(local);
      if (!isId || prefix === "xmlns" || value === "") continue;
      if (ids.has(value)) throw new Stop("duplicate-id");
      ids.add(value);
    }
  });
  parser.on("closetag", () => open.pop());
  parser.on("text", (more) => {
    if (more.trim() !== "") see("hasText");
  });
  parser.on("cdata", () => see("hasText"));
  parser.on("comment", () => see("hasComment"));
  parser.on("error", () => {
    throw new Stop("not-well-formed");
  });
  parser.write(text).close();
}

function buildDom(text: string): Element {
  const refuse = () => {
    throw new Stop("not-well-formed");
  };
  const errorHandler = { warning: refuse, error: refuse, fatalError: refuse };
  const document = new DOMParser({ errorHandler }).parseFromString(text, "text/xml");
  const root = document.documentElement as Element | null;
  if (!root) throw new Stop("not-well-formed");
  return root;
}

/** Child elements, in order. */
export function childrenOf(element: Element): Element[] {
  const found: Element[] = [];
  for (let node = element.firstChild; node; node = node.nextSibling) {
    if (node.nodeType === 1) found.push(node as Element);
  }
  return found;
}

/** Child elements of a name; names compare exactly, prefixes do not matter. */
export const childrenNamed = (element: Element, uri: string, name: string): Element[] =>
  childrenOf(element).filter((child) => isNamed(child, uri, name));

export const isNamed = (element: Element, uri: string, name: string): boolean =>
  element.localName === name && element.namespaceURI === uri;

/** `null` when the attribute is not there: an empty one is another fault than a missing one. */
export const attributeOf = (element: Element, name: string): string | null =>
  element.hasAttribute(name) ? element.getAttribute(name) : null;

/** Trimmed text of a leaf; `null` when it has child elements. */
export const textOf = (element: Element): string | null =>
  childrenOf(element).length > 0 ? null : (element.textContent ?? "").trim();

/** Every element of the tree, the root first. */
export function* everyElement(root: Element): Generator<Element> {
  yield root;
  for (const child of childrenOf(root)) yield* everyElement(child);
}
