// SPDX-License-Identifier: EUPL-1.2
/** Markup that is already safe. Only `html` makes it; everything else is escaped. */
export class Html {
  readonly #text: string;
  constructor(key: typeof MAKE, text: string) {
    if (key !== MAKE) throw new TypeError("Html is made by the html tag only");
    this.#text = text;
  }
  toString(): string {
    return this.#text;
  }
}
const MAKE = Symbol("html");

/** Attributes for a hole between them: `<input ${attributes({ checked, "aria-label": name })}>`. */
export class Attributes extends Html {}

type AttributeValue = string | number | bigint | boolean | null | undefined;
export type Content =
  | string
  | number
  | bigint
  | Html
  | false
  | null
  | undefined
  | readonly Content[];

const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const URL_ATTRIBUTES = new Set([
  "href",
  "src",
  "action",
  "formaction",
  "poster",
  "cite",
  "data",
  "xlink:href",
]);
const REFUSED_ATTRIBUTE = /^(?:on.*|style|srcdoc|srcset|ping)$/;
const SAFE_START = /^(?:https?:\/\/|mailto:|tel:|[/?#])/i;

export function escapeHtml(text: string): string {
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (character) => ESCAPES[character]!) : text;
}

/** Relative, http(s), mailto and tel pass; any other scheme (hostile data) becomes `#`. */
export function safeUrl(url: string): string {
  // browsers drop tabs and newlines, and leading control characters, before they read the scheme
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url.replace(/[\p{Cc} ]/gu, ""))?.[1];
  return scheme === undefined || /^(?:https?|mailto|tel)$/i.test(scheme) ? url : "#";
}

/** Quoted and escaped; `true` gives a bare attribute, `false` and `null` nothing. Refuses unsafe names. */
export function attributes(values: Readonly<Record<string, AttributeValue>>): Attributes {
  let text = "";
  for (const [name, value] of Object.entries(values)) {
    if (!/^[a-z][a-z0-9:-]*$/.test(name) || REFUSED_ATTRIBUTE.test(name))
      throw new TypeError(`unsafe attribute ${name}`);
    if (value === false || value === null || value === undefined) continue;
    const shown = URL_ATTRIBUTES.has(name) ? safeUrl(String(value)) : String(value);
    text += value === true ? ` ${name}` : ` ${name}="${escapeHtml(shown)}"`;
  }
  return new Attributes(MAKE, text.slice(1));
}

type Hole = "content" | "value" | "url" | "path" | "attributes";
const OUTSIDE_TAG = /<!--[^]*?-->|<![^>]*>|<(script|style)\b|<\/?[a-z][a-z0-9-]*|</gi;
const INSIDE_TAG = />|([a-z_:@][\w:.@-]*)\s*=\s*(?:"([^"]*)"|)|["'<]/gi;

/** Reads a template once: what each hole is, or a refusal of the whole template. */
function compile(strings: readonly string[]): Hole[] {
  const source = strings.join("\u0001");
  const refuse = (why: string): never => {
    throw new TypeError(`unsafe template: ${why} in ${strings.join("${…}").slice(0, 120)}`);
  };
  const holes: Hole[] = [];
  let at = 0;
  const take = (end: number, kind: Hole | null, why = ""): void => {
    for (; at < end; at++) {
      if (source[at] !== "\u0001") continue;
      if (kind === "attributes" && !/\s/.test(source[at - 1]!)) refuse("hole glued to a name");
      holes.push(kind ?? refuse(`hole in ${why}`));
    }
  };
  /** Reads the attributes of a tag up to its `>`. */
  const readTag = (): void => {
    for (;;) {
      INSIDE_TAG.lastIndex = at;
      const token = INSIDE_TAG.exec(source) ?? refuse("tag left open");
      const [text, name, value] = token;
      take(token.index, "attributes");
      at = token.index + text.length;
      if (text === ">") return;
      if (name === undefined) refuse(`stray ${text}`);
      if (value === undefined) refuse("unquoted attribute");
      if (value!.includes("\u0001")) takeValue(name!.toLowerCase(), value!, holes, refuse);
    }
  };
  for (;;) {
    OUTSIDE_TAG.lastIndex = at;
    const token = OUTSIDE_TAG.exec(source);
    take(token ? token.index : source.length, "content");
    if (!token) return holes;
    const [text, raw] = token;
    if (text === "<") refuse("stray <");
    if (text.startsWith("<!--") && !text.endsWith("-->")) refuse("comment left open");
    take(at + text.length, null, "a comment");
    if (text.startsWith("<!")) continue;
    readTag();
    if (raw === undefined) continue;
    const close = source.toLowerCase().indexOf(`</${raw.toLowerCase()}`, at);
    if (close < 0) refuse(`<${raw}> left open`);
    take(close, null, `<${raw}>`);
  }
}

