// SPDX-License-Identifier: EUPL-1.2
import { randomInt } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { newId } from "#kernel/ids.ts";
import type { App } from "./app.ts";

/** What is asked at the same moment as the answer arrives finds nothing running yet, nor a fixed time to wait for. */
const PAUSE_MS = { from: 50, to: 500 };
/** Nobody types so fast: more are dropped, known or not, and may ask again. */
const MOST_WAITING = 500;

interface Queue {
  last: Promise<void>;
  waiting: number;
}
const queues = new WeakMap<App, Queue>();

/**
 * Does something once the answer is out, one thing after another: its duration tells the visitor nothing. Kept in this
 * process only: an orderly end waits for it; ended by force in that half second, it is not done, and whoever asked asks
 * again. A table would keep what anybody types into that field, for everybody.
 */
export function afterAnswer(app: App, work: () => Promise<void>): void {
  const queue = queues.get(app) ?? { last: Promise.resolve(), waiting: 0 };
  queues.set(app, queue);
  if (queue.waiting >= MOST_WAITING) return;
  queue.waiting += 1;
  const ready = pause(randomInt(PAUSE_MS.from, PAUSE_MS.to));
  queue.last = Promise.all([queue.last, ready])
    .then(work)
    .catch((error: unknown) => {
      const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.stderr.write(
        `${app.clock.now().toString()} error ${newId().slice(-8)} after an answer ${said}\n`,
      );
    })
    .finally(() => {
      queue.waiting -= 1;
    });
}

/** All that waited is done. */
export const answersFollowed = (app: App): Promise<void> =>
  queues.get(app)?.last ?? Promise.resolve();
