// SPDX-License-Identifier: EUPL-1.2
const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;

/** The database gave up this transaction for another's sake; doing it again is right. */
export const isRepeatable = (error: unknown): boolean =>
  codeOf(error) === "40001" || codeOf(error) === "40P01";

/** The connection is gone: the server ended it (restart, timeout) or the network did. */
export function isConnectionLost(error: unknown): boolean {
  const code = codeOf(error);
  if (code === "57P01" || code === "57P02" || code === "ECONNRESET" || code === "EPIPE")
    return true;
  return error instanceof Error && /connection (terminated|error)/i.test(error.message);
}
