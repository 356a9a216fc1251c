// SPDX-License-Identifier: EUPL-1.2
/** Each costs the server some ten kilobytes per connection. */
const MAX_NAMES = 300;
const MAX_ITEMS = 32;
const MAX_TEXT = 4096;

/**
 * Names for statements that come again and again: they are parsed and planned once per connection, and planning is two
 * thirds of a small one. Bulk work keeps its own plan: the general one would take two thousand ids for ten.
 */
export class StatementNames {
  readonly #fromUse: number;
  readonly #uses = new Map<string, number>();
  readonly #names = new Map<string, string>();

  /** `fromUse`: the how-many-th use of a statement is the first with a name */
  constructor(fromUse: number) {
    this.#fromUse = fromUse;
  }

  of(text: string, values: readonly unknown[]): string | undefined {
    if (values.some(isBulk)) return undefined;
    const known = this.#names.get(text);
    if (known || this.#names.size >= MAX_NAMES) return known;
    const uses = (this.#uses.get(text) ?? 0) + 1;
    this.#uses.set(text, uses);
    if (uses < this.#fromUse) return undefined;
    const name = `s${this.#names.size}`;
    this.#names.set(text, name);
    this.#uses.delete(text);
    return name;
  }
}

const isBulk = (value: unknown): boolean =>
  (Array.isArray(value) && value.length > MAX_ITEMS) ||
  (typeof value === "string" && value.length > MAX_TEXT);
