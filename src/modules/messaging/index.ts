// SPDX-License-Identifier: EUPL-1.2
export {
  markRead,
  type Message,
  messagesOf,
  type NewMessage,
  planMessages,
} from "./sql/messages.ts";
