// SPDX-License-Identifier: EUPL-1.2
import type { Multipart } from "@fastify/multipart";
import { CSRF_FIELD } from "#ui/components.ts";
import { isCsrfRight, Fields, type Visit } from "../../web/visit.ts";

export interface UploadedFile {
  readonly name: string;
  readonly bytes: Buffer;
}

export type Upload =
  | { outcome: "read"; fields: Fields; files: readonly UploadedFile[] }
  /** `field` = the form's field it came in; the other fields were read */
  | { outcome: "too-large"; fields: Fields; field: string; fileName: string }
  | { outcome: "refused" };

/** Beyond this nothing is read at all: a browser would send for minutes what is refused anyway. */
const MOST_REQUEST_BYTES = 150_000_000;

/**
 * A posted form with files: read whole (the server limits sizes and counts), its token checked. A file over the limit
 * is not kept, but the rest of the form is read, to be shown again.
 */
export async function readUpload(visit: Visit): Promise<Upload> {
  const { request } = visit;
  if (!request.isMultipart()) return { outcome: "refused" };
  if (Number(request.headers["content-length"] ?? 0) > MOST_REQUEST_BYTES)
    return { outcome: "too-large", fields: new Fields({}), field: "file", fileName: "Il file" };
  const values: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  const files: UploadedFile[] = [];
  let tooLarge: { field: string; fileName: string } | null = null;
  // Known to the plugin, missing in its types: a file over the limit is cut, not thrown.
  const options: object = { throwFileSizeLimit: false };
  const parts = request.parts(options) as AsyncIterable<Multipart>;
  for await (const part of parts) {
    if (part.type === "file") {
      const bytes = await part.toBuffer();
      const name = shortName(part.filename ?? "");
      if (part.file.truncated) tooLarge ??= { field: part.fieldname, fileName: name };
      // A file field left empty comes as a file without name and content.
      else if (part.filename && bytes.length > 0) files.push({ name, bytes });
    } else if (typeof part.value === "string") {
      values[part.fieldname] = [...(values[part.fieldname] ?? []), part.value];
    }
  }
  const fields = new Fields(values);
  if (!fields.has(CSRF_FIELD) || !isCsrfRight({ ...visit, fields })) return { outcome: "refused" };
  return tooLarge
    ? { outcome: "too-large", fields, ...tooLarge }
    : { outcome: "read", fields, files };
}

/** The last part of a path, without control characters: it is shown and stored. */
const shortName = (name: string): string =>
  name
    .replace(/[\p{C}]/gu, "")
    .split(/[/\\]/)
    .at(-1)!
    .slice(-120);
