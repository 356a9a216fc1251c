// SPDX-License-Identifier: EUPL-1.2
/** Engine-neutral backup of a whole installation: what PGlite wrote restores into PostgreSQL, and back. */
export { backup } from "./write.ts";
export { restore } from "./read.ts";
export { BackupFileError, type Progress } from "./format.ts";
