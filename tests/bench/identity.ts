// SPDX-License-Identifier: EUPL-1.2
/** (f) Logins: responses of an identity provider judged on one core, beside the bare check of their two signatures. */
import { createPublicKey, createSign, createVerify } from "node:crypto";
import { judgeResponse } from "../../src/integrations/saml/index.ts";
import { base64, goodInput, idpKey, responseOf } from "../support/saml-provider.ts";
import { type Figure, median } from "./report.ts";
import type { Sizes } from "./sizes.ts";

/** Response and Assertion are both signed. */
const SIGNATURES = 2;
const GOAL = 50;

/** By processor time: what else runs on the machine does not count. */
function perCoreSecond(count: number, run: () => void): number {
  const { user, system } = process.cpuUsage();
  for (let index = 0; index < count; index++) run();
  const spent = process.cpuUsage({ user, system });
  return (count * 1_000_000) / (spent.user + spent.system);
}

/** @throws Error when a message does not end as it must: a figure of something else says nothing */
function judging(samlResponse: string, expected: "accepted" | "refused"): () => void {
  return () => {
    const { outcome } = judgeResponse({ ...goodInput, samlResponse });
    if (outcome !== expected) throw new Error(`${outcome}, not ${expected}`);
  };
}

function bareCheck(bytes: number): () => void {
  const text = Buffer.alloc(bytes, "x");
  const key = createPublicKey(idpKey.certificatePem);
  const signature = createSign("sha256").update(text).sign(idpKey.privateKeyPem);
  return () => {
    for (let index = 0; index < SIGNATURES; index++) {
      createVerify("sha256").update(text).verify(key, signature);
    }
  };
}

export function measureIdentity(sizes: Sizes["identity"]): Promise<Figure[]> {
  const good = responseOf({});
  const accept = judging(base64(good), "accepted");
  const refuse = judging(base64(responseOf({ isForeignKey: true })), "refused");
  const bare = bareCheck(good.length);
  const figures: Record<"accepted" | "refused" | "bare", number[]> = {
    accepted: [],
    refused: [],
    bare: [],
  };
  // Round 0 compiles the code; it does not count.
  for (let round = 0; round <= sizes.rounds; round += 1) {
    const accepted = perCoreSecond(sizes.responses, accept);
    const refused = perCoreSecond(sizes.responses, refuse);
    const limit = perCoreSecond(sizes.responses, bare);
    if (round === 0) continue;
    figures.accepted.push(accepted);
    figures.refused.push(refused);
    figures.bare.push(limit);
  }
  const limit = median(figures.bare);
  const figure = (name: "accepted" | "refused", what: string): Figure => {
    const value = median(figures[name]);
    return {
      name: `identity.${name}`,
      what,
      value,
      unit: "per s",
      limit: { what: "two bare RSA checks", value: limit, goal: `≥ ${GOAL} per s` },
      share: value / limit,
      met: value >= GOAL,
      details: { ...figures, bytes: good.length },
    };
  };
  return Promise.resolve([
    figure("accepted", "SAML responses accepted, one core"),
    figure("refused", "SAML responses of a foreign key refused"),
  ]);
}
