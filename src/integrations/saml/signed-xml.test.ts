// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { createHash, createSign } from "node:crypto";
import { describe, it } from "node:test";
import { makeSigningKey } from "../../../simulator/identity-provider/keys.ts";
import { MESSAGE_LIMITS, parseXml } from "./parse-xml.ts";
import { signQuery, verifyQuery } from "./signed-query.ts";
import type { RsaHash } from "./signature-algorithms.ts";
import { signXml, verifySigned, verifySignedBytes } from "./signed-xml.ts";

const START = Temporal.Instant.from("2026-01-01T00:00:00Z");
const key = makeSigningKey("prova", START);
const foreign = makeSigningKey("prova", START);
const trusted = [key.certificatePem];

const DOCUMENT =
  '<a:Root xmlns:a="urn:a" ID="_r"><a:Issuer>chi</a:Issuer><a:Inner ID="_i"><a:Name>Àé &amp; "b"</a:Name></a:Inner></a:Root>';

/** What a signature lets through, or why not. */
function judged(xml: string, certificates: readonly string[] = trusted): string {
  const found = verifySignedBytes(Buffer.from(xml), certificates);
  return found.outcome === "verified" ? "verified" : found.reason;
}

describe("OS-03 signed XML", () => {
  for (const hash of ["sha256", "sha384", "sha512"] as const satisfies readonly RsaHash[]) {
    it(`OS-03 what is signed with ${hash} comes back in its canonical bytes`, () => {
      const signed = signXml(DOCUMENT, { ...key, hash }, { after: "Issuer" });
      assert.match(signed, /<\/a:Issuer><ds:Signature /);
      const found = verifySignedBytes(Buffer.from(signed), trusted);
      assert.deepEqual(found, { outcome: "verified", canonical: DOCUMENT });
    });
  }

  it("OS-03 an inner element signed alone lets through the inner element alone", () => {
    const signed = signXml(DOCUMENT, key, { reference: "//*[local-name()='Inner']" });
    const parsed = parseXml(signed);
    assert.equal(parsed.outcome, "parsed");
    const inner = parsed.root.getElementsByTagNameNS("urn:a", "Inner")[0] as Element;
    assert.deepEqual(verifySigned(parsed, inner, trusted), {
      outcome: "verified",
      canonical: '<a:Inner xmlns:a="urn:a" ID="_i"><a:Name>Àé &amp; "b"</a:Name></a:Inner>',
    });
    assert.equal(judged(signed), "unsigned", "the root is not");
  });

  it("OS-03 signed by hand, with a list of prefixes as OpenSAML writes it: what comes back declares them", () => {
    const exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
    const method = (name: string, algorithm: string, inside = "") =>
      `<ds:${name} Algorithm="${algorithm}">${inside}</ds:${name}>`;
    const list = `<ec:InclusiveNamespaces xmlns:ec="${exclusive}" PrefixList="xs"></ec:InclusiveNamespaces>`;
    const canonical =
      '<a:Inner xmlns:a="urn:a" xmlns:xs="urn:xs" ID="_i"><a:Name t="xs:string">Ada</a:Name></a:Inner>';
    const digest = createHash("sha256").update(canonical).digest("base64");
    const info = [
      '<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">',
      method("CanonicalizationMethod", exclusive),
      method("SignatureMethod", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"),
      '<ds:Reference URI="#_i"><ds:Transforms>',
      method("Transform", "http://www.w3.org/2000/09/xmldsig#enveloped-signature"),
      method("Transform", exclusive, list),
      `</ds:Transforms>${method("DigestMethod", "http://www.w3.org/2001/04/xmlenc#sha256")}`,
      `<ds:DigestValue>${digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>`,
    ].join("");
    const value = createSign("sha256").update(info).sign(key.privateKeyPem, "base64");
    const signature = `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">${info}<ds:SignatureValue>${value}</ds:SignatureValue></ds:Signature>`;
    const xml = `<a:Root xmlns:a="urn:a" xmlns:xs="urn:xs" ID="_r"><a:Inner ID="_i">${signature}<a:Name t="xs:string">Ada</a:Name></a:Inner></a:Root>`;
    const parsed = parseXml(xml);
    assert.equal(parsed.outcome, "parsed");
    const inner = parsed.root.getElementsByTagNameNS("urn:a", "Inner")[0] as Element;
    assert.deepEqual(verifySigned(parsed, inner, trusted), { outcome: "verified", canonical });
  });

  it("OS-03 any of several certificates will do, bare base64 too; none, foreign or short ones will not", () => {
    const signed = signXml(DOCUMENT, key);
    const bare = key.certificatePem.replace(/-----[A-Z ]+-----|\s/g, "");
    assert.equal(judged(signed, [foreign.certificatePem, key.certificatePem]), "verified");
    assert.equal(judged(signed, [bare]), "verified");
    assert.equal(judged(signed, [foreign.certificatePem]), "signature-wrong");
    assert.equal(judged(signed, []), "no-trusted-key");
    const short = makeSigningKey("corta", START, 1024);
    assert.equal(judged(signXml(DOCUMENT, short), [short.certificatePem]), "no-trusted-key");
  });

  it("OS-03 a changed letter, a foreign key with our certificate in KeyInfo: refused", () => {
    const signed = signXml(DOCUMENT, key);
    assert.equal(judged(signed.replace("chi", "chI")), "signature-wrong");
    const swapped = signXml(DOCUMENT, { ...foreign, certificatePem: key.certificatePem });
    assert.equal(judged(swapped), "signature-wrong");
    assert.equal(judged(signXml(DOCUMENT, foreign)), "signature-wrong");
    assert.equal(judged(signed.replace(/<ds:KeyInfo>.*<\/ds:KeyInfo>/, "")), "verified");
  });

  it("OS-03 only the shape of SAML: each other way to sign has its word", () => {
    const signed = signXml(DOCUMENT, key);
    const rsaSha256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
    const exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
    const cases: [from: string | RegExp, to: string, reason: string][] = [
      [rsaSha256, "http://www.w3.org/2000/09/xmldsig#rsa-sha1", "algorithm-refused"],
      [rsaSha256, "http://www.w3.org/2000/09/xmldsig#hmac-sha1", "algorithm-refused"],
      [rsaSha256, "toString", "algorithm-refused"],
      [
        "http://www.w3.org/2001/04/xmlenc#sha256",
        "http://www.w3.org/2000/09/xmldsig#sha1",
        "algorithm-refused",
      ],
      [exclusive, `${exclusive}WithComments`, "algorithm-refused"],
      [
        /Transform Algorithm="[^"]*c14n#"/,
        'Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"',
        "transform-refused",
      ],
      [
        /Transform Algorithm="[^"]*enveloped-signature"/,
        'Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"',
        "transform-refused",
      ],
      [/<ds:Transform Algorithm="[^"]*enveloped-signature"\/>/, "", "transform-refused"],
      ['URI="#_r"', 'URI=""', "reference-refused"],
      ['URI="#_r"', 'URI="#_i"', "reference-refused"],
      [/(<ds:Reference .*<\/ds:Reference>)/, "$1$1", "reference-refused"],
      [/(<ds:Signature .*<\/ds:Signature>)/, "$1$1", "several-signatures"],
      [/<ds:SignatureValue>.*<\/ds:SignatureValue>/, "", "signature-malformed"],
      ["</ds:Signature>", "<ds:Object/></ds:Signature>", "signature-malformed"],
      [/(<ds:SignedInfo>.*<\/ds:SignedInfo>)/, "$1$1", "signature-malformed"],
    ];
    for (const [from, to, reason] of cases) {
      const changed = signed.replace(from, to);
      assert.notEqual(changed, signed);
      assert.equal(judged(changed), reason, String(from));
    }
  });
});

