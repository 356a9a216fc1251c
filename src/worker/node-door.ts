// SPDX-License-Identifier: EUPL-1.2
import { STATION_PATH } from "../surfaces/web/app.ts";
import { type DoorFiles, EnvironmentError, readPem } from "../environment.ts";
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
    cert: readPem(files.certFile, "CAMPANELLA_STATION_TLS_CERT"),
    key: readPem(files.keyFile, "CAMPANELLA_STATION_TLS_KEY"),
    ca: readPem(files.caFile, "CAMPANELLA_STATION_TLS_CA"),
  };
  try {
    return await openNodeDoor(server.http, door);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new EnvironmentError(`CAMPANELLA_STATION_TLS_…: ${said}`);
  }
}
