// SPDX-License-Identifier: EUPL-1.2
/** Calls to pagoPA's REST services: by https, with the key in its header, within a time, never following a redirect. */
import { z } from "zod";
import { clip } from "./soap/write-xml.ts";

/** The gateway itself gives up after this long. */
const TIMEOUT_MS = 10_000;
/** Of an answer no more is read. */
const MAX_ANSWER_BYTES = 262_144;
const MAX_DETAIL = 300;

export interface PagopaAccess {
  /** as `https://api.platform.pagopa.it`; plain http only on this machine (the simulator) */
  readonly apiUrl: string;
  readonly subscriptionKey: string;
  readonly timeoutMs?: number;
}

export type ServiceAnswer =
  | {
      readonly outcome: "answered";
      readonly status: number;
      readonly body: unknown;
      readonly detail: string;
      /** where what was asked for is to be found */
      readonly location: string | null;
    }
  | { readonly outcome: "unreachable"; readonly reason: "timeout" | "network" };

/**
 * One call. A network that fails is an answer, not an exception: the call may have arrived or not. `detail` is what a
 * refusal says of itself, in one line, for the log and the office.
 * @throws RangeError for an `apiUrl` that would send the key in the clear
 */
export async function callService(
  access: PagopaAccess,
  call: {
    method: "GET" | "POST" | "PUT" | "DELETE";
    path: string;
    body?: unknown;
    form?: FormData;
  },
): Promise<ServiceAnswer> {
  const url = serviceUrl(access.apiUrl, call.path);
  try {
    const response = await fetch(url, {
      method: call.method,
      redirect: "manual",
      headers: {
        accept: "application/json",
        "ocp-apim-subscription-key": access.subscriptionKey,
        ...(call.body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      ...(call.form === undefined ? {} : { body: call.form }),
      signal: AbortSignal.timeout(access.timeoutMs ?? TIMEOUT_MS),
    });
    const text = await firstBytes(response);
    const body = parseJson(text);
    const location = response.headers.get("location");
    return { outcome: "answered", status: response.status, body, detail: detailOf(body), location };
  } catch (error) {
    const isLate = error instanceof DOMException && error.name === "TimeoutError";
    return { outcome: "unreachable", reason: isLate ? "timeout" : "network" };
  }
}

export function serviceUrl(apiUrl: string, path: string): URL {
  const base = URL.parse(apiUrl.endsWith("/") ? apiUrl : `${apiUrl}/`);
  if (!base || (base.protocol !== "https:" && !isThisMachine(base)))
    throw new RangeError("pagoPA is called by https");
  return new URL(path, base);
}

/** The simulator runs here; on the way to it nobody listens. */
export const isThisMachine = ({ protocol, hostname }: URL): boolean =>
  protocol === "http:" && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);

const problem = z.object({ title: z.string().nullish(), detail: z.string().nullish() });

/** What a refusal says of itself; nothing when it is no such JSON. */
export function detailOf(body: unknown): string {
  const read = problem.safeParse(body);
  const { title, detail } = read.success ? read.data : {};
  const line = [title ?? "", detail ?? ""].filter((part) => part !== "").join(": ");
  return clip(line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " "), MAX_DETAIL);
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export async function firstBytes(response: Response, limit = MAX_ANSWER_BYTES): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    pieces.push(piece);
    length += piece.length;
    if (length >= limit) break;
  }
  return Buffer.concat(pieces).toString("utf8");
}
