// SPDX-License-Identifier: EUPL-1.2
/** Certificates that a federation signs its list with, known by their fingerprints. */
import { X509Certificate } from "node:crypto";

/** Fingerprints are facts: of the production lists as they were in November 2025. */
export const PINNED = {
  /** CN=AgID, until 24 June 2034 */
  spid: ["a67454a260795bea0c8415bdd9603a6e5b10b8bbec69d5dd183498099ea79e5f"],
  /** CN=idserver.servizicie.interno.gov.it, until 19 October 2038 */
  cie: ["7564b9238a5df049e8181e66703f038d28e8a873845eb568b46a5acfd81dd90f"],
} as const;

/** `A6:74:…` or `a674…`: 64 hexadecimal digits, or `null`. */
export function readFingerprint(text: string): string | null {
  const digits = text.replaceAll(/[:\s]/g, "").toLowerCase();
  return /^[0-9a-f]{64}$/.test(digits) ? digits : null;
}

const MOST = 200;

/**
 * The certificates of a document that are pinned, as PEM. Where in it they stand does not matter: they are what the
 * signature is then checked with, and nobody else has their keys.
 */
export function pinnedCertificates(document: string, fingerprints: readonly string[]): string[] {
  const found = document.matchAll(/<(?:\w{1,20}:)?X509Certificate>([A-Za-z0-9+/=\s]{1,20000})</g);
  const pinned = new Map<string, string>();
  for (const [, base64 = ""] of found.take(MOST)) {
    const certificate = open(base64);
    const fingerprint = certificate && readFingerprint(certificate.fingerprint256);
    if (certificate && fingerprint && fingerprints.includes(fingerprint))
      pinned.set(fingerprint, certificate.toString());
  }
  return [...pinned.values()];
}

function open(base64: string): X509Certificate | null {
  try {
    return new X509Certificate(Buffer.from(base64, "base64"));
  } catch {
    return null;
  }
}
