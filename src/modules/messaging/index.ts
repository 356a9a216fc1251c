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
} from "./sql/messages.ts";
export { inEveryLanguage, type MessageText, textIn } from "./rules/texts.ts";
