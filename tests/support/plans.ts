// SPDX-License-Identifier: EUPL-1.2
/** How PostgreSQL would run what is asked of it: each statement is explained, with its own values, where it runs. */
import { type Database } from "#kernel/db/index.ts";
import { databaseOn } from "#kernel/db/open.ts";
import { openPostgres } from "#kernel/db/postgres-driver.ts";
import type { Connection } from "#kernel/db/types.ts";

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly Plans?: readonly PlanNode[];
}

export interface Explained {
  readonly db: Database;
  /** table → statements that would read all of it, since the last call */
  scans(): Map<string, string[]>;
}

const EXPLAINABLE = /^\s*(select|with|insert|update|delete)\b/i;

export async function explaining(url: string): Promise<Explained> {
  const driver = await openPostgres(url, 2);
  let found: { table: string; text: string }[] = [];
  const watched = (connection: Connection): Connection => ({
    async query(text, parameters) {
      if (EXPLAINABLE.test(text)) {
        const { rows } = await connection.query(`explain (format json) ${text}`, parameters);
        const [row] = rows as { "QUERY PLAN": readonly { Plan: PlanNode }[] }[];
        for (const node of nodes(row!["QUERY PLAN"][0]!.Plan))
          if (node["Node Type"] === "Seq Scan" && node["Relation Name"])
            found.push({ table: node["Relation Name"], text });
      }
      return connection.query(text, parameters);
    },
    exec: (text) => connection.exec(text),
  });
  return {
    db: databaseOn({
      ...driver,
      withConnection: (work) => driver.withConnection((connection) => work(watched(connection))),
    }),
    scans() {
      const byTable = Map.groupBy(found, ({ table }) => table);
      found = [];
      return new Map([...byTable].map(([table, of]) => [table, of.map(({ text }) => text)]));
    },
  };
}

function* nodes(plan: PlanNode): Generator<PlanNode> {
  yield plan;
  for (const part of plan.Plans ?? []) yield* nodes(part);
}
