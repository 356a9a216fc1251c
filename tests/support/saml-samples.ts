// SPDX-License-Identifier: EUPL-1.2
/** Towns and providers that exist nowhere, with keys made for the run. */
import { generateKeyPairSync } from "node:crypto";
import { moment } from "#kernel/dates.ts";
import {
  type CertificateRequest,
  selfSignedCertificate,
} from "../../src/integrations/saml/certificate.ts";
import {
  EIDAS_FULL,
  EIDAS_MINIMUM,
  type ServiceProvider,
  type XmlSigner,
} from "../../src/integrations/saml/index.ts";

const ORIGIN = "https://scuola.borgofiore.example";
export const TOWN_ENTITY = `${ORIGIN}/spid/metadata`;

export const townCertificate: CertificateRequest = {
  commonName: "Borgofiore & frazioni",
  organizationName: "Comune di Borgofiore",
  localityName: "Borgofiore",
  ipaCode: "c_x999",
  entityId: TOWN_ENTITY,
  role: "service-provider",
  notBefore: moment("2026-01-01T00:00:00Z"),
  notAfter: moment("2036-01-01T00:00:00Z"),
};

/** A key and its certificate, as the town or a provider would have it. */
export function newSigner(commonName: string, entityId: string = TOWN_ENTITY): XmlSigner {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const request = { ...townCertificate, commonName, entityId };
  const certificatePem = selfSignedCertificate(request, privateKey);
  return {
    privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    certificatePem,
  };
}

export const townSigner = newSigner("Comune di Borgofiore");
const nextSigner = newSigner("Comune di Borgofiore");

export const spidTown: ServiceProvider = {
  protocol: "spid",
  entityId: TOWN_ENTITY,
  assertionConsumerUrls: [`${ORIGIN}/spid/acs`],
  singleLogout: [
    { binding: "redirect", url: `${ORIGIN}/spid/slo`, responseUrl: `${ORIGIN}/spid/slo/esito` },
    { binding: "post", url: `${ORIGIN}/spid/slo` },
  ],
  attributeSets: [
    {
      index: 0,
      name: "Servizi scolastici",
      description: "Accesso ai servizi scolastici",
      attributes: ["name", "familyName", "fiscalNumber", "email", "dateOfBirth"],
    },
  ],
  organization: {
    name: "Comune di Borgofiore",
    displayName: "Borgofiore & frazioni",
    url: "https://www.borgofiore.example",
  },
  contact: { email: "scuola@borgofiore.example", phone: "+390551234567" },
  ipaCode: "c_x999",
  fiscalCode: "01234567897",
  kind: { type: "direct" },
  certificates: [townSigner.certificatePem],
};

/** While keys change: both are shown, the first signs. */
export const rotatingTown: ServiceProvider = {
  ...spidTown,
  certificates: [townSigner.certificatePem, nextSigner.certificatePem],
};

const aggregator = {
  company: "Aggregatore di prova S.p.A.",
  vatNumber: "IT01234567897",
  fiscalCode: "01234567897",
  contact: { email: "spid@aggregatore.example", phone: "+390669876543" },
};

export const aggregatedTown: ServiceProvider = {
  ...spidTown,
  entityId: "https://spid.aggregatore.example/pub-ag-full/borgofiore",
  kind: { type: "aggregated", aggregator },
};

/** The aggregator confirms, the town runs the service with keys of its own. */
export const lightlyAggregatedTown: ServiceProvider = {
  ...aggregatedTown,
  entityId: "https://spid.aggregatore.example/pub-ag-lite/borgofiore",
  kind: {
    type: "aggregated",
    aggregator: { ...aggregator, validationCertificate: nextSigner.certificatePem },
  },
};

export const cieTown: ServiceProvider = {
  ...spidTown,
  protocol: "cie",
  entityId: `${ORIGIN}/cie/metadata`,
  attributeSets: [
    {
      index: 0,
      name: "urn:uuid:3f0c5bd2-7c26-4f0e-9f0a-5a1f4f2c9d11",
      description: "Accesso ai servizi scolastici",
      attributes: ["name", "familyName", "dateOfBirth", "fiscalNumber"],
    },
  ],
  seat: { belfioreCode: "X999", province: "FI" },
};

export const cieTownWithPartner: ServiceProvider = {
  ...cieTown,
  technicalPartner: {
    company: "Officina di prova S.r.l.",
    contact: { email: "cie@officina.example" },
    seat: { belfioreCode: "H501", province: "RM" },
    body: {
      type: "private",
      vatNumber: "IT01234567897",
      fiscalCode: "01234567897",
      activityCodes: ["62.01.00"],
    },
  },
};

export const eidasTown: ServiceProvider = {
  ...spidTown,
  protocol: "eidas",
  entityId: `${ORIGIN}/eidas/metadata`,
  attributeSets: [EIDAS_MINIMUM, EIDAS_FULL],
};
