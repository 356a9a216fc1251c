// SPDX-License-Identifier: EUPL-1.2
/** SAML 2.0 as SPID, CIE and the Italian eIDAS node speak it: the wire, without database, clock or server. */
export {
  type CertificateFacts,
  certificateMismatches,
  type CertificateRequest,
  type CertifiedField,
  isPairOf,
  type KeyAndCertificate,
  newCertificate,
  type ReadCertificate,
  readCertificate,
} from "./certificate.ts";
export {
  type Aggregator,
  type AttributeSet,
  type Contact,
  EIDAS_FULL,
  EIDAS_MINIMUM,
  findProviderFaults,
  type LogoutEndpoint,
  type Organization,
  type ProviderFault,
  type ProviderField,
  type ProviderReason,
  type SamlFederation,
  type Seat,
  type ServiceProvider,
  type TechnicalPartner,
} from "./service-provider.ts";
export {
  addressesOf,
  certificateRequestOf,
  requestedSet,
  serviceProviderOf,
} from "./town-settings.ts";
export { writeMetadata } from "./sp-metadata.ts";
export type { Binding, Level } from "./names.ts";
export { type AuthnRequest, authnRequestForm, authnRequestRedirect } from "./authn-request.ts";
export type { OutgoingForm, OutgoingRedirect } from "./send-message.ts";
export {
  type LogoutAnswer,
  type LogoutRequest,
  type OutgoingLogout,
  sendLogoutAnswer,
  sendLogoutRequest,
} from "./logout.ts";
export {
  claimedIssuer,
  type IncomingLogout,
  type LogoutExpectation,
  type LogoutFault,
  type ReadLogoutAnswer,
  type ReadLogoutRequest,
  readLogoutAnswer,
  readLogoutRequest,
} from "./read-logout.ts";
export {
  type IdentityProvider,
  type LeftOutReason,
  type LogoutAddress,
  type ReadRegistry,
  readRegistry,
  readVerifiedRegistry,
  type Registry,
  type RegistryFault,
} from "./idp-registry.ts";
export { PINNED, pinnedCertificates, readFingerprint } from "./pinned.ts";
export type { XmlSigner } from "./signed-xml.ts";
export { judgeResponse, readResponseHints, type ResponseHints } from "./judge-response.ts";
export type {
  Acceptance,
  Anomaly,
  Comparison,
  JudgeInput,
  Judgement,
  Protocol,
  Refusal,
  RefusalReason,
  SentRequest,
} from "./response-types.ts";
export {
  type AnomalyKind,
  type DescribedAnomaly,
  describeAnomaly,
  OUR_FAULT,
  OUR_FAULTS,
} from "./anomalies.ts";
