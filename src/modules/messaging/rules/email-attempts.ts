// SPDX-License-Identifier: EUPL-1.2
/** How a mail server answered; `no-server`: none was reached, or it takes nothing from us. */
export type SendOutcome =
  | { outcome: "sent" }
  /** the address or the message, for good; no personal data in `problem` */
  | { outcome: "refused"; problem: string }
  /** this message, for now */
  | { outcome: "later"; problem: string }
  | { outcome: "no-server"; problem: string };

/** `withdrawn`: nothing is to be asked for any more. */
export type EmailResult = SendOutcome | { outcome: "withdrawn" };

export type EmailState = "planned" | "failed" | "sent" | "given-up" | "withdrawn";

/** Waiting after each attempt: 1, 5, 30 minutes, 2, 6, then 12 hours. */
const WAIT_MINUTES = [1, 5, 30, 120, 360] as const;
const LONGEST_WAIT_MINUTES = 720;
/** About three days: what a mail server does before it gives up. */
export const MOST_ATTEMPTS = 10;
/** Nobody's message: it waits for the server as long as it takes, and counts as no attempt. */
const SERVER_WAIT_MINUTES = 2;

export interface NextEmailState {
  state: EmailState;
  attempts: number;
  /** null: it is over */
  waitMinutes: number | null;
  problem: string;
}

/** What becomes of a message after an attempt; `attempts`: those before it. */
export function afterAttempt(attempts: number, result: EmailResult): NextEmailState {
  const over = { attempts, waitMinutes: null, problem: "" };
  switch (result.outcome) {
    case "sent":
      return { ...over, attempts: attempts + 1, state: "sent" };
    case "withdrawn":
      return { ...over, state: "withdrawn" };
    case "refused":
      return { ...over, attempts: attempts + 1, state: "given-up", problem: result.problem };
    case "no-server":
      return {
        state: attempts === 0 ? "planned" : "failed",
        attempts,
        waitMinutes: SERVER_WAIT_MINUTES,
        problem: result.problem,
      };
    case "later": {
      const { problem } = result;
      const made = attempts + 1;
      if (made >= MOST_ATTEMPTS) return { ...over, attempts: made, state: "given-up", problem };
      const waitMinutes = WAIT_MINUTES[attempts] ?? LONGEST_WAIT_MINUTES;
      return { state: "failed", attempts: made, waitMinutes, problem };
    }
  }
}
