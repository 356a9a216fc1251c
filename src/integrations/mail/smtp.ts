// SPDX-License-Identifier: EUPL-1.2
import { createTransport } from "nodemailer";
import type { SendOutcome } from "#messaging";
import { type Mailer, toMessage } from "./mailer.ts";

const CONNECT_MS = 10_000;
/** Between two answers of the server. */
const SILENCE_MS = 30_000;
const MOST_CONNECTIONS = 2;

export interface SmtpServer {
  /** `smtps://user:password@host:465`, or `smtp://…:587`, which turns to TLS before anything is said */
  readonly url: URL;
  /** the sender's address */
  readonly from: string;
  /** the authority, in PEM, of a server that no public one vouches for; none: the public ones */
  readonly ca?: string | undefined;
}

const isLoopback = (host: string): boolean => /^(localhost|127\.0\.0\.1|\[::1\]|::1)$/.test(host);

/** Sends through a mail server, with TLS unless the server is this machine and no authority is named for it. */
export function smtpMailer({ url, from, ca }: SmtpServer): Mailer {
  const secure = url.protocol === "smtps:";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const isBare = isLoopback(url.hostname) && ca === undefined;
  const transport = createTransport({
    pool: true,
    maxConnections: MOST_CONNECTIONS,
    host,
    port: url.port === "" ? (secure ? 465 : 587) : Number(url.port),
    secure,
    requireTLS: !secure && !isBare,
    ignoreTLS: !secure && isBare,
    ...(ca === undefined ? {} : { tls: { ca } }),
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    ...(url.username === ""
      ? {}
      : {
          auth: {
            user: decodeURIComponent(url.username),
            pass: decodeURIComponent(url.password),
          },
        }),
  });
  return {
    async send(email) {
      try {
        await transport.sendMail(toMessage(email, from));
        return { outcome: "sent" };
      } catch (error) {
        return outcomeOf(error);
      }
    },
    close: () => transport.close(),
  };
}

interface SmtpError {
  code?: string | undefined;
  command?: string | undefined;
  responseCode?: number | undefined;
  response?: string | undefined;
}

/**
 * Only an answer to the recipient or to the message is about this message; everything else (no connection, wrong
 * password, sender not allowed) would be said to each.
 */
function outcomeOf(error: unknown): SendOutcome {
  const { code, command, responseCode, response } = error as SmtpError;
  const problem = inWords({ code, responseCode, response });
  const isAboutIt = /^(RCPT TO|DATA|BDAT)/i.test(command ?? "") || code === "EMESSAGE";
  if (!isAboutIt || responseCode === undefined) return { outcome: "no-server", problem };
  // 421: the server closes; 503: it lost count.
  if (responseCode === 421 || responseCode === 503) return { outcome: "no-server", problem };
  return { outcome: responseCode >= 500 ? "refused" : "later", problem };
}

/** The server's answer without anybody's address, short enough for a page. */
function inWords({ code, responseCode, response }: SmtpError): string {
  const said = (response ?? "")
    .replaceAll(/<?[^\s<>]+@[^\s<>]+>?/g, "…")
    .replaceAll(/\s+/g, " ")
    .replace(/^\d{3}[ -]/, "")
    .slice(0, 120);
  return [responseCode ?? code ?? "error", said].filter((part) => part !== "").join(" ");
}
