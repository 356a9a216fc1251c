// SPDX-License-Identifier: EUPL-1.2
/**
 * Keys and self-signed certificates of a service provider, as AgID's Avviso 29 v3 asks of public bodies (and CIE accepts),
 * and a look at certificates made elsewhere.
 */
import {
  createHash,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  sign,
  X509Certificate,
} from "node:crypto";
import { promisify } from "node:util";
import type { Moment } from "#kernel/dates.ts";
import {
  bits,
  boolean,
  explicit,
  integer,
  nothing,
  octets,
  oid,
  printable,
  sequence,
  set,
  time,
  tlv,
  utf8,
} from "./der.ts";

export interface CertificateRequest {
  /** name without acronyms spelt out: OrganizationDisplayName of the metadata */
  readonly commonName: string;
  /** full name as public registers have it: OrganizationName of the metadata */
  readonly organizationName: string;
  /** seat: `Forlì`, not `FORLI'` */
  readonly localityName: string;
  /** code of the Indice PA: `c_h501` */
  readonly ipaCode: string;
  readonly entityId: string;
  /** a full aggregator of public bodies (Avviso 19 v4) has another policy than a body for itself */
  readonly role: "service-provider" | "full-aggregator";
  readonly notBefore: Moment;
  readonly notAfter: Moment;
}

export interface KeyAndCertificate {
  /** PKCS #8: to be kept sealed */
  readonly privateKeyPem: string;
  readonly certificatePem: string;
}

const DEFAULT_BITS = 3072;
const MIN_BITS = 2048;
const SHA256_WITH_RSA = "1.2.840.113549.1.1.11";

/** Policy and what its notice says: registry of AgID's identifiers. */
const AGID_CERTIFICATE = ["1.3.76.16.6", "agIDcert"] as const;
const ROLE_POLICY = {
  "service-provider": ["1.3.76.16.4.2.1", "cert_SP_Pub"],
  "full-aggregator": ["1.3.76.16.4.2.2", "cert_AggFull_Pub"],
} as const;

/** A new RSA key and its certificate. @throws RangeError for names a certificate cannot carry, or a key too short */
export async function newCertificate(
  request: CertificateRequest,
  modulusBits: number = DEFAULT_BITS,
): Promise<KeyAndCertificate> {
  if (modulusBits < MIN_BITS) throw new RangeError("a key of SPID has at least 2048 bits");
  // Before the seconds that a key takes.
  subjectOf(request);
  const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: modulusBits });
  return {
    privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }),
    certificatePem: selfSignedCertificate(request, privateKey),
  };
}

/**
 * The certificate for a key that exists. The same request and key give the same bytes, serial number included.
 * @throws RangeError for names a certificate cannot carry or a validity that ends before it begins
 */
