// SPDX-License-Identifier: EUPL-1.2
/** What a CIE provider says about a person, wrong in one way each. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { entityConfiguration } from "../../src/integrations/oidc-federation/index.ts";
import { encryptFor } from "../../simulator/identity-provider/oidc/provider.ts";
import { type Claims } from "../../simulator/identity-provider/oidc/tokens.ts";
import {
  ANNA,
  endWith,
  endWithClaims,
  partOf,
  tokenPart,
  without,
  type CieTown,
  cieTown,
} from "../support/cie-oidc.ts";

let town: CieTown;
before(async () => {
  town = await cieTown();
});
after(async () => town.close());
beforeEach(() => {
  town.simulator.federation.twist = {};
});

describe("userinfo", () => {
  const cases: [string, string, (claims: Claims) => Claims][] = [
    ["of another provider", "issuer", (c) => ({ ...c, iss: "https://op.other.example" })],
    ["for another party", "audience", (c) => ({ ...c, aud: "https://other.example" })],
    ["about another subject", "subject", (c) => ({ ...c, sub: "other" })],
    ["past", "expired", (c) => ({ ...c, exp: Number(c["iat"]) - 30 })],
    ["of tomorrow", "not-yet-valid", (c) => ({ ...c, iat: Number(c["iat"]) + 31 })],
    ["without an end", "claims", without("exp")],
    ["without a name", "name", without("given_name")],
    ["with a blank name", "name", (c) => ({ ...c, family_name: " " })],
    ["without a birth date", "birth-date", without("birthdate")],
    ["with a day that never was", "birth-date", (c) => ({ ...c, birthdate: "1984-02-30" })],
    ["with a moment for a day", "birth-date", (c) => ({ ...c, birthdate: "1984-05-12T10:00" })],
  ];
  for (const [what, reason, change] of cases)
    it(`OS-03 ${what} is refused: ${reason}`, async () => {
      assert.equal(await endWithClaims(town, "userinfo", change), reason);
    });

  it("MC-06 without a codice fiscale that is right, nobody", async () => {
    const number = "https://attributes.eid.gov.it/fiscal_number";
    for (const wrong of [
      undefined,
      "",
      ANNA.fiscalNumber,
      "TINIT-RSSNNA84E52H501X",
      "TINIT-1234567890",
      `TINIT-${ANNA.fiscalNumber} `,
      7,
    ])
      assert.equal(
        await endWithClaims(town, "userinfo", (c) => ({ ...c, [number]: wrong })),
        "fiscal-number",
        String(wrong),
      );
    for (const company of ["VATIT-12345678903", "TINIT-12345678903"])
      assert.equal(
        await endWithClaims(town, "userinfo", (c) => ({ ...c, [number]: company })),
        "legal-person",
      );
    assert.equal(
      await endWithClaims(town, "userinfo", (c) => ({
        ...c,
        "https://attributes.eid.gov.it/company_fiscal_number": "TINIT-12345678903",
      })),
      "legal-person",
    );
  });

  it("OS-03 a mail address that is none is left out", async () => {
    town.simulator.federation.twist = {
      claims: (kind, claims) =>
        kind === "userinfo" ? { ...claims, email: "not an address" } : claims,
    };
    const { result } = await town.login();
    assert.ok(result.outcome === "accepted" && result.email === null);
  });

  const reasonOfUserinfo = async (
    change: (token: string, signed: string) => string | Promise<string>,
  ): Promise<string> => endWith(town, { userinfo: change });
  const metadata = async (changes: Claims): Promise<Claims> => {
    const said = partOf(await entityConfiguration(town.party, town.now), 1);
    const { openid_relying_party: own } = said["metadata"] as { openid_relying_party: Claims };
    return { ...own, ...changes };
  };

  it("OS-03 in the clear, unsigned or for somebody else's key it is refused", async () => {
    assert.equal(await reasonOfUserinfo((_, signed) => signed), "not-encrypted");
    assert.equal(await reasonOfUserinfo(() => tokenPart({ sub: "x" })), "not-encrypted");
    assert.equal(
      await reasonOfUserinfo(async (_, signed) =>
        encryptFor(await metadata({}), signed.split(".").slice(0, 2).join(".") + "."),
      ),
      "signature",
    );
    assert.equal(
      await reasonOfUserinfo(async (_, signed) =>
        encryptFor(await metadata({}), claimsText(signed)),
      ),
      "malformed",
    );
    const withNone = (signed: string): string =>
      `${tokenPart({ alg: "none" })}.${signed.split(".")[1] ?? ""}.`;
    assert.equal(
      await reasonOfUserinfo(async (_, signed) => encryptFor(await metadata({}), withNone(signed))),
      "algorithm",
    );
    const { keys } = (await metadata({}))["jwks"] as { keys: Claims[] };
    const renamed = { keys: keys.map((key) => ({ ...key, kid: "nobody's" })) };
    assert.equal(
      await reasonOfUserinfo(async (_, signed) =>
        encryptFor(await metadata({ jwks: renamed }), signed),
      ),
      "encryption-key",
    );
  });

  it("OS-03 the four kinds of encryption that the rules list are read, others refused", async () => {
    for (const alg of ["RSA-OAEP", "RSA-OAEP-256"])
      for (const enc of ["A128CBC-HS256", "A256CBC-HS512"])
        assert.equal(
          await reasonOfUserinfo(async (_, signed) =>
            encryptFor(
              await metadata({
                userinfo_encrypted_response_alg: alg,
                userinfo_encrypted_response_enc: enc,
              }),
              signed,
            ),
          ),
          "accepted",
          `${alg} ${enc}`,
        );
    assert.equal(
      await reasonOfUserinfo(async (_, signed) =>
        encryptFor(await metadata({ userinfo_encrypted_response_enc: "A256GCM" }), signed),
      ),
      "encryption-algorithm",
    );
    const [header = "", ...rest] = ["", "", "", "", ""];
    const compressed = tokenPart({ alg: "RSA-OAEP", enc: "A128CBC-HS256", zip: "DEF", kid: "k" });
    assert.equal(
      await reasonOfUserinfo(() => [compressed + header, ...rest].join(".")),
      "encryption-algorithm",
    );
    const old = tokenPart({ alg: "RSA1_5", enc: "A128CBC-HS256" });
    assert.equal(await reasonOfUserinfo(() => `${old}.AA.AA.AA.AA`), "encryption-algorithm");
  });

  it("OS-03 every touched byte is noticed", async () => {
    for (const place of [1, 2, 3, 4])
      assert.equal(
        await reasonOfUserinfo((token) => {
          const parts = token.split(".");
          const piece = parts[place] ?? "";
          parts[place] = (piece.startsWith("A") ? "B" : "A") + piece.slice(1);
          return parts.join(".");
        }),
        "decryption",
      );
    assert.equal(await reasonOfUserinfo(() => "!.!.!.!.!"), "malformed");
  });
});

const claimsText = (signed: string): string =>
  Buffer.from(signed.split(".")[1] ?? "", "base64url").toString();
