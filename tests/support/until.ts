// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";

/** Only a fault lasts as long: a busy machine is given all the time it takes. */
const MOST_MS = 60_000;

/** Waits for what a worker, a timer or another process brings about. */
export async function until(what: () => Promise<boolean> | boolean): Promise<void> {
  const end = performance.now() + MOST_MS;
  while (!(await what())) {
    if (performance.now() > end) assert.fail("it never happened");
    await pause(20);
  }
}
