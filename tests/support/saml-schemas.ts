// SPDX-License-Identifier: EUPL-1.2
/** SAML's schemas, and those of SPID and CIE, as judges. They are not ours: read where somebody put them. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { XmlDocument, XsdValidator } from "libxml2-wasm";
import { xmlRegisterFsInputProviders } from "libxml2-wasm/lib/nodejs.mjs";

export const IDENTITY_SPECS = resolve("../shared/specs/identity");

/** Why a test that reads the specifications cannot run here, or `false`: pass it as its `skip`. */
export const identitySpecsMissing: string | false = existsSync(join(IDENTITY_SPECS, "xsd"))
  ? false
  : "skipped: ../shared/specs/identity is not here";

/** Throws, saying why, unless the document is valid. @param schema path below specs/identity/xsd */
export function samlSchemaJudge(schema: string): (xml: string) => void {
  xmlRegisterFsInputProviders();
  const path = join(IDENTITY_SPECS, "xsd", schema);
  // Two of them name the W3C's copy of a file that lies beside them; nothing is fetched here.
  const text = readFileSync(path, "utf8").replaceAll("http://www.w3.org/2001/xml.xsd", "./xml.xsd");
  const document = XmlDocument.fromString(text, { url: path });
  const validator = XsdValidator.fromDoc(document);
  document.dispose();
  return (xml) => {
    const judged = XmlDocument.fromString(xml);
    try {
      validator.validate(judged);
    } finally {
      judged.dispose();
    }
  };
}
