// SPDX-License-Identifier: EUPL-1.2
/** Whose money an actor may see and pay, and take out: families says so for every module. */
export { accountsHeld as heldAccountsOf, accountsInReach as accountsOf } from "#families";