function takeValue(
  name: string,
  value: string,
  holes: Hole[],
  refuse: (why: string) => never,
): void {
  if (REFUSED_ATTRIBUTE.test(name)) refuse(`hole in ${name}`);
  const parts = value.split("\u0001");
  for (let index = 1; index < parts.length; index++) {
    if (URL_ATTRIBUTES.has(name) && parts[0] === "/" && index === 1) holes.push("path");
    else if (!URL_ATTRIBUTES.has(name) || SAFE_START.test(parts[0]!)) holes.push("value");
    else if (
      parts[0] === "" &&
      index === 1 &&
      (parts[1] === "" ? parts.length === 2 : /^[/?#]/.test(parts[1]!))
    )
      holes.push("url");
    else if (parts[0] === "" && index > 1) holes.push("value");
    else refuse(`hole in the scheme of ${name}`);
  }
}

interface Template {
  readonly strings: readonly string[];
  readonly holes: readonly Hole[];
}
const compiled = new WeakMap<TemplateStringsArray, Template>();

/** The indentation of the source is not sent: line breaks and the spaces around them become one line break. */
function withoutIndentation(strings: readonly string[]): readonly string[] {
  if (strings.some((text) => /<(?:pre|textarea)\b/i.test(text))) return strings;
  return strings.map((text) => text.replace(/\s*\n\s*/g, "\n"));
}

function content(value: Content): string {
  if (typeof value === "string") return escapeHtml(value);
  if (value instanceof Attributes) throw new TypeError("attributes outside a tag");
  if (value instanceof Html) return value.toString();
  if (value === null || value === undefined || value === false) return "";
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (!Array.isArray(value)) throw new TypeError(`cannot render a ${typeof value}`);
  let text = "";
  for (const item of value) text += content(item as Content);
  return text;
}

function attributeValue(value: unknown, kind: Hole): string {
  if (kind === "attributes") {
    if (value === null || value === undefined || value === false) return "";
    if (!(value instanceof Attributes))
      throw new TypeError("only attributes() may stand between attributes");
    return value.toString();
  }
  if (value === null || value === undefined || value === false) return "";
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "bigint") {
    throw new TypeError(`cannot write a ${typeof value} in an attribute`);
  }
  const text = String(value);
  if (kind === "url") return escapeHtml(safeUrl(text));
  // `/` + `/elsewhere.example` would lead to another site
  return escapeHtml(kind === "path" ? text.replace(/^[/\\\s]+/, "") : text);
}

/** The only way to write markup: static parts are trusted, holes are escaped by where they stand. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  let template = compiled.get(strings);
  if (!template) {
    template = { strings: withoutIndentation(strings), holes: compile(strings) };
    compiled.set(strings, template);
  }
  const { strings: parts, holes } = template;
  let text = parts[0]!;
  for (let index = 0; index < values.length; index++) {
    const kind = holes[index]!;
    text += kind === "content" ? content(values[index]) : attributeValue(values[index], kind);
    text += parts[index + 1]!;
  }
  return new Html(MAKE, text);
}

export const renderToString = (page: Html): string => page.toString();
