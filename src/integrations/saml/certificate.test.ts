// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createPrivateKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import { describe, it } from "node:test";
import { moment } from "#kernel/dates.ts";
import { selfSignedCertificate } from "./certificate.ts";
import {
  type CertificateRequest,
  certificateMismatches,
  isPairOf,
  newCertificate,
  readCertificate,
} from "./index.ts";

const noOpenssl =
  spawnSync("openssl", ["version"]).status === 0 ? false : "skipped: no openssl on this machine";

const request: CertificateRequest = {
  commonName: "Comune di Borgofiore",
  organizationName: "Comune di Borgofiore dell’Èbano",
  localityName: "Forlì",
  ipaCode: "c_x999",
  entityId: "https://scuola.comune.example/spid/metadata",
  role: "service-provider",
  notBefore: moment("2026-11-20T09:00:00Z"),
  notAfter: moment("2029-11-20T09:00:00Z"),
};
const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;

const opensslText = (pem: string): string => {
  const run = spawnSync("openssl", ["x509", "-noout", "-text", "-nameopt", "utf8,sep_multiline"], {
    input: pem,
    encoding: "utf8",
  });
  assert.equal(run.status, 0, run.stderr);
  return run.stdout;
};

describe("certificates of a service provider (Avviso 29 v3)", () => {
  it("OS-03 a new key has 3072 bits, its certificate signs itself and belongs to it", async () => {
    const made = await newCertificate(request);
    const certificate = new X509Certificate(made.certificatePem);
    assert.equal(certificate.publicKey.asymmetricKeyDetails?.modulusLength, 3072);
    assert.ok(certificate.verify(certificate.publicKey));
    assert.equal(certificate.ca, false);
    assert.ok(isPairOf(made.certificatePem, createPrivateKey(made.privateKeyPem)));
    assert.ok(!isPairOf(made.certificatePem, key));
    await assert.rejects(newCertificate(request, 1024), RangeError);
  });

  it(
    "OS-03 openssl reads every name and extension that the rules ask for",
    { skip: noOpenssl },
    () => {
      const text = opensslText(selfSignedCertificate(request, key));
      for (const line of [
        /Version: 3/,
        /Signature Algorithm: sha256WithRSAEncryption/,
        /Not Before: Nov 20 09:00:00 2026 GMT/,
        /Not After : Nov 20 09:00:00 2029 GMT/,
        /(O|organizationName)\s*=\s*Comune di Borgofiore dell’Èbano/,
        /(CN|commonName)\s*=\s*Comune di Borgofiore/,
        /(L|localityName)\s*=\s*Forlì/,
        /(C|countryName)\s*=\s*IT/,
        /(organizationIdentifier|2\.5\.4\.97)\s*=\s*PA:IT-c_x999/,
        /(uri|URI|uniformResourceIdentifier|2\.5\.4\.83)\s*=\s*https:\/\/scuola\.comune\.example\/spid\/metadata/,
        /X509v3 Basic Constraints:\s+CA:FALSE/,
        /X509v3 Key Usage: critical\s+Digital Signature, Non Repudiation\n/,
        /Policy: 1\.3\.76\.16\.6\n\s+User Notice:\n\s+Explicit Text: agIDcert/,
        /Policy: 1\.3\.76\.16\.4\.2\.1\n\s+User Notice:\n\s+Explicit Text: cert_SP_Pub/,
      ])
        assert.match(text, line);
      // No names of persons: surname, givenName, initials, name, pseudonym, generation.
      assert.doesNotMatch(
        text,
        /(surname|givenName|initials|pseudonym|generationQualifier|SN)\s*=/,
      );
    },
  );

  it("OS-03 an aggregator has its own policy", { skip: noOpenssl }, () => {
    const text = opensslText(selfSignedCertificate({ ...request, role: "full-aggregator" }, key));
    assert.match(
      text,
      /Policy: 1\.3\.76\.16\.4\.2\.2\n\s+User Notice:\n\s+Explicit Text: cert_AggFull_Pub/,
    );
    assert.doesNotMatch(text, /cert_SP_Pub/);
  });

  it("OS-03 the same request and key give the same bytes; another day gives another serial", () => {
    const made = selfSignedCertificate(request, key);
    assert.equal(selfSignedCertificate(request, key), made);
    const later = selfSignedCertificate(
      { ...request, notBefore: moment("2026-11-21T09:00:00Z") },
      key,
    );
    assert.notEqual(
      new X509Certificate(later).serialNumber,
      new X509Certificate(made).serialNumber,
    );
    const far = selfSignedCertificate(
      { ...request, notAfter: moment("2051-01-02T03:04:05Z") },
      key,
    );
    assert.equal(new X509Certificate(far).validToDate.toISOString(), "2051-01-02T03:04:05.000Z");
  });

  it("OS-03 names that a certificate cannot carry are refused before a key is made", async () => {
    const wrong: Partial<CertificateRequest>[] = [
      { commonName: "" },
      { commonName: "x".repeat(65) },
      { organizationName: "Comune\nO=Altro" },
      { localityName: " Forlì" },
      { ipaCode: "c h501" },
      { entityId: "non un indirizzo" },
      { notAfter: request.notBefore },
    ];
    for (const changes of wrong) {
      await assert.rejects(newCertificate({ ...request, ...changes }, 2048), RangeError);
    }
  });

  it("OS-03 certificates of others: read, or refused with the reason", () => {
    const read = readCertificate(selfSignedCertificate(request, key));
    assert.ok(read.outcome === "read");
    assert.equal(read.facts.notAfter.toString(), "2029-11-20T09:00:00Z");
    assert.equal(read.facts.modulusBits, 2048);
    assert.match(read.facts.subject, /O=Comune di Borgofiore dell’Èbano/);
    assert.equal(read.facts.fingerprint.length, 95);
    const weak = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
    assert.equal(readCertificate(selfSignedCertificate(request, weak)).outcome, "weak-key");
    assert.equal(readCertificate("no certificate").outcome, "unreadable");
  });

  it("OS-03 after a change of name or address the certificate no longer says what the metadata says", () => {
    const made = selfSignedCertificate(request, key);
    const { entityId, organizationName, ipaCode } = request;
    const metadata = { entityId, organizationName, displayName: request.commonName, ipaCode };
    assert.deepEqual(certificateMismatches(made, metadata), []);
    for (const field of ["entityId", "organizationName", "displayName", "ipaCode"] as const)
      assert.deepEqual(certificateMismatches(made, { ...metadata, [field]: "x" }), [field]);
    // A name that tries to be two.
    const forged = { ...metadata, displayName: `${request.commonName}\nO=Altro` };
    assert.deepEqual(certificateMismatches(made, forged), ["displayName"]);
  });
});
