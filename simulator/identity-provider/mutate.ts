// SPDX-License-Identifier: EUPL-1.2
/**
 * Spoils a good response by operations on paths (`/samlp:Response/saml:Assertion/saml:Issuer`, `…/x[2]`), as lists of
 * test cases write them. An added element replaces the one already at its path.
 */
import { DOMParser, XMLSerializer } from "@xmldom/xmldom";

export type Mutation =
  | {
      readonly op: "set-attr";
      readonly path: string;
      readonly attr: string;
      readonly value: string;
    }
  | { readonly op: "remove-attr"; readonly path: string; readonly attr: string }
  | { readonly op: "set-text"; readonly path: string; readonly value: string }
  | { readonly op: "remove-element"; readonly path: string }
  | {
      readonly op: "add-element";
      readonly path: string;
      readonly attrs: Readonly<Record<string, string>>;
      readonly text: string;
    };

const NAMESPACES: Readonly<Record<string, string>> = {
  samlp: "urn:oasis:names:tc:SAML:2.0:protocol",
  saml: "urn:oasis:names:tc:SAML:2.0:assertion",
  md: "urn:oasis:names:tc:SAML:2.0:metadata",
  ds: "http://www.w3.org/2000/09/xmldsig#",
  spid: "https://spid.gov.it/saml-extensions",
};

/** @throws Error when a path leads nowhere: a case that changes nothing proves nothing */
export function mutate(
  xml: string,
  mutations: readonly Mutation[],
  placeholders: Readonly<Record<string, string>> = {},
): string {
  const document = new DOMParser().parseFromString(xml, "text/xml");
  const fill = (text: string): string =>
    text.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => placeholders[name] ?? whole);
  for (const mutation of mutations) apply(document, mutation, fill);
  return new XMLSerializer().serializeToString(document);
}

function apply(document: Document, mutation: Mutation, fill: (text: string) => string): void {
  const element = find(document, mutation.path);
  if (mutation.op === "add-element") {
    const made = add(document, mutation.path, element);
    for (const [name, value] of Object.entries(mutation.attrs))
      made.setAttribute(name, fill(value));
    if (mutation.text !== "") made.appendChild(document.createTextNode(fill(mutation.text)));
    return;
  }
  if (!element) throw new Error(`nothing at ${mutation.path}`);
  switch (mutation.op) {
    case "set-attr":
      element.setAttribute(mutation.attr, fill(mutation.value));
      break;
    case "remove-attr":
      element.removeAttribute(mutation.attr);
      break;
    case "set-text":
      element.textContent = fill(mutation.value);
      break;
    case "remove-element":
      element.parentNode?.removeChild(element);
      break;
  }
}

function add(document: Document, path: string, present: Element | null): Element {
  const { parent, step } = lastStep(path);
  const inside = find(document, parent);
  if (!inside) throw new Error(`nothing at ${parent}`);
  const [prefix, name] = step.name.includes(":") ? step.name.split(":") : ["", step.name];
  const made = document.createElementNS(prefix ? (NAMESPACES[prefix] ?? null) : null, step.name);
  if (present) inside.replaceChild(made, present);
  else if (name === "Extensions") inside.insertBefore(made, inside.childNodes[1] ?? null);
  else inside.appendChild(made);
  return made;
}

interface Step {
  readonly name: string;
  readonly index: number;
}

function readStep(text: string): Step {
  const [, name = text, index = "1"] = /^([^[]+)(?:\[(\d+)\])?$/.exec(text) ?? [];
  return { name, index: Number(index) };
}

function lastStep(path: string): { parent: string; step: Step } {
  const at = path.lastIndexOf("/");
  return { parent: path.slice(0, at), step: readStep(path.slice(at + 1)) };
}

function find(document: Document, path: string): Element | null {
  let found: Node = document;
  for (const text of path.split("/").slice(1)) {
    const { name, index } = readStep(text);
    const next: Node | undefined = Array.from(found.childNodes).filter(
      (node) => node.nodeName === name,
    )[index - 1];
    if (!next) return null;
    found = next;
  }
  return found as Element;
}
