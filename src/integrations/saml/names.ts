// SPDX-License-Identifier: EUPL-1.2
/** Names of SAML 2.0 and of the two Italian federations that are written and read in more than one file. */
export const ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion";
export const PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol";
export const METADATA = "urn:oasis:names:tc:SAML:2.0:metadata";

export const BINDING = {
  redirect: "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect",
  post: "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
} as const;
export type Binding = keyof typeof BINDING;

export const ENTITY_FORMAT = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity";
export const TRANSIENT_FORMAT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
export const BASIC_NAME_FORMAT = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic";

export const SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success";
export const PARTIAL_LOGOUT = "urn:oasis:names:tc:SAML:2.0:status:PartialLogout";

export const SPID_EXTENSIONS = "https://spid.gov.it/saml-extensions";
export const CIE_EXTENSIONS = "https://www.cartaidentita.interno.gov.it/saml-extensions";

/** How sure one has to be who it is. CIE and eIDAS speak of levels in SPID's words. */
export type Level = 1 | 2 | 3;
export const levelClass = (level: Level): string => `https://www.spid.gov.it/SpidL${level}`;
