// SPDX-License-Identifier: EUPL-1.2
/** A passkey in memory, which says what a test wants it to say. */
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

const sha256 = (data: Uint8Array | string): Buffer => createHash("sha256").update(data).digest();
const base64url = (data: Uint8Array | string): string => Buffer.from(data).toString("base64url");

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const NEW_KEY = 0x40;

export interface Said {
  readonly challenge: string;
  readonly origin: string;
  readonly rpId: string;
  readonly counter?: number;
  /** finger or code was not asked for */
  readonly unverified?: boolean;
  readonly userHandle?: string;
  /** touched after it was signed */
  readonly spoiled?: boolean;
}

export class SoftwareAuthenticator {
  readonly id = base64url(randomBytes(16));
  readonly #keys = generateKeyPairSync("ec", { namedCurve: "P-256" });

  #authenticatorData(said: Said, more: Uint8Array = new Uint8Array()): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(said.counter ?? 1);
    const flags =
      USER_PRESENT | (said.unverified ? 0 : USER_VERIFIED) | (more.length > 0 ? NEW_KEY : 0);
    return Buffer.concat([sha256(said.rpId), Buffer.of(flags), counter, more]);
  }

  /** COSE: an elliptic key for ES256. */
  #publicKey(): Buffer {
    const { x = "", y = "" } = this.#keys.publicKey.export({ format: "jwk" });
    return Buffer.concat([
      Buffer.from("a5010203262001215820", "hex"),
      Buffer.from(x, "base64url"),
      Buffer.from("225820", "hex"),
      Buffer.from(y, "base64url"),
    ]);
  }

  #answer(response: Record<string, string>): string {
    const { id } = this;
    const answer = { id, rawId: id, type: "public-key", clientExtensionResults: {}, response };
    return JSON.stringify(answer);
  }

  create(said: Said): string {
    const { challenge, origin } = said;
    const clientData = JSON.stringify({ type: "webauthn.create", challenge, origin });
    const id = Buffer.from(this.id, "base64url");
    const length = Buffer.of(0, id.length);
    const key = Buffer.concat([Buffer.alloc(16), length, id, this.#publicKey()]);
    const data = this.#authenticatorData(said, key);
    const attestation = Buffer.concat([
      Buffer.from("a3", "hex"),
      Buffer.from("63666d74646e6f6e65", "hex"),
      Buffer.from("6761747453746d74a0", "hex"),
      Buffer.from("686175746844617461", "hex"),
      Buffer.of(0x59, data.length >> 8, data.length & 255),
      data,
    ]);
    return this.#answer({
      clientDataJSON: base64url(clientData),
      attestationObject: base64url(attestation),
    });
  }

  get(said: Said): string {
    const { challenge, origin } = said;
    const clientData = JSON.stringify({ type: "webauthn.get", challenge, origin });
    const data = this.#authenticatorData(said);
    const signed = Buffer.concat([data, sha256(clientData)]);
    const signature = sign("sha256", signed, this.#keys.privateKey);
    if (said.spoiled) data.writeUInt32BE((said.counter ?? 1) + 1, 33);
    return this.#answer({
      clientDataJSON: base64url(clientData),
      authenticatorData: base64url(data),
      signature: base64url(signature),
      ...(said.userHandle ? { userHandle: base64url(said.userHandle) } : {}),
    });
  }
}
