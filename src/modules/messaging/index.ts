// SPDX-License-Identifier: EUPL-1.2
export {
  familiesTold,
  markRead,
  type Message,
  messagesOf,
  type NewMessage,
  planMessages,
  type Recipient,
  recipientsTold,
  rewriteMessages,
} from "./sql/messages.ts";
export { inEveryLanguage, type MessageText, textIn } from "./rules/texts.ts";
export {
  isSealedEmail,
  openSealedEmail,
  planSealedEmails,
  type SecretEmail,
} from "./operations/sealed-emails.ts";
export { claimDueEmails, EMAIL_CLAIM_SECONDS, recordEmail } from "./operations/send-emails.ts";
export type { EmailResult, SendOutcome } from "./rules/email-attempts.ts";
export { emailText, type EmailSender } from "./rules/email-text.ts";
export {
  dismissEmails,
  type Email,
  emailCounts,
  emptySentEmails,
  givenUpEmails,
  type NewEmail,
  planEmails,
  replanEmails,
  settleEmails,
} from "./sql/emails.ts";
export { publishNews, type PublishedNews } from "./operations/publish-news.ts";
export { withdrawNews, type WithdrawnNews } from "./operations/withdraw-news.ts";
export {
  LONGEST_NEWS,
  LONGEST_TITLE,
  LONGEST_WITHDRAWAL_REASON,
  type NewsAuthor,
  type NewsFault,
  type NewsField,
  type NewsState,
  newsState,
} from "./rules/news.ts";
export { allNews, type News, newsById, newsOn, type NewsPage } from "./sql/news.ts";
