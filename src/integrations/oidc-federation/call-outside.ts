// SPDX-License-Identifier: EUPL-1.2
/** Every call to the federation: https, bounded in time and size, never redirected, an answer instead of an exception. */
import { readAddress } from "./addresses.ts";
import { type Refusal, refused } from "./refusal.ts";

export interface Outside {
  readonly fetch: (url: URL, init: RequestInit) => Promise<Response>;
  /** for one call, body included; default 8000 */
  readonly timeoutMs?: number;
  /** tests and demonstration only: http to this machine */
  readonly allowLoopbackHttp?: boolean;
}

export type CallFault = "address" | "unreachable" | "late" | "redirected" | "oversize";

export interface Answered {
  readonly outcome: "answered";
  readonly url: string;
  readonly status: number;
  /** media type without parameters, in lower case */
  readonly contentType: string;
  readonly text: string;
}

const TIMEOUT_MS = 8000;
/** The anchor in production publishes 12 KB; a statement of ten times that is no statement. */
export const MAX_ANSWER_BYTES = 128 * 1024;

export interface Call {
  readonly method?: "GET" | "POST";
  readonly accept: string;
  readonly authorization?: string;
  readonly form?: URLSearchParams;
}

export async function callOutside(
  outside: Outside,
  address: string,
  call: Call,
): Promise<Answered | Refusal<CallFault>> {
  const url = readAddress(address, outside.allowLoopbackHttp ?? false);
  if (!url) return refused("address", address.slice(0, 200));
  const headers: Record<string, string> = { accept: call.accept };
  if (call.authorization !== undefined) headers["authorization"] = call.authorization;
  if (call.form) headers["content-type"] = "application/x-www-form-urlencoded";
  try {
    const response = await outside.fetch(url, {
      method: call.method ?? "GET",
      headers,
      redirect: "manual",
      signal: AbortSignal.timeout(outside.timeoutMs ?? TIMEOUT_MS),
      ...(call.form ? { body: call.form.toString() } : {}),
    });
    return await readAnswer(url, response);
  } catch (error) {
    const isLate = error instanceof DOMException && error.name === "TimeoutError";
    return refused(isLate ? "late" : "unreachable", url.href);
  }
}

async function readAnswer(url: URL, response: Response): Promise<Answered | Refusal<CallFault>> {
  if ((response.status >= 300 && response.status < 400) || response.type === "opaqueredirect") {
    await response.body?.cancel();
    return refused("redirected", url.href);
  }
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += piece.length;
    if (length > MAX_ANSWER_BYTES) return refused("oversize", url.href);
    pieces.push(piece);
  }
  const contentType = (response.headers.get("content-type") ?? "").split(";")[0] ?? "";
  return {
    outcome: "answered",
    url: url.href,
    status: response.status,
    contentType: contentType.trim().toLowerCase(),
    text: Buffer.concat(pieces).toString("utf8"),
  };
}
