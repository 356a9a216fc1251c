// SPDX-License-Identifier: EUPL-1.2
import { oldestLetterRun, removeOldLetters } from "#identity";
import type { Tenant } from "#tenancy";
import { makeLetters } from "../surfaces/office/credentials/make-letters.ts";
import type { App } from "../surfaces/web/app.ts";
import { townOrigin } from "../surfaces/web/town-origin.ts";

export type LetterApp = Pick<App, "db" | "clock" | "sealKey" | "port" | "secureCookies">;

/** The credential letters of a town that wait (BO-01); pages older than a day are removed first. */
export async function makeTownLetters(
  app: LetterApp,
  of: { town: Pick<Tenant, "id" | "slug" | "hosts">; isStopping: () => boolean },
): Promise<void> {
  const town = app.db.forTenant(of.town.id);
  const press = {
    sealKey: app.sealKey,
    origin: townOrigin(app, of.town),
    now: () => app.clock.now(),
  };
  await town.write((tx) => removeOldLetters(tx, app.clock.now()));
  let before: string | undefined;
  while (!of.isStopping()) {
    const runId = await town.read((tx) => oldestLetterRun(tx, app.clock.now()));
    // One that did not get on waits for the next round.
    if (!runId || runId === before) return;
    before = runId;
    await makeLetters(town, { ...press, runId, isStopping: of.isStopping });
  }
}
