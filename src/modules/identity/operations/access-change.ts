// SPDX-License-Identifier: EUPL-1.2
import type { WriteTx } from "#kernel/db/index.ts";

/** What about somebody's ways in is not as it was. `factor-reset`: app and passkeys at once, by somebody else. */
export type AccessChange =
  | "password"
  | "passkey-added"
  | "passkey-removed"
  | "codes-added"
  | "codes-removed"
  | "factor-reset";

/** Tells whoever the account belongs to, in the transaction of the change; addresses are not this module's. */
export type TellAccess = (
  tx: WriteTx,
  of: { accountId: string; change: AccessChange },
) => Promise<void>;
