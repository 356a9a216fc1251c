// SPDX-License-Identifier: EUPL-1.2
export { configurationUrl, readAddress } from "./addresses.ts";
export {
  authorizationRequest,
  type LoginRequest,
  type PendingLogin,
} from "./authorization-request.ts";
export { type Outside } from "./call-outside.ts";
export {
  type Anomaly,
  type AnomalyKind,
  type CallbackFault,
  callbackState,
  judgeCallback,
  OUR_FAULTS,
} from "./callback.ts";
export { type Accepted, completeLogin, type LoginFault } from "./complete-login.ts";
export { checkOwnEntity, type OwnEntityCheck } from "./check-own-entity.ts";
export {
  type ChainFault,
  judgeTrustChain,
  type TrustAnchor,
  type Trusted,
  type WantedTrust,
} from "./judge-trust-chain.ts";
export {
  type KeySet,
  newOwnKey,
  type OwnKey,
  type OwnKeys,
  publicKeys,
  readKeySet,
  readOwnKeys,
  type StoredKey,
} from "./key-set.ts";
export { type Level, type Provider, type ProviderFault, readProvider } from "./provider.ts";
export { type Refusal } from "./refusal.ts";
export {
  answerResolve,
  CONFIGURATION_CONTENT_TYPE,
  entityConfiguration,
  type RelyingParty,
  type Resolved,
} from "./relying-party.ts";
export {
  type DiscoveryFault,
  listProviders,
  type Resolve,
  resolveTrustChain,
} from "./resolve-trust-chain.ts";
export { type Caller, type Exchange, type Revocation, revokeToken } from "./token-request.ts";
export { readTrustMark } from "./trust-mark.ts";
export { type Person } from "./userinfo.ts";