export function selfSignedCertificate(request: CertificateRequest, privateKey: KeyObject): string {
  const { notBefore, notAfter } = request;
  if (Temporal.Instant.compare(notBefore, notAfter) >= 0)
    throw new RangeError("a certificate ends after it begins");
  const publicKey = createPublicKey(privateKey);
  const keyInfo = publicKey.export({ type: "spki", format: "der" });
  const algorithm = sequence(oid(SHA256_WITH_RSA), nothing());
  const subject = subjectOf(request);
  const content = sequence(
    explicit(0, integer(Buffer.of(2))),
    integer(serialOf(keyInfo, subject, notBefore)),
    algorithm,
    subject,
    sequence(time(notBefore), time(notAfter)),
    subject,
    keyInfo,
    explicit(3, extensionsOf(keyInfo, request.role)),
  );
  const signature = sign("sha256", content, privateKey);
  const der = sequence(content, algorithm, bits(signature));
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function subjectOf(request: CertificateRequest): Buffer {
  const { organizationName, commonName, localityName, ipaCode, entityId } = request;
  if (!/^[\w.-]{1,20}$/.test(ipaCode)) throw new RangeError("not a code of the Indice PA");
  if (!URL.canParse(entityId)) throw new RangeError("the entityID is no URL");
  const part = (type: string, value: Buffer): Buffer => set(sequence(oid(type), value));
  return sequence(
    part("2.5.4.10", named("organizationName", organizationName, 64)),
    part("2.5.4.3", named("commonName", commonName, 64)),
    part("2.5.4.83", named("uri", entityId, 1024)),
    part("2.5.4.97", utf8(`PA:IT-${ipaCode}`)),
    part("2.5.4.6", printable("IT")),
    part("2.5.4.7", named("localityName", localityName, 128)),
  );
}

/** Longest lengths of RFC 5280, appendix A. */
function named(what: string, text: string, most: number): Buffer {
  if (text.trim() !== text || text === "" || [...text].length > most || /\p{C}/u.test(text))
    throw new RangeError(`${what} of a certificate has 1 to ${most} printable characters`);
  return utf8(text);
}

/** Never the same for two certificates of a key: nobody issues but the key itself. */
function serialOf(keyInfo: Buffer, subject: Buffer, notBefore: Moment): Buffer {
  const digest = createHash("sha256")
    .update(keyInfo)
    .update(subject)
    .update(notBefore.toString())
    .digest()
    .subarray(0, 16);
  digest[0] = ((digest[0] ?? 0) & 0x3f) | 0x40;
  return digest;
}

function extensionsOf(keyInfo: Buffer, role: CertificateRequest["role"]): Buffer {
  // RFC 7093, method 1.
  const keyId = createHash("sha256").update(keyInfo).digest().subarray(0, 20);
  const extension = (type: string, value: Buffer, isCritical = false): Buffer =>
    sequence(oid(type), ...(isCritical ? [boolean(true)] : []), octets(value));
  const policy = ([type, notice]: readonly [string, string]): Buffer =>
    sequence(oid(type), sequence(sequence(oid("1.3.6.1.5.5.7.2.2"), sequence(utf8(notice)))));
  return sequence(
    extension("2.5.29.19", sequence()),
    // digitalSignature, nonRepudiation: the first two of nine bits.
    extension("2.5.29.15", bits(Buffer.of(0xc0), 6), true),
    extension("2.5.29.32", sequence(policy(AGID_CERTIFICATE), policy(ROLE_POLICY[role]))),
    extension("2.5.29.14", octets(keyId)),
    extension("2.5.29.35", sequence(tlv(0x80, keyId))),
  );
}

export interface CertificateFacts {
  /** one `NAME=value` per line, as OpenSSL names them */
  readonly subject: string;
  readonly notBefore: Moment;
  readonly notAfter: Moment;
  /** SHA-256 of the certificate, hexadecimal with colons */
  readonly fingerprint: string;
  readonly modulusBits: number;
}

export type ReadCertificate =
  | { readonly outcome: "read"; readonly facts: CertificateFacts }
  | { readonly outcome: "unreadable" | "not-rsa" | "weak-key" | "weak-signature" };

/** Looks at a certificate of others (PEM). Whether it is valid today is for the caller, who has the clock. */
export function readCertificate(pem: string): ReadCertificate {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    return { outcome: "unreadable" };
  }
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  if (asymmetricKeyType !== "rsa") return { outcome: "not-rsa" };
  const modulusBits = asymmetricKeyDetails?.modulusLength ?? 0;
  if (modulusBits < MIN_BITS) return { outcome: "weak-key" };
  if (!/sha(256|384|512)/i.test(certificate.signatureAlgorithm ?? ""))
    return { outcome: "weak-signature" };
  return {
    outcome: "read",
    facts: {
      subject: certificate.subject,
      notBefore: Temporal.Instant.from(certificate.validFromDate.toISOString()),
      notAfter: Temporal.Instant.from(certificate.validToDate.toISOString()),
      fingerprint: certificate.fingerprint256,
      modulusBits,
    },
  };
}

/** Is this the certificate of that private key? */
export function isPairOf(certificatePem: string, privateKey: KeyObject): boolean {
  return new X509Certificate(certificatePem).checkPrivateKey(privateKey);
}

/** What of the metadata is in the certificate as well (Avviso 29 v3). */
export type CertifiedField = "entityId" | "organizationName" | "displayName" | "ipaCode";

const SUBJECT_NAMES: Readonly<Record<CertifiedField, readonly string[]>> = {
  // OpenSSL has learnt a name for it meanwhile.
  entityId: ["2.5.4.83", "uri", "URI"],
  organizationName: ["O"],
  displayName: ["CN"],
  ipaCode: ["organizationIdentifier", "2.5.4.97"],
};

/**
 * Where a town's own certificate says something else than its metadata: after a change of name or address a new one is
 * due. AgID looks at it when metadata are handed in; CIE does not. @throws when it is no certificate
 */
export function certificateMismatches(
  certificatePem: string,
  metadata: Readonly<Record<CertifiedField, string>>,
): CertifiedField[] {
  const { subject } = new X509Certificate(certificatePem).toLegacyObject();
  const parts: Readonly<Record<string, string | string[] | undefined>> = { ...subject };
  const wanted = { ...metadata, ipaCode: `PA:IT-${metadata.ipaCode}` };
  return (Object.keys(SUBJECT_NAMES) as CertifiedField[]).filter(
    (field) => !SUBJECT_NAMES[field].some((name) => parts[name] === wanted[field]),
  );
}
