// SPDX-License-Identifier: EUPL-1.2
/** Reads an element's children in the order the interface prescribes; the first deviation is thrown. */
import type { MalformedReason } from "./types.ts";
import type { ReadValue } from "./values.ts";
import type { XmlElement } from "./read-xml.ts";

export const NAMESPACE = "http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd";
const NOT_SPACE = /[^ \t\r\n]/;

/** The message breaks a rule of the interface. Caught by `parseRequest`, never seen outside this folder. */
export class Deviation extends Error {
  readonly reason: MalformedReason;
  /** names of the interface, outermost first */
  readonly path: string;
  constructor(reason: MalformedReason, path: string) {
    super(`${path}: ${reason}`);
    this.reason = reason;
    this.path = path;
  }
}

type ReadGroup<Group> = (sequence: Sequence) => Group;

/**
 * Children of one element, taken one after the other by name. They carry no namespace by the schema; that of the
 * interface is accepted too, because a default namespace on the root gives it to them by accident.
 */
export class Sequence {
  readonly #element: XmlElement;
  readonly #path: string;
  #next = 0;

  constructor(element: XmlElement, path: string) {
    this.#element = element;
    this.#path = path;
    if (element.hasForeignAttribute) throw new Deviation("unexpected-attribute", path);
    if (NOT_SPACE.test(element.text)) throw new Deviation("unexpected-text", path);
  }

  required<Value>(name: string, read: ReadValue<Value>): Value {
    return this.#value(this.#take(name) ?? this.#missing(name), name, read);
  }

  optional<Value>(name: string, read: ReadValue<Value>): Value | undefined {
    const element = this.#take(name);
    return element && this.#value(element, name, read);
  }

  group<Group>(name: string, read: ReadGroup<Group>): Group {
    return this.#group(this.#take(name) ?? this.#missing(name), name, read);
  }

  optionalGroup<Group>(name: string, read: ReadGroup<Group>): Group | undefined {
    const element = this.#take(name);
    return element && this.#group(element, name, read);
  }

  /** One to `most` of them. */
  groups<Group>(name: string, most: number, read: ReadGroup<Group>): Group[] {
    const found: Group[] = [];
    for (let index = 1; index <= most; index++) {
      const element = this.#take(name);
      if (!element) break;
      found.push(this.#group(element, `${name}[${index}]`, read));
    }
    return found.length > 0 ? found : this.#missing(name);
  }

  end(): void {
    if (this.#next < this.#element.children.length)
      throw new Deviation("unexpected-element", this.#path);
  }

  #take(name: string): XmlElement | undefined {
    const element = this.#element.children[this.#next];
    if (element?.name !== name || (element.uri !== "" && element.uri !== NAMESPACE))
      return undefined;
    this.#next += 1;
    return element;
  }

  #value<Value>(element: XmlElement, name: string, read: ReadValue<Value>): Value {
    const path = `${this.#path}/${name}`;
    if (element.hasForeignAttribute) throw new Deviation("unexpected-attribute", path);
    if (element.children.length > 0) throw new Deviation("unexpected-element", path);
    const value = read(element.text);
    if (value === undefined) throw new Deviation("invalid-value", path);
    return value;
  }

  #group<Group>(element: XmlElement, name: string, read: ReadGroup<Group>): Group {
    const inside = new Sequence(element, `${this.#path}/${name}`);
    const group = read(inside);
    inside.end();
    return group;
  }

  #missing(name: string): never {
    const isThere = this.#next < this.#element.children.length;
    throw new Deviation(
      isThere ? "unexpected-element" : "missing-element",
      `${this.#path}/${name}`,
    );
  }
}

/** Leaves out what is undefined, so that an absent element is an absent field. */
export function present<Fields extends object>(fields: Fields): Present<Fields> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) kept[name] = value;
  return kept as Present<Fields>;
}

type OptionalNames<Fields> = {
  [Name in keyof Fields]-?: undefined extends Fields[Name] ? Name : never;
}[keyof Fields];

type Present<Fields> = Omit<Fields, OptionalNames<Fields>> & {
  [Name in OptionalNames<Fields>]?: Exclude<Fields[Name], undefined>;
};
