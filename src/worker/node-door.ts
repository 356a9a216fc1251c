// SPDX-License-Identifier: EUPL-1.2
import { STATION_PATH } from "../surfaces/web/app.ts";
import { readFileSync } from "node:fs";
import { type DoorFiles, EnvironmentError } from "../environment.ts";
import { type NodeDoor, openNodeDoor } from "../surfaces/pagopa-station/node-listener.ts";
import type { RunningServer } from "../surfaces/web/server.ts";

/**
 * The station's own TLS port, when the operator wants one. Certificates are read once: a new one needs a restart.
 * @throws EnvironmentError for a file that cannot be read, a port that is taken, a certificate that is none
 */
export async function openDoor(
  server: RunningServer,
  files: DoorFiles | null,
  host: string,
): Promise<{ close(): Promise<void> } | null> {
  if (!files) return null;
  const { port, callers } = files;
  const door: NodeDoor = {
    ...{ host, port, callers, path: STATION_PATH },
    cert: readPem(files.certFile, "CERT"),
    key: readPem(files.keyFile, "KEY"),
    ca: readPem(files.caFile, "CA"),
  };
  try {
    return await openNodeDoor(server.http, door);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new EnvironmentError(`CAMPANELLA_STATION_TLS_…: ${said}`);
  }
}

function readPem(path: string, part: string): string {
  const name = `CAMPANELLA_STATION_TLS_${part}`;
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new EnvironmentError(`${name}=${path}: no file that can be read`);
  }
}
