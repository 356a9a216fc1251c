// SPDX-License-Identifier: EUPL-1.2
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Where `scripts/build-assets.mjs` writes; the web server serves it at `/assets/`, immutable. */
export const ASSETS_DIRECTORY = fileURLToPath(new URL("../../../.build/assets/", import.meta.url));

let manifest: Readonly<Record<string, string>> | undefined;

/** `campanella.css` → `/assets/campanella.1a2b3c4d.css`. Throws on a name that was not built. */
export function asset(name: string): string {
  manifest ??= readManifest();
  const file = manifest[name];
  if (file === undefined) throw new Error(`no asset ${name}: run node scripts/build-assets.mjs`);
  return `/assets/${file}`;
}

function readManifest(): Record<string, string> {
  try {
    return JSON.parse(readFileSync(`${ASSETS_DIRECTORY}manifest.json`, "utf8")) as Record<
      string,
      string
    >;
  } catch (cause) {
    throw new Error("assets are not built: run node scripts/build-assets.mjs", { cause });
  }
}
