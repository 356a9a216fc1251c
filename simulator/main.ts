// SPDX-License-Identifier: EUPL-1.2
/**
 * The simulator as a process of its own, beside an installation under development (docs/developer/simulator.md):
 * `SIMULATOR_STATION=http://localhost:3000/pagopa/stazione SIMULATOR_CREDITORS=creditors.json node simulator/main.ts`
 */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { systemClock } from "#kernel/clock.ts";
import { startSimulator } from "./server.ts";

const stationsShape = z.array(
  z.object({
    creditorFiscalCode: z.string().regex(/^\d{11}$/),
    segregationCode: z.string().regex(/^\d{2}$/),
    brokerFiscalCode: z.string().regex(/^\d{11}$/),
    stationId: z.string(),
    mode: z.enum(["synchronous", "asynchronous"]).default("synchronous"),
    broadcast: z.boolean().default(false),
  }),
);

const file = process.env["SIMULATOR_CREDITORS"];
if (!file) {
  process.stderr.write("SIMULATOR_CREDITORS=<file>: a JSON list of the stations to call\n");
  process.exit(2);
}
const stations = stationsShape.parse(JSON.parse(await readFile(file, "utf8")));
const simulator = await startSimulator(
  {
    stationUrl: process.env["SIMULATOR_STATION"] || "http://localhost:3000/pagopa/stazione",
    stations: async () => stations,
    now: () => systemClock.now(),
    retryEveryMs: Number(process.env["SIMULATOR_RETRY_MS"] || 60_000),
  },
  { port: Number(process.env["PORT"] || 3020), host: "127.0.0.1" },
);
process.stdout.write(`pagoPA simulator: ${simulator.url}/\n`);
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void simulator.close());
