// SPDX-License-Identifier: EUPL-1.2
import type { Commands } from "../commands/commands.ts";
import type { Operation } from "./messages.ts";
import type { Answer } from "./types.ts";

/** pagoPA waits 7 s for an answer; for that of a receipt as long as the commands say. */
const ASK_TIMEOUT_MS = 7000;

/** A real station refuses a call that says where it comes from. */
const SIMULATED_HEADER = "x-simulatore";

export interface CallDiary {
  note(line: {
    operation: Operation;
    noticeNumber: string;
    said: string;
    milliseconds: number;
  }): void;
}

export interface StationLine {
  readonly url: string;
  /** what a proxy in front of the station would add (the name in the client's certificate) */
  readonly headers: Readonly<Record<string, string>>;
  readonly diary: CallDiary;
  commands(): Commands;
  /** takes one of so many times a misbehaviour is wanted */
  take(what: "dropAnswers" | "malformed"): boolean;
}

/** One call over HTTP. Time-out, no connection, HTTP other than 200: no answer. */
export async function callStation<T>(
  line: StationLine,
  of: {
    operation: Operation;
    noticeNumber: string;
    xml: string;
    read: (body: string) => Answer<T>;
  },
): Promise<Answer<T>> {
  const { delayMs, receiptTimeoutMs } = line.commands();
  if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
  const isReceipt = of.operation.startsWith("paSendRT");
  const isBroken = isReceipt && line.take("malformed");
  const isLost = isReceipt && !isBroken && line.take("dropAnswers");
  const body = isBroken ? of.xml.slice(0, of.xml.lastIndexOf("</")) : of.xml;
  const started = performance.now();
  const timeout = isReceipt ? receiptTimeoutMs : ASK_TIMEOUT_MS;
  const got = line.commands().unreachable
    ? { why: "no connection" }
    : await post(line, of.operation, body, timeout);
  const answer: Answer<T> = isLost
    ? { outcome: "no-answer", why: "the answer got lost" }
    : typeof got === "string"
      ? of.read(got)
      : { outcome: "no-answer", why: got.why };
  line.diary.note({
    operation: of.operation,
    noticeNumber: of.noticeNumber,
    said: saidIn(answer),
    milliseconds: Math.round(performance.now() - started),
  });
  return answer;
}

async function post(
  line: StationLine,
  operation: Operation,
  body: string,
  timeoutMs: number,
): Promise<string | { why: string }> {
  try {
    const response = await fetch(line.url, {
      method: "POST",
      headers: {
        ...line.headers,
        "content-type": "text/xml; charset=utf-8",
        soapaction: `"${operation}"`,
        [SIMULATED_HEADER]: "1",
      },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    return response.status === 200 ? text : { why: `HTTP ${response.status}` };
  } catch (error) {
    const timedOut = error instanceof Error && error.name === "TimeoutError";
    return { why: timedOut ? `no answer within ${timeoutMs} ms` : "no connection" };
  }
}

const saidIn = (answer: Answer<unknown>): string => {
  switch (answer.outcome) {
    case "ok":
      return "OK";
    case "refused":
      return `KO ${answer.fault.code}`;
    case "no-answer":
      return answer.why;
  }
};
