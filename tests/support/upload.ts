// SPDX-License-Identifier: EUPL-1.2
import { newId } from "#kernel/ids.ts";
import type { SignedIn, TestSite } from "./site.ts";

type Sent =
  | { field: string; name: string; text: string }
  | { field: string; name: string; bytes: Uint8Array };

/** A form with a file, as a browser sends it. */
export function upload(
  site: TestSite,
  as: Pick<SignedIn, "cookie" | "csrf">,
  of: {
    path: string;
    fields?: Readonly<Record<string, string | readonly string[]>>;
    file?: Sent | undefined;
    headers?: Record<string, string>;
  },
): ReturnType<TestSite["get"]> {
  const boundary = "confine";
  const part = (head: string, content: Uint8Array): Uint8Array[] => [
    Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; ${head}\r\n\r\n`),
    content,
    Buffer.from("\r\n"),
  ];
  const fields = Object.entries({ csrf: as.csrf, key: newId(), ...of.fields });
  const parts = fields.flatMap(([name, value]) => part(`name="${name}"`, Buffer.from(`${value}`)));
  if (of.file) {
    const { field, name } = of.file;
    const content = "bytes" in of.file ? of.file.bytes : Buffer.from(of.file.text);
    parts.push(...part(`name="${field}"; filename="${name}"`, content));
  }
  return site.server.http.inject({
    method: "POST",
    url: of.path,
    headers: {
      host: site.host,
      cookie: as.cookie,
      "content-type": `multipart/form-data; boundary=${boundary}`,
      ...of.headers,
    },
    payload: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
  });
}
