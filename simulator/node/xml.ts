// SPDX-License-Identifier: EUPL-1.2
/** Writes and reads XML for the Node's side. Shares nothing with the station's own codec, on purpose. */
import { SaxesParser } from "saxes";

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
const escape = (text: string): string => text.replaceAll(/[&<>]/g, (sign) => ESCAPES[sign]!);

/** An element with text; nothing at all when there is no text: empty optional elements are left out. */
export const leaf = (name: string, text: string | null | undefined): string =>
  text ? `<${name}>${escape(text)}</${name}>` : "";

/** An element around others, already written. */
export const branch = (name: string, ...content: readonly string[]): string =>
  `<${name}>${content.join("")}</${name}>`;

export interface Tree {
  readonly name: string;
  readonly namespace: string;
  /** of this element alone */
  readonly text: string;
  readonly children: readonly Tree[];
}

type Growing = Tree & { text: string; children: Growing[] };

/** @throws Error when it is no well-formed XML */
export function readTree(xml: string): Tree {
  const parser = new SaxesParser({ xmlns: true });
  const open: Growing[] = [];
  let root: Tree | undefined;
  const addText = (text: string): void => {
    const current = open.at(-1);
    if (current) current.text += text;
  };
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("text", addText);
  parser.on("cdata", addText);
  parser.on("opentag", ({ local, uri }) => {
    const tree: Growing = { name: local, namespace: uri, text: "", children: [] };
    open.at(-1)?.children.push(tree);
    root ??= tree;
    open.push(tree);
  });
  parser.on("closetag", () => void open.pop());
  parser.write(xml).close();
  if (!root) throw new Error("no element");
  return root;
}

/** Children of this name that belong to no namespace, as the interface wants them. */
export const childrenOf = (tree: Tree, name: string): Tree[] =>
  tree.children.filter((one) => one.name === name && one.namespace === "");

export const childOf = (tree: Tree | undefined, name: string): Tree | undefined =>
  tree && childrenOf(tree, name)[0];

/** The text at a path of names below `tree`; `""` when there is none. */
export function textAt(tree: Tree | undefined, ...path: readonly string[]): string {
  let at = tree;
  for (const name of path) at = childOf(at, name);
  return at?.text.trim() ?? "";
}
