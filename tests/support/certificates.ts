// SPDX-License-Identifier: EUPL-1.2
/** Certificates of an authority made for one test, by openssl. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const OPENSSL = process.env["OPENSSL"] || "openssl";
export const opensslMissing =
  spawnSync(OPENSSL, ["version"]).status === 0 ? false : "skipped: no openssl";

export interface Pair {
  cert: string;
  key: string;
}

export interface Certificates {
  /** signed by the one named `by`, or by itself */
  make(name: string, of: { cn: string; san?: string; by?: string }): Pair;
  /** the file of a certificate */
  path(name: string): string;
  close(): void;
}

export function certificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), "campanella-certificates-"));
  const path = (name: string): string => join(folder, `${name}.pem`);
  const openssl = (...args: string[]): void =>
    void execFileSync(OPENSSL, args, { stdio: "ignore" });
  return {
    path,
    make(name, of) {
      const key = path(`${name}-key`);
      openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key);
      const subject = ["-subj", `/CN=${of.cn}`];
      const out = ["-out", path(name), "-days", "2"];
      if (!of.by) openssl("req", "-x509", "-new", "-key", key, ...subject, ...out);
      else {
        const asked = join(folder, `${name}.csr`);
        openssl("req", "-new", "-key", key, "-out", asked, ...subject);
        const extensions = join(folder, `${name}.ext`);
        writeFileSync(
          extensions,
          of.san ? `subjectAltName=${of.san}\n` : "basicConstraints=CA:FALSE\n",
        );
        const signer = ["-CA", path(of.by), "-CAkey", path(`${of.by}-key`), "-CAcreateserial"];
        openssl("x509", "-req", "-in", asked, ...signer, "-extfile", extensions, ...out);
      }
      return { cert: readFileSync(path(name), "utf8"), key: readFileSync(key, "utf8") };
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
