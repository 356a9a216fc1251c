// SPDX-License-Identifier: EUPL-1.2
/** pagoPA's REST services for creditors: one GET with the subscription key, bounded, never redirected. */
import { z } from "zod";
import { firstBytes, type PagopaAccess, parseJson, serviceUrl } from "./call-service.ts";

const TIMEOUT_MS = 30_000;
/** A page of a thousand payments is a fifth of that. */
const MAX_BYTES = 5_000_000;

/** A service that does not answer, refuses, or says what nobody understands. The message holds no data. */
export class RestFault extends Error {
  override readonly name = "RestFault";
  readonly status: number | null;
  constructor(message: string, status: number | null = null) {
    super(message);
    this.status = status;
  }
}

/**
 * GET of a path below the API's address, read by a schema.
 * @throws RestFault; RangeError for an address that would send the key in the clear
 */
export async function getJson<Body>(
  service: PagopaAccess,
  of: {
    path: string;
    query?: Readonly<Record<string, string | null>>;
    schema: z.ZodType<Body>;
  },
): Promise<{ body: Body; text: string }> {
  const url = serviceUrl(service.apiUrl, of.path);
  for (const [name, value] of Object.entries(of.query ?? {}))
    if (value !== null) url.searchParams.set(name, value);
  const { status, text } = await call(service, url);
  if (status !== 200) throw new RestFault(`answered ${status}`, status);
  const read = of.schema.safeParse(parseJson(text));
  if (!read.success) {
    const where = read.error.issues[0]?.path.join(".") ?? "";
    throw new RestFault(`the answer is not as described, at ${where || "its beginning"}`, status);
  }
  return { body: read.data, text };
}

async function call(service: PagopaAccess, url: URL): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, {
      redirect: "error",
      headers: {
        accept: "application/json",
        "ocp-apim-subscription-key": service.subscriptionKey,
      },
      signal: AbortSignal.timeout(service.timeoutMs ?? TIMEOUT_MS),
    });
    return { status: response.status, text: await textOf(response) };
  } catch (error) {
    if (error instanceof RestFault) throw error;
    const isLate = error instanceof DOMException && error.name === "TimeoutError";
    throw new RestFault(isLate ? "no answer in time" : "not reachable");
  }
}

/** A page that is cut is no page: better told than read in part. */
async function textOf(response: Response): Promise<string> {
  const text = await firstBytes(response, MAX_BYTES);
  if (text.length >= MAX_BYTES) throw new RestFault("the answer is too long", response.status);
  return text;
}

/** An amount in euro as JSON gives it: at most two decimals, read without a float's error. */
export const euroAmount = z
  .number()
  .refine((euro) => Math.abs(euro * 100 - Math.round(euro * 100)) < 1e-4 && Math.abs(euro) < 1e12)
  .transform((euro) => BigInt(Math.round(euro * 100)));

/** A code as pagoPA's interfaces have them everywhere: 1 to 35 characters. */
export const code35 = z.string().min(1).max(35);