describe("OS-03 XML from outside", () => {
  const reason = (xml: string | Uint8Array) => {
    const parsed = parseXml(xml);
    return parsed.outcome === "parsed" ? "parsed" : parsed.reason;
  };

  it("OS-03 what has no place in a message is refused by its name", () => {
    assert.equal(reason('\uFEFF<?xml version="1.0" encoding="UTF-8"?><a/>'), "parsed");
    assert.equal(reason("<!DOCTYPE a><a/>"), "doctype");
    assert.equal(reason('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'), "doctype");
    assert.equal(reason("<a>&x;</a>"), "not-well-formed");
    assert.equal(reason("<a><?php echo 1 ?></a>"), "processing-instruction");
    assert.equal(reason('<?xml version="1.0" encoding="ISO-8859-1"?><a/>'), "not-utf8");
    assert.equal(reason(Uint8Array.of(0x3c, 0x61, 0xff, 0x2f, 0x3e)), "not-utf8");
    assert.equal(reason('<a ID="1"><b Id="1"/></a>'), "duplicate-id");
    assert.equal(reason('<a ID="1"><b xml:id="1"/></a>'), "duplicate-id");
    assert.equal(reason('<a b="1" b="2"/>'), "not-well-formed");
    assert.equal(reason('<a xmlns:x="u" xmlns:y="u" x:b="1" y:b="2"/>'), "not-well-formed");
    assert.equal(reason("<x:a/>"), "not-well-formed");
    assert.equal(reason("<a>ABC<!-- -->DEF</a>"), "comment-in-text");
    assert.equal(reason("<a><!-- -->DEF</a>"), "comment-in-text");
    assert.equal(reason("<a> <!-- fra elementi --><b/></a>"), "parsed");
    assert.equal(reason("<a></b>"), "not-well-formed");
    assert.equal(reason("<a/><b/>"), "not-well-formed");
    assert.equal(reason(""), "not-well-formed");
    assert.equal(reason("<a>\uD800</a>"), "not-utf8");
  });

  it("OS-03 the last byte, level and node that fit, and the next that does not", () => {
    const { maxBytes, maxDepth, maxNodes } = MESSAGE_LIMITS;
    const filled = (bytes: number) => `<a>${"x".repeat(bytes - 7)}</a>`;
    assert.equal(reason(filled(maxBytes)), "parsed");
    assert.equal(reason(filled(maxBytes + 1)), "too-large");
    const nested = (depth: number) => "<a>".repeat(depth) + "</a>".repeat(depth);
    assert.equal(reason(nested(maxDepth)), "parsed");
    assert.equal(reason(nested(maxDepth + 1)), "too-deep");
    const wide = (nodes: number) => `<a>${"<b/>".repeat(nodes - 1)}</a>`;
    assert.equal(reason(wide(maxNodes)), "parsed");
    assert.equal(reason(wide(maxNodes + 1)), "too-many-nodes");
  });
});

