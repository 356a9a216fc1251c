// SPDX-License-Identifier: EUPL-1.2
export {
  checkContacts,
  CONTACT_FIELDS,
  type ContactFault,
  type ContactField,
  type Contacts,
} from "./rules/contacts.ts";
export {
  CORRECTION_TOPICS,
  type CorrectionTopic,
  LONGEST_REQUEST,
  type RequestFault,
} from "./rules/correction-request.ts";
export { isPaymentCode, paymentCode } from "./rules/payment-code.ts";
export type { NewPerson, Person, PersonKind, PersonName } from "./rules/person.ts";
export { personOfAccount, putLanguage, putPersonAccounts } from "./sql/accounts.ts";
export { reachableAccounts } from "./sql/credentials.ts";
export {
  correction,
  type CorrectionRequest,
  correctionsAskedBy,
  openCorrections,
} from "./sql/corrections.ts";
export {
  type AccountHolder,
  allGuardianships,
  allHolders,
  type ChildHolder,
  childHoldersFrom,
  type Debtor,
  debtors,
  type Guardianship,
  holder,
  holderByPaymentCode,
  holderNames,
  putChildHolders,
  putGuardianships,
  putHolders,
  putResidencies,
  residenciesOn,
  type Residency,
} from "./sql/holders.ts";
export {
  accountsOfPerson,
  actsFor,
  childrenOf,
  guardiansOf,
  holderOf,
  holdersOfPerson,
  holdersOn,
  type HouseholdChild,
  type HouseholdGuardian,
  residentsOn,
} from "./sql/households.ts";
export {
  allPeople,
  changesOf,
  insertChanges,
  people,
  person,
  personByCodiceFiscale,
  type PersonChange,
} from "./sql/people.ts";
export { type FoundPerson, openTasks, type PersonTask } from "./sql/search.ts";
export { answerCorrection, type AnsweredCorrection } from "./operations/answer-correction.ts";
export { askCorrection, type AskedCorrection } from "./operations/ask-correction.ts";
export { changeHolder, type ChangedHolder } from "./operations/change-holder.ts";
export {
  correctCodiceFiscale,
  type CorrectedCodiceFiscale,
} from "./operations/correct-codice-fiscale.ts";
export {
  accountsToRecover,
  type CredentialSubject,
  credentialSubjects,
  openCredentials,
  type RecoverableAccount,
} from "./operations/credential-accounts.ts";
export { createFamily, freePaymentCodes, type NewFamily } from "./operations/create-family.ts";
export { type Family, family, type FamilyChild } from "./operations/family.ts";
export {
  enterWithIdentity,
  type EnteredWithIdentity,
  type VerifiedIdentity,
} from "./operations/enter-with-identity.ts";
export {
  familyStanding,
  isLeftApart,
  joinAccess,
  type JoinedAccess,
  joinedAccesses,
  type JoinedAccessOutcome,
  mayJoin,
  splitAccess,
} from "./operations/joined-accesses.ts";
export { FAMILY_READ, noteFamilyRead } from "./operations/note-family-read.ts";
export { becomeParent, registerIdentity } from "./operations/adult-of-identity.ts";
export { askLink, type AskedToLink } from "./operations/ask-link.ts";
export {
  adultToLink,
  type FamilyToLink,
  familyToLink,
  type LinkAdult,
  type LinkMatches,
  linkMatches,
} from "./operations/link-matches.ts";
export { type LinkedStranger, linkStranger, refuseLink } from "./operations/link-stranger.ts";
export { LONGEST_CHILD, type LinkFault, type LinkField } from "./rules/link-request.ts";
export { putPeople } from "./operations/put-people.ts";
export { readersOf } from "./operations/readers-of.ts";
export type { Reader } from "./rules/address-readers.ts";
export {
  accountsHeld,
  accountsInPart,
  accountsInReach,
  childrenInReach,
} from "./operations/standing.ts";
export { type ActedByDelegation, actsByDelegation } from "./operations/acts-by-delegation.ts";
export {
  type Delegate,
  delegatesOf,
  delegationsInForce,
  insertDelegate,
  isInForce,
} from "./sql/delegates.ts";
export {
  addDelegate,
  type AddedDelegate,
  type DelegateFault,
  endDelegate,
} from "./operations/delegates.ts";
export { type FoundPeople, searchPeople } from "./operations/search-people.ts";
export { areContactsProtected } from "./sql/households.ts";
export { protectContacts, type ProtectedContacts } from "./operations/protect-contacts.ts";
export { updateContacts, type UpdatedContacts } from "./operations/update-contacts.ts";
