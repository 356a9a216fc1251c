// SPDX-License-Identifier: EUPL-1.2
/**
 * A password costs a third of a second of a processor, on purpose. Tests only use some, so scripts/test-worker.mjs loads
 * this first: hashes look as always and are made at the lowest cost there is. What the cost is, and that it is paid, is
 * proven in src/kernel/password.test.ts, which runs without this.
 */
import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";

const { scrypt } = crypto;
let isReal = false;
crypto.scrypt = ((password, salt, length, options, done) =>
  scrypt(
    password,
    salt,
    length,
    isReal ? options : { ...options, N: 2, r: 1, p: 1 },
    done,
  )) as typeof scrypt;
syncBuiltinESMExports();

/** For tests of how long a password takes. What was hashed outside is wrong inside, and the other way round. */
export async function atRealCost<Result>(work: () => Promise<Result>): Promise<Result> {
  isReal = true;
  return work().finally(() => (isReal = false));
}
