// SPDX-License-Identifier: EUPL-1.2
import { createHmac } from "node:crypto";
import type { Visit } from "./visit.ts";

const LENGTH = 32;

/**
 * The browser's address for the security log: two lines of the same address are seen to be, the address itself is in no
 * table. Keyed, because the addresses of the world can be tried one by one; another town's lines cannot be compared.
 */
export const originHash = ({ app, tenant, request }: Visit): string =>
  createHmac("sha256", app.sealKey)
    .update(`campanella origin 1\n${tenant.id}\n${request.ip}`)
    .digest("hex")
    .slice(0, LENGTH);
