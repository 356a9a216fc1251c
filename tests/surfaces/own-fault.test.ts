// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, it, type TestContext } from "node:test";
import type { Route } from "../../src/surfaces/web/route.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { testSite } from "../support/site.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const breaking: Route = {
  method: "GET",
  path: "/guasto",
  access: "public",
  handle: () => {
    throw new Error("an inner message");
  },
};

it("PE-08 X-15 a fault of ours is a page with a code that leads to the log, never the bare message: also beside the station's endpoint", async (t: TestContext) => {
  const site = await testSite(base.db, { routes: [breaking], endpoints: [async () => {}] });
  const logged = t.mock.method(process.stderr, "write", () => true);
  const answer = await site.get("/guasto");
  const lines = logged.mock.calls.map(({ arguments: [line] }) => String(line));
  logged.mock.restore();
  assert.equal(answer.statusCode, 500);
  assert.match(String(answer.headers["content-type"]), /^text\/html/);
  assert.match(answer.body, /Qualcosa non ha funzionato/);
  assert.doesNotMatch(answer.body, /an inner message/);
  const [, code] = /error (\S{8}) GET \/guasto/.exec(lines.join("")) ?? [];
  assert.ok(code && answer.body.includes(code), "the page shows the code of the log's line");
  await site.close();
});
