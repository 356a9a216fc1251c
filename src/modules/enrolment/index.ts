// SPDX-License-Identifier: EUPL-1.2
export { roster, type RosterRow, schedulesOf } from "./sql/roster.ts";
