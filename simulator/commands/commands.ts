// SPDX-License-Identifier: EUPL-1.2
/** How the simulator is told to misbehave. Everything off: it behaves as pagoPA promises. */
import { z } from "zod";

const count = z.coerce.number().int().min(0).max(1000);
const flag = z.stringbool().or(z.boolean());

export const commandsShape = z.strictObject({
  /** before every call to a station */
  delayMs: z.coerce.number().int().min(0).max(60_000),
  /** how long a receipt's answer is waited for; pagoPA: 15 s */
  receiptTimeoutMs: z.coerce.number().int().min(1).max(60_000),
  /** of so many calls with a receipt the answer gets lost: the station has it, the Node does not know */
  dropAnswers: count,
  /** so many calls with a receipt arrive as broken XML */
  malformed: count,
  /** every receipt goes out so many times more, at the same moment */
  duplicates: count,
  /** receipts wait until there are so many, then go out the last one first */
  reorder: count,
  /** the receipt says so many cents more (or fewer) than the notice */
  otherAmountCents: z.coerce.number().int().min(-100_000).max(100_000),
  /** every payment is taken twice: a second receipt with an id of its own */
  secondReceipt: flag,
  /** when the receipt leaves: before the browser is sent back, some time after, never (it stays in the flow) */
  receipt: z.enum(["before-return", "after-return", "never"]),
  receiptAfterMs: z.coerce.number().int().min(0).max(600_000),
  version: z.enum(["V1", "V2"]),
  checkout: z.enum(["open", "down", "refuses"]),
  /** FdR, biz-events, GPD and ACA */
  services: z.enum(["open", "down", "throttled"]),
  /** GPD's files: taken and worked through, or without an answer and worked through when they are released */
  files: z.enum(["open", "late"]),
  /** no call reaches a station */
  unreachable: flag,
  /** pagoPA answers from its copy (ACA) when the station does not */
  standIn: flag,
});

export type Commands = z.infer<typeof commandsShape>;

export const BEHAVES: Commands = {
  delayMs: 0,
  receiptTimeoutMs: 15_000,
  dropAnswers: 0,
  malformed: 0,
  duplicates: 0,
  reorder: 0,
  otherAmountCents: 0,
  secondReceipt: false,
  receipt: "after-return",
  receiptAfterMs: 1500,
  version: "V2",
  checkout: "open",
  services: "open",
  files: "open",
  unreachable: false,
  standIn: false,
};
