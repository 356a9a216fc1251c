// SPDX-License-Identifier: EUPL-1.2
import type { Lang } from "#kernel/i18n.ts";
import type { SendOutcome } from "#messaging";

/** One message as it leaves. Plain text only: no pictures, nothing that tells who opened it. */
export interface OutgoingEmail {
  /** becomes its Message-ID: the same message sent twice can be told */
  readonly id: string;
  readonly to: string;
  /** shown before the installation's address */
  readonly fromName: string;
  /** the office's; null: answers go to the sender's address */
  readonly replyTo: string | null;
  readonly lang: Lang;
  readonly subject: string;
  readonly text: string;
  readonly attachments: readonly {
    readonly fileName: string;
    readonly contentType: string;
    readonly bytes: Uint8Array;
  }[];
}

export interface Mailer {
  /** never throws: what went wrong is an answer */
  send(email: OutgoingEmail): Promise<SendOutcome>;
  close(): void;
}

/** One line is one header: whatever stands in a name stays in it. */
const oneLine = (text: string): string =>
  text
    .replaceAll(/\p{Cc}+/gu, " ")
    .trim()
    .slice(0, 200);

/** The message as the composer takes it. */
export function toMessage(email: OutgoingEmail, from: string) {
  const domain = from.slice(from.lastIndexOf("@") + 1);
  return {
    messageId: `<${email.id}@${domain}>`,
    from: { name: oneLine(email.fromName), address: from },
    to: { name: "", address: email.to },
    ...(email.replyTo ? { replyTo: { name: "", address: email.replyTo } } : {}),
    subject: oneLine(email.subject),
    text: email.text,
    headers: {
      "Content-Language": email.lang,
      // RFC 3834: no automatic answers to automatic messages.
      "Auto-Submitted": "auto-generated",
    },
    attachments: email.attachments.map(({ fileName, contentType, bytes }) => ({
      filename: fileName,
      contentType,
      content: Buffer.from(bytes),
    })),
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
