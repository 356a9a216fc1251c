// SPDX-License-Identifier: EUPL-1.2
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { type Mailer, toMessage } from "./mailer.ts";

/** Demo mode: each message is a file that any mail program opens, `<id>.eml`. Nothing leaves the machine. */
export function folderMailer(folder: string): Mailer {
  const composer = createTransport({ streamTransport: true, buffer: true });
  return {
    async send(email) {
      try {
        const made = await composer.sendMail(toMessage(email, "demo@campanella.example"));
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const path = join(folder, `${email.id}.eml`);
        // Whole or not at all; a second time it is the same file.
        await writeFile(`${path}.part`, made.message as Buffer, { mode: 0o600 });
        await rename(`${path}.part`, path);
        return { outcome: "sent" };
      } catch (error) {
        return { outcome: "no-server", problem: (error as NodeJS.ErrnoException).code ?? "error" };
      }
    },
    close: () => composer.close(),
  };
}
