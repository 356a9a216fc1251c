// SPDX-License-Identifier: EUPL-1.2
export {
  familiesTold,
  markRead,
  type Message,
  messagesOf,
  type NewMessage,
  planMessages,
} from "./sql/messages.ts";
