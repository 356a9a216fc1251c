// SPDX-License-Identifier: EUPL-1.2
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";

const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** First byte of what is sealed: another way of sealing gets another one. */
const VERSION = 1;

/** What a sealed text is for. It opens only where the same town and purpose are named. */
export interface SealedFor {
  readonly tenantId: string;
  readonly purpose: string;
}

/** A sealed text that does not open: another installation's, another town's, or touched. */
export class SealBrokenError extends Error {
  override readonly name = "SealBrokenError";
}

const keyOf = (sealKey: string): Buffer =>
  createHmac("sha256", sealKey).update("campanella seal 1").digest();
const boundTo = ({ tenantId, purpose }: SealedFor): Buffer =>
  Buffer.from(JSON.stringify([tenantId, purpose]), "utf8");

/**
 * Encrypts a secret for the database with AES-256-GCM. `sealKey` is the installation's (`installationKeys`): whoever
 * only has a copy of the tables reads nothing, and a row moved to another town does not open.
 */
export function seal(sealKey: string, of: SealedFor, secret: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, keyOf(sealKey), nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(boundTo(of));
  const sealed = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), sealed]).toString(
    "base64url",
  );
}

/** @throws SealBrokenError */
export function unseal(sealKey: string, of: SealedFor, sealed: string): string {
  const bytes = Buffer.from(sealed, "base64url");
  if (bytes[0] !== VERSION || bytes.length < 1 + NONCE_BYTES + TAG_BYTES)
    throw new SealBrokenError("not a sealed text");
  const nonce = bytes.subarray(1, 1 + NONCE_BYTES);
  const tag = bytes.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES);
  const cipher = createDecipheriv(CIPHER, keyOf(sealKey), nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(boundTo(of));
  cipher.setAuthTag(tag);
  try {
    const open = cipher.update(bytes.subarray(1 + NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([open, cipher.final()]).toString("utf8");
  } catch {
    throw new SealBrokenError("the seal does not open");
  }
}
