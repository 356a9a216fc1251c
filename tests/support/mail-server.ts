// SPDX-License-Identifier: EUPL-1.2
/** A mail server on this machine that keeps what it takes and refuses what a test says. */
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { smtpMailer } from "../../src/integrations/mail/smtp.ts";
import type { Mailer } from "../../src/integrations/mail/mailer.ts";

export interface TakenMail {
  to: string[];
  raw: string;
  /** did it come through TLS? */
  isEncrypted: boolean;
  /** header values, unfolded, by lower-case name */
  header(name: string): string;
  /** the plain text */
  text(): string;
  /** by file name */
  attachments(): Map<string, Buffer>;
}

export interface MailServer {
  taken: TakenMail[];
  /** address → SMTP code with which it is refused */
  refuse: Map<string, number>;
  url: URL;
  mailer: Mailer;
  close(): Promise<void>;
}

class SmtpFault extends Error {
  readonly responseCode: number;
  constructor(responseCode: number, address: string) {
    super(`${address} is not taken`);
    this.responseCode = responseCode;
  }
}

/** `tls`: TLS from the first byte, or after STARTTLS. Without it there is none. */
export interface ServedTls {
  cert: string;
  key: string;
  ca: string;
  from: "start" | "starttls";
}

export async function mailServer(tls?: ServedTls): Promise<MailServer> {
  const taken: TakenMail[] = [];
  const refuse = new Map<string, number>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: tls?.from === "starttls" ? ["AUTH"] : ["STARTTLS", "AUTH"],
    ...(tls ? { cert: tls.cert, key: tls.key, secure: tls.from === "start" } : {}),
    onRcptTo({ address }, _session, callback) {
      const code = refuse.get(address);
      callback(code === undefined ? null : new SmtpFault(code, address));
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        const mail = takenMail(to, Buffer.concat(chunks).toString("latin1"));
        taken.push({ ...mail, isEncrypted: session.secure });
        callback();
      });
    },
  });
  // A sender that is killed leaves its connection so.
  server.on("error", () => undefined);
  await new Promise<void>((done) => {
    server.listen(0, "127.0.0.1", () => done());
  });
  const { port } = server.server.address() as AddressInfo;
  const url = new URL(`${tls?.from === "start" ? "smtps" : "smtp"}://127.0.0.1:${port}`);
  const mailer = smtpMailer({ url, from: "scuola@comune.example.it", ca: tls?.ca });
  return {
    taken,
    refuse,
    url,
    mailer,
    async close() {
      mailer.close();
      await new Promise<void>((done) => {
        server.close(() => done());
      });
    },
  };
}

interface Part {
  headers: Map<string, string>;
  body: Buffer;
}

/** Enough of MIME to read back what nodemailer wrote: one level of parts, base64 and quoted-printable. */
export function takenMail(to: string[], raw: string): TakenMail {
  const { headers, rest } = splitHead(raw);
  const boundary = /boundary="([^"]+)"/.exec(headers.get("content-type") ?? "")?.[1];
  const parts: Part[] = boundary
    ? rest
        .split(`--${boundary}`)
        .slice(1, -1)
        .map((text) => {
          const part = splitHead(text.replace(/^\r\n/, ""));
          return { headers: part.headers, body: decode(part.headers, part.rest) };
        })
    : [{ headers, body: decode(headers, rest) }];
  return {
    to,
    raw,
    isEncrypted: false,
    header: (name) => wordsOf(headers.get(name) ?? ""),
    text: () =>
      parts
        .find((part) => (part.headers.get("content-type") ?? "").startsWith("text/plain"))!
        .body.toString("utf8")
        .replaceAll("\r\n", "\n"),
    attachments: () =>
      new Map(
        parts.flatMap((part) => {
          const name = /filename="?([^";]+)"?/.exec(part.headers.get("content-disposition") ?? "");
          return name ? [[name[1]!, part.body] as const] : [];
        }),
      ),
  };
}

function splitHead(text: string): { headers: Map<string, string>; rest: string } {
  const end = text.indexOf("\r\n\r\n");
  const lines = text
    .slice(0, end)
    .replaceAll(/\r\n[ \t]+/g, " ")
    .split("\r\n");
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { headers, rest: text.slice(end + 4) };
}

function decode(headers: Map<string, string>, text: string): Buffer {
  const how = headers.get("content-transfer-encoding") ?? "7bit";
  if (how === "base64") return Buffer.from(text.replaceAll(/\s/g, ""), "base64");
  return how === "quoted-printable" ? unquote(text) : Buffer.from(text, "latin1");
}

const unquote = (text: string): Buffer =>
  Buffer.from(
    text
      .replaceAll(/=\r\n/g, "")
      .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      ),
    "latin1",
  );

/** RFC 2047. */
const wordsOf = (value: string): string =>
  value.replaceAll(/=\?UTF-8\?([QB])\?([^?]*)\?=\s*/gi, (_, how: string, text: string) =>
    (how.toUpperCase() === "B"
      ? Buffer.from(text, "base64")
      : unquote(text.replaceAll("_", " "))
    ).toString("utf8"),
  );
