// SPDX-License-Identifier: EUPL-1.2
import type { Multipart } from "@fastify/multipart";
import { CSRF_FIELD } from "#ui/components.ts";
import { isCsrfRight, Fields, type Visit } from "../../web/visit.ts";

export interface Upload {
  readonly fields: Fields;
  readonly files: readonly { readonly name: string; readonly bytes: Buffer }[];
}

/** A posted form with files: read whole (the server limits sizes and counts), its token checked. `null` = refused. */
export async function readUpload(visit: Visit): Promise<Upload | null> {
  if (!visit.request.isMultipart()) return null;
  const values: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  const files: { name: string; bytes: Buffer }[] = [];
  for await (const part of visit.request.parts() as AsyncIterable<Multipart>) {
    if (part.type === "file") {
      const bytes = await part.toBuffer();
      // A file field left empty comes as a file without name and content.
      if (part.filename && bytes.length > 0) files.push({ name: shortName(part.filename), bytes });
    } else if (typeof part.value === "string") {
      values[part.fieldname] = [...(values[part.fieldname] ?? []), part.value];
    }
  }
  const fields = new Fields(values);
  if (!fields.has(CSRF_FIELD) || !isCsrfRight({ ...visit, fields })) return null;
  return { fields, files };
}

/** The last part of a path, without control characters: it is shown and stored. */
const shortName = (name: string): string =>
  name
    .replace(/[\p{C}]/gu, "")
    .split(/[/\\]/)
    .at(-1)!
    .slice(-120);
