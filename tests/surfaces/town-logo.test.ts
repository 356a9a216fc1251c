// SPDX-License-Identifier: EUPL-1.2
/** The municipality's logo: given by its managers, on every sheet; hostile files are refused. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { deflateSync } from "node:zlib";
import { moment } from "#kernel/dates.ts";
import { townLogo } from "#tenancy";
import { routes } from "../../src/surfaces/office/routes.ts";
import { makePrintFiles } from "../../src/worker/print-runs.ts";
import { pageColours, popplerMissing } from "../documents/read-back.ts";
import { pngChunk, pngFile } from "../documents/samples.ts";
import { collecting, CREDITOR, issueOne, oldDebt, topUpLine } from "../support/collecting.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import { type SignedIn, type TestSite, testSite, TOWN_SETTINGS } from "../support/site.ts";
import { upload } from "../support/upload.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const NOW = moment("2026-11-20T09:00:00Z");
const PAGE = "/ufficio/impostazioni/stemma";
const RED = pngFile(40, 40, 3, () => [200, 30, 60]);
const [RED_INK, SHIELD_INK] = ["200,30,60", "237,237,237"];

/** The town and the creditor of its notices. */
async function open(t: { after(work: () => Promise<void>): void }, fiscalCode = CREDITOR) {
  const town = { ...TOWN_SETTINGS.town, fiscalCode };
  const site = await testSite(base.db, { routes, now: NOW, townSettings: { town } });
  t.after(() => site.close());
  const { place } = site;
  await collecting(place);
  await issueOne(place, oldDebt(place, "k", [topUpLine(place, place.giulia, 800n)]));
  return { site, manager: await site.signInAs("office-manager", { name: "M. Conti" }) };
}

const stored = ({ place }: TestSite): Promise<Uint8Array | null> => place.town.read(townLogo);
const send = (site: TestSite, who: SignedIn, bytes: Uint8Array) =>
  upload(site, who, { path: PAGE, file: { field: "stemma", name: "stemma.png", bytes } });

/** The colours in the logo's place of a notice that is printed now: 30 × 30 mm in the top right corner. */
async function printed(site: TestSite, who: SignedIn): Promise<ReadonlySet<string>> {
  const started = await site.post("/ufficio/pagamenti/stampe/nuova", {}, who);
  await makePrintFiles(site.app, site.place.town, {
    isStopping: () => false,
    onError: (_, error) => assert.fail(String(error)),
  });
  const file = await site.get(`${started.headers.location as string}/avvisi.pdf`, who);
  assert.equal(file.statusCode, 200);
  return pageColours(new Uint8Array(file.rawPayload), [482, 28, 85, 85]);
}

describe("the municipality's logo", () => {
  it(
    "OS-16 stands on notices once it is given, and a neutral shield before and after",
    { skip: popplerMissing },
    async (t) => {
      const { site, manager } = await open(t);
      assert.ok((await printed(site, manager)).has(SHIELD_INK));
      assert.match((await site.get(PAGE, manager)).body, /Uno scudo neutro/);
      assert.match((await site.get("/ufficio/impostazioni", manager)).body, /Stemma/);

      assert.equal((await send(site, manager, RED)).statusCode, 303);
      const ink = await printed(site, manager);
      assert.ok(ink.has(RED_INK) && !ink.has(SHIELD_INK));
      const page = await site.get(PAGE, manager);
      assert.deepEqual(htmlProblems(page.body), []);
      const source = /<img class="town-logo" src="([^"]+)"/.exec(page.body)?.[1] ?? "";
      const picture = await site.get(source, manager);
      assert.equal(picture.headers["content-type"], "image/png");
      assert.deepEqual(new Uint8Array(picture.rawPayload), RED);

      assert.equal((await site.post(`${PAGE}/togli`, {}, manager)).statusCode, 303);
      assert.equal(await stored(site), null);
      assert.ok((await printed(site, manager)).has(SHIELD_INK));
    },
  );

  it(
    "another creditor's notices never go under the municipality's arms",
    { skip: popplerMissing },
    async (t) => {
      const { site, manager } = await open(t, "00000000000");
      assert.equal((await send(site, manager, RED)).statusCode, 303);
      const ink = await printed(site, manager);
      assert.ok(ink.has(SHIELD_INK) && !ink.has(RED_INK));
    },
  );

  it("hostile files are refused in words, and nothing is kept", async (t) => {
    const { site, manager } = await open(t);
    const text = (words: string) => new TextEncoder().encode(words);
    const wide = Buffer.from(RED);
    wide.writeUInt32BE(100_000, 16);
    const hostile: [Uint8Array, RegExp][] = [
      [
        text("<svg viewBox='0 0 9 9'><script>alert(1)</script></svg>"),
        /non è un.{1,5}immagine PNG/,
      ],
      [text("<svg viewBox='0 0 9 9'><path d='M0 0h9v9z'/></svg>"), /non è un.{1,5}immagine PNG/],
      [text("%PDF-1.7"), /non è un.{1,5}immagine PNG/],
      [RED.subarray(0, 50), /non è un.{1,5}immagine PNG/],
      [wide, /più di 1000 × 1000/],
      [new Uint8Array(200_000), /supera 150 kB/],
      // 64 × 64 points that unfold to 100 MB.
      [
        pngFile(64, 64, 4, () => [0, 0, 0, 0], deflateSync(Buffer.alloc(100_000_000))),
        /non è un.{1,5}immagine PNG/,
      ],
    ];
    for (const [bytes, words] of hostile) {
      const answer = await send(site, manager, bytes);
      assert.equal(answer.statusCode, 422, String(words));
      assert.match(answer.body, words);
    }
    const empty = await upload(site, manager, { path: PAGE });
    assert.match(empty.body, /Scegliere un.{1,5}immagine PNG/);
    assert.equal(await stored(site), null);
    const forged = await send(site, { ...manager, csrf: "x" }, RED);
    assert.equal(forged.statusCode, 403);
    const clerk = await site.signInAs("office");
    assert.equal((await send(site, clerk, RED)).statusCode, 403);
    assert.equal(await stored(site), null);
  });

  it("only the picture is kept: what else the file carries, and what stands behind its end, is not", async (t) => {
    const { site, manager } = await open(t);
    const place = pngChunk("tEXt", Buffer.from("GPS\u000045.46,9.19"));
    const end = RED.length - 12;
    const laden = Buffer.concat([
      RED.subarray(0, 33),
      place,
      RED.subarray(33, end),
      RED.subarray(end),
      Buffer.from("PK\u0003\u0004<script>"),
    ]);
    assert.equal((await send(site, manager, laden)).statusCode, 303);
    assert.deepEqual(await stored(site), RED);
  });
});