describe("OS-03 signed queries", () => {
  const xml = "<a/>";
  const query = signQuery({ kind: "SAMLResponse", xml, relayState: "r s/+" }, key);

  it("OS-03 a signed query comes back; without RelayState too", () => {
    const found = verifyQuery(query, trusted);
    assert.equal(found.outcome, "verified");
    assert.equal(found.xml.toString(), xml);
    assert.equal(found.relayState, "r s/+");
    assert.equal(found.kind, "SAMLResponse");
    const without = verifyQuery(signQuery({ kind: "SAMLRequest", xml }, key), trusted);
    assert.equal(without.outcome === "verified" && without.relayState, null);
  });

  it("OS-03 what was touched, unsigned, doubled, foreign or blown up is refused", () => {
    const reason = (text: string, certificates = trusted) => {
      const found = verifyQuery(text, certificates);
      return found.outcome === "verified" ? "verified" : found.reason;
    };
    assert.equal(reason(query.replace("RelayState=r", "RelayState=x")), "signature-wrong");
    assert.equal(reason(query.replace(/&RelayState=[^&]*/, "")), "signature-wrong");
    assert.equal(reason(query.replace(/&Signature=.*/, "")), "unsigned");
    assert.equal(reason(query.replace(/&Signature=.*/, "&Signature=%25")), "signature-wrong");
    assert.equal(reason(query.replace("rsa-sha256", "rsa-sha1")), "algorithm-refused");
    assert.equal(reason(query, [foreign.certificatePem]), "signature-wrong");
    assert.equal(reason(query, []), "no-trusted-key");
    assert.equal(reason(`${query}&RelayState=x`), "query-malformed");
    assert.equal(reason(`SAMLRequest=x&${query}`), "query-malformed");
    assert.equal(reason("RelayState=%ff&SAMLResponse=x"), "query-malformed");
    const bomb = signQuery({ kind: "SAMLResponse", xml: " ".repeat(300 * 1024) }, key);
    assert.equal(reason(bomb), "query-malformed");
    assert.equal(reason("x".repeat(300 * 1024)), "too-large");
  });
});
