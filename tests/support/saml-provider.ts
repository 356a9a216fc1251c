// SPDX-License-Identifier: EUPL-1.2
/** A login at a pretended provider, good until a test spoils it. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { moment } from "#kernel/dates.ts";
import { judgeResponse } from "../../src/integrations/saml/judge-response.ts";
import type {
  JudgeInput,
  Judgement,
  Protocol,
  SentRequest,
} from "../../src/integrations/saml/response-types.ts";
import { makeSigningKey } from "../../simulator/identity-provider/keys.ts";
import { type Mutation, mutate } from "../../simulator/identity-provider/mutate.ts";
import {
  type Answer,
  answerTo,
  writeFailure,
  writeResponse,
} from "../../simulator/identity-provider/response.ts";
import { signResponse } from "../../simulator/identity-provider/sign.ts";

export const IDENTITY_SPECS = resolve("../shared/specs/identity");

/** Why a test that reads the published cases cannot run here, or `false`: pass it as its `skip`. */
export const identitySpecsMissing: string | false = existsSync(IDENTITY_SPECS)
  ? false
  : "skipped: ../shared/specs/identity is not here";

export const NOW = moment("2026-11-20T08:00:10Z");
export const IDP_ENTITY_ID = "https://identita.esempio.it";
export const SP_ENTITY_ID = "https://comune.esempio.it/spid";
export const ACS_URL = "https://comune.esempio.it/spid/acs";
export const SKEW_MS = 30_000;

export const idpKey = makeSigningKey("Identità di esempio", moment("2026-01-01T00:00:00Z"));
/** Not in the provider's metadata. */
export const foreignKey = makeSigningKey("Identità di esempio", moment("2026-01-01T00:00:00Z"));

export const ADA = {
  name: "Ada",
  familyName: "Rossi",
  fiscalNumber: "TINIT-RSSDAA85C41H501R",
  dateOfBirth: "1985-03-01",
  email: "ada@esempio.it",
};

export const goodInput: Omit<JudgeInput, "samlResponse"> = {
  now: NOW,
  protocol: "spid",
  idp: { entityId: IDP_ENTITY_ID, certificates: [idpKey.certificatePem] },
  sp: { entityId: SP_ENTITY_ID, acsUrl: ACS_URL },
  request: {
    id: "_richiesta1",
    issuedAt: moment("2026-11-20T08:00:00Z"),
    requestedLevel: 1,
    comparison: "minimum",
    bindingOk: true,
  },
  skewMs: SKEW_MS,
};

export const goodAnswer = (protocol: Protocol = "spid"): Answer =>
  answerTo(
    {
      requestId: "_richiesta1",
      acsUrl: ACS_URL,
      spEntityId: SP_ENTITY_ID,
      level: protocol === "cie" ? 3 : 1,
      protocol,
    },
    { entityId: IDP_ENTITY_ID, at: moment("2026-11-20T08:00:05Z"), unique: "1" },
    ADA,
  );

export interface LoginCase {
  readonly answer?: Partial<Answer>;
  /** the provider refuses: no assertion */
  readonly failure?: Parameters<typeof writeFailure>[1];
  readonly mutations?: readonly Mutation[];
  readonly placeholders?: Readonly<Record<string, string>>;
  readonly sign?: "both" | "assertion" | "response" | "none";
  readonly isForeignKey?: boolean;
  /** last, on the text that was signed */
  readonly tamper?: (xml: string) => string;
  readonly input?: Partial<Omit<JudgeInput, "samlResponse">>;
  readonly request?: Partial<SentRequest>;
}

export const base64 = (xml: string): string => Buffer.from(xml).toString("base64");

/** The text that the browser would post, before base64. */
export function responseOf(login: LoginCase): string {
  const answer = { ...goodAnswer(login.input?.protocol), ...login.answer };
  const good = login.failure ? writeFailure(answer, login.failure) : writeResponse(answer);
  const spoilt = mutate(good, login.mutations ?? [], login.placeholders);
  const key = login.isForeignKey ? foreignKey : idpKey;
  const sign = login.sign ?? "both";
  const signed = signResponse(spoilt, {
    response: sign === "both" || sign === "response" ? key : null,
    assertion: sign === "both" || sign === "assertion" ? key : null,
  });
  return login.tamper ? login.tamper(signed) : signed;
}

/** Judges what was posted as if it answered the good request. */
export function judgeText(
  xml: string,
  login: Pick<LoginCase, "input" | "request"> = {},
): Judgement {
  const request = goodInput.request && { ...goodInput.request, ...login.request };
  return judgeResponse({ ...goodInput, request, ...login.input, samlResponse: base64(xml) });
}

export const judgeLogin = (login: LoginCase): Judgement => judgeText(responseOf(login), login);

/** `accepted`, the reason of a refusal, or the code of an anomaly: `anomaly 22`. */
export function wordOf(judgement: Judgement): string {
  switch (judgement.outcome) {
    case "accepted":
      return "accepted";
    case "refused":
      return judgement.reason;
    case "anomaly":
      return `anomaly ${judgement.code}`;
  }
}
