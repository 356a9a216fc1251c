// SPDX-License-Identifier: EUPL-1.2
import { hash, randomBytes } from "node:crypto";

let lastMs = 0;
let counter = 0;

/**
 * Time-ordered UUID (version 7) made by the application: the database needs no extension for it. Ids of one process
 * ascend strictly (12-bit counter inside a millisecond), so the order of ids is the order of entry.
 */
export function newId(): string {
  const bytes = randomBytesOf16();
  const ms = Date.now();
  if (ms > lastMs) {
    lastMs = ms;
    counter = bytes.readUInt16BE(6) & 0x7ff;
  } else {
    counter += 1;
    if (counter > 0xfff) {
      counter = 0;
      lastMs += 1;
    }
  }
  bytes.writeUIntBE(lastMs, 0, 6);
  bytes.writeUInt16BE(0x7000 | counter, 6);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return toUuid(bytes);
}

/**
 * Ids of this process stay above this one (UUID version 7) from now on, also when the system's clock was set back
 * meanwhile: what is sealed up to an id stays as it was sealed.
 */
export function keepIdsAbove(id: string): void {
  const ms = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
  if (id[14] !== "7" || ms < lastMs) return;
  lastMs = ms + 1;
  counter = 0;
}

const POOL_BYTES = 4096;
let pool = randomBytes(POOL_BYTES);
let used = 0;

/** Asking the system for chance costs ten times what it costs to take sixteen bytes from a supply. */
function randomBytesOf16(): Buffer {
  if (used === POOL_BYTES) {
    pool = randomBytes(POOL_BYTES);
    used = 0;
  }
  used += 16;
  return Buffer.from(pool.subarray(used - 16, used));
}

/** The same content always gives the same id (UUID version 8, SHA-256): rows that must exist only once. */
export function idFromContent(content: string): string {
  // Hex from the hash itself costs a third of bytes that are turned into text here.
  const hex = hash("sha256", content, "hex");
  const variant = "89ab"[Number.parseInt(hex[16]!, 16) & 3];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export const isUuid = (text: string): boolean => UUID.test(text);

function toUuid(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
