// SPDX-License-Identifier: EUPL-1.2
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from "#kernel/password.ts";
import { type PasswordFault, passwordFault } from "../rules/password-policy.ts";

/** What a new password is judged by, besides its length. */
export interface JudgedPassword {
  readonly password: string;
  /** is it in the operator's list of stolen ones? */
  readonly isStolen: (password: string) => Promise<boolean>;
  /** the town's name */
  readonly townName: string;
}

/** The one judge of new passwords, whoever chooses them and wherever. `personal`: names and user code of the account. */
export async function judgePassword(
  of: JudgedPassword,
  personal: readonly string[],
): Promise<PasswordFault | null> {
  const fault = passwordFault(of.password, {
    minLength: MIN_PASSWORD_LENGTH,
    maxLength: MAX_PASSWORD_LENGTH,
    personal: [...personal, of.townName],
  });
  return fault ?? ((await of.isStolen(of.password)) ? "common" : null);
}
