// SPDX-License-Identifier: EUPL-1.2
const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;

export const isUniqueViolation = (error: unknown): boolean => codeOf(error) === "23505";

/** The database gave up this transaction for another's sake; doing it again is right. */
export const isRepeatable = (error: unknown): boolean =>
  codeOf(error) === "40001" || codeOf(error) === "40P01";
