// SPDX-License-Identifier: EUPL-1.2
/** pagoPA's own schemas as judges. They have no licence to ship: they are read where somebody put them. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { XmlDocument, XmlElement, XsdValidator } from "libxml2-wasm";
import { xmlRegisterFsInputProviders } from "libxml2-wasm/lib/nodejs.mjs";

const SOAP = "http://schemas.xmlsoap.org/soap/envelope/";

export const PAGOPA_SPECS = resolve("../shared/specs/pagopa");

/** Why a test that reads the specifications cannot run here, or `false`: pass it as its `skip`. */
export const specsMissing: string | false = existsSync(join(PAGOPA_SPECS, "wsdl"))
  ? false
  : "skipped: ../shared/specs/pagopa is not here";

/**
 * A judge by one of the schemas. What it gives back throws, saying why, unless the document is valid.
 * @param schema path below specs/pagopa
 * @param part `soap-body`: judge what a SOAP envelope carries, not its root
 */
export function schemaJudge(
  schema: string,
  part: "root" | "soap-body" = "root",
): (xml: string) => void {
  xmlRegisterFsInputProviders();
  const path = join(PAGOPA_SPECS, schema);
  const document = XmlDocument.fromBuffer(readFileSync(path), { url: path });
  const validator = XsdValidator.fromDoc(document);
  document.dispose();
  return (xml) => {
    const judged = XmlDocument.fromString(xml);
    try {
      if (part === "root") return validator.validate(judged);
      const call = judged.get("/s:Envelope/s:Body/*", { s: SOAP });
      if (!(call instanceof XmlElement)) throw new Error("no element in a soap:Body");
      validator.validate(call);
    } finally {
      judged.dispose();
    }
  };
}
