// SPDX-License-Identifier: EUPL-1.2
/**
 * Large, flat XML files of others (cash journals, flows): a head and many records, read as they pass. No document type,
 * no entities but the five, bounded in every direction; what is signed inside is passed over.
 */
import { SaxesParser } from "saxes";

const MAX_DEPTH = 24;
const MAX_RECORDS = 200_000;
const MAX_FIELDS = 200;
const MAX_TEXT = 4_000;
const SIGNATURE = "http://www.w3.org/2000/09/xmldsig#";

/** Leaf elements by their path below head or record: `cliente/anagrafica_cliente`. The first of a name counts. */
export type XmlFields = ReadonlyMap<string, string>;

export interface XmlRecord {
  readonly fields: XmlFields;
  /** the last value of the head's field that was asked to be carried along */
  readonly carried: string;
}

export type ReadRecords =
  | {
      readonly outcome: "read";
      readonly root: string;
      readonly head: XmlFields;
      readonly records: readonly XmlRecord[];
    }
  | {
      readonly outcome: "unreadable";
      readonly reason: "not-well-formed" | "doctype" | "too-large";
    };

class Stop extends Error {
  readonly reason: "doctype" | "too-large";
  constructor(reason: "doctype" | "too-large") {
    super(reason);
    this.reason = reason;
  }
}

/** `record`: local name of the element that repeats; `carry`: name of a head field. Namespaces are not asked for. */
export function readRecords(text: string, of: { record: string; carry?: string }): ReadRecords {
  const reading = new Reading(of);
  const parser = new SaxesParser({ xmlns: true, position: false });
  parser.on("opentag", (tag) => reading.open(tag.local, tag.uri));
  parser.on("closetag", () => reading.close());
  parser.on("text", (more) => reading.add(more));
  parser.on("cdata", (more) => reading.add(more));
  parser.on("doctype", () => {
    throw new Stop("doctype");
  });
  try {
    parser.write(text).close();
  } catch (error) {
    return {
      outcome: "unreadable",
      reason: error instanceof Stop ? error.reason : "not-well-formed",
    };
  }
  const { root, head, records } = reading;
  return { outcome: "read", root, head, records };
}

class Reading {
  root = "";
  readonly head = new Map<string, string>();
  readonly records: XmlRecord[] = [];
  readonly #record: string;
  readonly #carry: string;
  /** names of the open elements, each with whether it has children */
  readonly #path: { name: string; isLeaf: boolean }[] = [];
  #text = "";
  #carried = "";
  #fields: Map<string, string> | null = null;
  /** depth at which the record, the signature began; 0: not inside one */
  #recordAt = 0;
  #signatureAt = 0;

  constructor(of: { record: string; carry?: string }) {
    this.#record = of.record;
    this.#carry = of.carry ?? "";
  }

  open(name: string, uri: string): void {
    const parent = this.#path.at(-1);
    if (parent) parent.isLeaf = false;
    else this.root = name;
    this.#path.push({ name, isLeaf: true });
    if (this.#path.length > MAX_DEPTH) throw new Stop("too-large");
    this.#text = "";
    if (uri === SIGNATURE && this.#signatureAt === 0) this.#signatureAt = this.#path.length;
    if (name === this.#record && this.#recordAt === 0 && this.#signatureAt === 0) {
      this.#recordAt = this.#path.length;
      this.#fields = new Map();
    }
  }

  add(more: string): void {
    if (this.#signatureAt > 0) return;
    this.#text += more;
    if (this.#text.length > MAX_TEXT) throw new Stop("too-large");
  }

  close(): void {
    const depth = this.#path.length;
    const element = this.#path.at(-1);
    if (element?.isLeaf && this.#signatureAt === 0 && depth > 1) this.#keep(element.name);
    if (depth === this.#signatureAt) this.#signatureAt = 0;
    if (depth === this.#recordAt && this.#fields) {
      if (this.records.length >= MAX_RECORDS) throw new Stop("too-large");
      this.records.push({ fields: this.#fields, carried: this.#carried });
      this.#fields = null;
      this.#recordAt = 0;
    }
    this.#path.pop();
    this.#text = "";
  }

  #keep(name: string): void {
    const from = this.#fields ? this.#recordAt : 1;
    const path = this.#path
      .slice(from)
      .map((one) => one.name)
      .join("/");
    const value = this.#text.trim();
    if (name === this.#carry && !this.#fields) this.#carried = value;
    const fields = this.#fields ?? this.head;
    if (fields.has(path)) return;
    if (fields.size >= MAX_FIELDS) throw new Stop("too-large");
    fields.set(path, value);
  }
}
