// SPDX-License-Identifier: EUPL-1.2
import { OFFICE_ROLES, type Role } from "#kernel/actor.ts";
import type { Html } from "#kernel/html.ts";
import type { Visit } from "./visit.ts";

/** What a handler answers. A POST that changed something answers with `seeOther`: reload and back are harmless. */
export type Answer =
  | Html
  | { kind: "page"; status: number; html: Html }
  | { kind: "see-other"; location: string; flash?: string | undefined }
  | { kind: "text"; contentType: string; text: string; fileName?: string | undefined }
  /** a PDF: shown by the browser, `fileName` when it is kept */
  | { kind: "file"; contentType: string; bytes: Uint8Array; fileName: string }
  /** a file too large to be held in memory: kept by the browser, `length` in bytes */
  | {
      kind: "stream";
      contentType: string;
      chunks: AsyncIterable<Uint8Array>;
      length: number;
      fileName: string;
    }
  /** pagoPA's payment pages, and no other place in the world */
  | { kind: "to-checkout"; location: string }
  /** a provider of identities, as its federation's list names it */
  | { kind: "to-provider"; location: string }
  /** the same by POST: a page that sends itself; its form may lead there */
  | { kind: "form-to-provider"; origin: string; html: Html }
  | { kind: "not-found" }
  | { kind: "forbidden" };

export const seeOther = (location: string, flash?: string): Answer => ({
  kind: "see-other",
  location,
  flash,
});
export const notFound = { kind: "not-found" } as const satisfies Answer;
export const forbidden = { kind: "forbidden" } as const satisfies Answer;
export const withStatus = (status: number, html: Html): Answer => ({ kind: "page", status, html });

export type LoginPurpose = "portal" | "topUp" | "enrolment";

/** Every route says who may use it: there is no default. `public` pages need no session. */
export interface Route {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly access: "public" | readonly Role[];
  readonly handle: (visit: Visit) => Promise<Answer> | Answer;
  /** attempts a minute and address; only where guessing is the danger */
  readonly perMinute?: number | undefined;
  /** answers from a provider come from its site: no form of ours, no token of ours */
  readonly fromOutside?: boolean | undefined;
  /** what a family is about to do: towns name the means of sign-in for each (OS-17); absent: `portal` */
  readonly purpose?: LoginPurpose | undefined;
  /** accepts file uploads */
  readonly multipart?: boolean | undefined;
}

export { MANAGER_ROLES, OFFICE_ROLES } from "#kernel/actor.ts";
/** Pages of a family: itself, or the office with its desk open. */
export const FAMILY_ROLES = ["guardian", "delegate", ...OFFICE_ROLES] as const;
