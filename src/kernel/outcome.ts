// SPDX-License-Identifier: EUPL-1.2
/** Put in the default branch of a switch over a union: a new case then fails to compile. */
export function assertNever(value: never): never {
  throw new Error(`unexpected case: ${JSON.stringify(value)}`);
}
