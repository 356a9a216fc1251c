// SPDX-License-Identifier: EUPL-1.2
import { Writable } from "node:stream";
import type { Pdf } from "./pen.ts";

/** The whole document as bytes. */
export function collect(pdf: Pdf): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    pdf.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    pdf.on("end", () => resolve(new Uint8Array(Buffer.concat(chunks))));
    pdf.on("error", reject);
  });
}

/** What is written into `out`, as bytes. */
export async function writtenBytes(
  write: (out: Writable) => Promise<unknown>,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  await write(
    new Writable({
      write(chunk: Uint8Array, _encoding, done) {
        chunks.push(chunk);
        done();
      },
    }),
  );
  return new Uint8Array(Buffer.concat(chunks));
}
