// SPDX-License-Identifier: EUPL-1.2
import { parse, type PGlite, protocol } from "@electric-sql/pglite";
import { StatementNames } from "./statement-names.ts";
import type { Connection } from "./types.ts";

const { serialize } = protocol;
/** There is one session only, so what comes twice has come often. */
const NAMED_FROM_USE = 2;

/**
 * PGlite's own `query` parses and plans every statement anew, in five exchanges. One that comes again is prepared here
 * and asked for in one exchange, at a seventh of the cost. One at a time: an exchange is not to be interrupted.
 */
export function preparedQueries(pglite: PGlite): Connection["query"] {
  const names = new StatementNames(NAMED_FROM_USE);
  const typesOf = new Map<string, readonly number[]>();

  /** With the end of the exchange: after a refused message PostgreSQL skips everything up to it. */
  const exchange = (...messages: readonly Uint8Array[]) =>
    pglite.execProtocol(new Uint8Array(Buffer.concat([...messages, serialize.sync()])));

  async function prepare(name: string, text: string): Promise<readonly number[]> {
    const { messages } = await exchange(
      serialize.parse({ name, text }),
      serialize.describe({ type: "S", name }),
    );
    const types = parse.parseDescribeStatementResults(messages);
    typesOf.set(name, types);
    return types;
  }

  const asText = (value: unknown, type: number | undefined): string | null => {
    if (value === null || value === undefined) return null;
    const serializer = type === undefined ? undefined : pglite.serializers[type];
    return serializer ? serializer(value) : String(value);
  };

  async function ask(name: string, text: string, parameters: readonly unknown[]) {
    const types = typesOf.get(name) ?? (await prepare(name, text));
    const values = parameters.map((value, index) => asText(value, types[index]));
    const { messages } = await exchange(
      serialize.bind({ statement: name, values }),
      serialize.describe({ type: "P" }),
      serialize.execute({}),
    );
    return parse.parseResults(messages, pglite.parsers)[0]!;
  }

  return async (text, parameters) => {
    const name = names.of(text, parameters);
    const result = name
      ? await ask(name, text, parameters)
      : await pglite.query(text, parameters as unknown[]);
    return { rows: result.rows, affected: result.affectedRows ?? 0 };
  };
}
