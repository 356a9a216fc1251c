// SPDX-License-Identifier: EUPL-1.2
/** Keys of a pretended identity provider: made when it starts, gone when it ends. */
import { createSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import type { Moment } from "#kernel/dates.ts";

export interface SigningKey {
  readonly privateKeyPem: string;
  readonly certificatePem: string;
}

/** Self-signed, RSA, for a year from `from`. A common name is all it says. */
export function makeSigningKey(commonName: string, from: Moment, bits = 2048): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: bits });
  const name = sequence(
    tagged(0x31, sequence(oid(85, 4, 3), tagged(0x0c, Buffer.from(commonName)))),
  );
  const until = from.add({ hours: 365 * 24 });
  const sha256WithRsa = sequence(Buffer.from("06092a864886f70d01010b0500", "hex"));
  const body = sequence(
    Buffer.from("a003020102020101", "hex"),
    sha256WithRsa,
    name,
    sequence(timeOf(from), timeOf(until)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
  );
  const certificate = sequence(body, sha256WithRsa, signatureOf(body, privateKey));
  const base64 = certificate
    .toString("base64")
    .replace(/(.{64})/g, "$1\n")
    .trimEnd();
  return {
    privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    certificatePem: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
  };
}

function signatureOf(body: Buffer, key: KeyObject): Buffer {
  const signature = createSign("sha256").update(body).sign(key);
  return tagged(0x03, Buffer.concat([Buffer.from([0]), signature]));
}

function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head = length < 128 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => tagged(0x30, ...parts);

const oid = (...bytes: readonly number[]): Buffer => tagged(0x06, Buffer.from(bytes));

/** GeneralizedTime, whole seconds */
const timeOf = (at: Moment): Buffer =>
  tagged(0x18, Buffer.from(at.round("second").toString().replace(/[-:T]/g, "")));
