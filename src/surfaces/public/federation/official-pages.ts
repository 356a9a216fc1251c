// SPDX-License-Identifier: EUPL-1.2
/** Where the two identities explain themselves. Links only: nothing is loaded from there. */
export const SPID_ABOUT = "https://www.spid.gov.it";
export const SPID_GET = "https://www.spid.gov.it/richiedi-spid";
export const SPID_HELP = "https://www.spid.gov.it/serve-aiuto";
export const CIE_ABOUT = "https://www.cartaidentita.interno.gov.it";
