// SPDX-License-Identifier: EUPL-1.2
import { linkButton, problem } from "#ui/components.ts";
import { html } from "#kernel/html.ts";
import { type Answer, withStatus } from "../../../web/route.ts";
import type { Visit } from "../../../web/visit.ts";
import { publicPage } from "../../public-page.ts";
import { staffWords } from "./words.ts";

type Words = ReturnType<typeof staffWords>;
interface Said {
  readonly h1: string;
  readonly text: string;
  readonly status: 400 | 401 | 403 | 503;
  /** shown as a code for whoever is asked for help */
  readonly isCode?: true;
}

/** How a way to the municipality's provider ended, where it did not end inside: plain words, and what to do. */
export function staffOutcome(visit: Visit, why: string): Answer {
  const w = staffWords(visit.lang);
  const { h1, text, status, isCode } = saidOf(w, why);
  const page = publicPage(visit, {
    current: "enter",
    // The provider's answer cannot be asked for twice.
    languagesAt: "/accedi",
    h1,
    body: problem({
      text,
      supportCode: isCode ? `OIDC ${why}` : undefined,
      actions: html`${linkButton({ href: "/accedi", label: w.again })}`,
      lang: visit.lang,
    }),
  });
  return withStatus(status, page);
}

function saidOf(w: Words, why: string): Said {
  switch (why) {
    case "request-unknown":
    case "other-browser":
      return { h1: w.notDone, text: w.tooLate, status: 403 };
    case "cancelled":
      return { h1: w.cancelled, text: w.cancelledWhy, status: 401 };
    case "unreachable":
    case "late":
      return { h1: w.unreachable, text: w.unreachableWhy, status: 503 };
    case "identity-refused":
      return { h1: w.refused, text: w.refusedWhy, status: 403 };
    case "account-disabled":
    case "no-role":
    case "means-not-admitted":
      return { h1: w.noAccess, text: w.noAccessWhy, status: 403 };
    case "no-address":
      return { h1: w.unknown, text: w.noAddress, status: 403 };
    case "nobody":
    case "several":
      return { h1: w.unknown, text: w.unknownWhy, status: 403, isCode: true };
    case "taken":
      return { h1: w.unknown, text: w.takenWhy, status: 403, isCode: true };
    default:
      return { h1: w.notDone, text: w.notBelieved, status: 400, isCode: true };
  }
}
