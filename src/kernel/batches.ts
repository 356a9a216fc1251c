// SPDX-License-Identifier: EUPL-1.2
/** How many rows one statement carries: the embedded database keeps a batch in memory. */
export const BATCH_ROWS = 5000;

export function* batches<Row>(rows: readonly Row[], size = BATCH_ROWS): Generator<readonly Row[]> {
  for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size);
}
