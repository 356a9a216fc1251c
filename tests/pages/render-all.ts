// SPDX-License-Identifier: EUPL-1.2
/** `render-all.ts <folder>`: writes every page of the gallery as a file, for the gate that validates markup. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gallery } from "./gallery.ts";

const folder = process.argv[2];
if (folder === undefined) throw new Error("usage: render-all.ts <folder>");
mkdirSync(folder, { recursive: true });
for (const [name, make] of Object.entries(gallery)) {
  writeFileSync(join(folder, `${name}.html`), make().toString());
}
