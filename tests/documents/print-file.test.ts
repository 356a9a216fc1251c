// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { PassThrough, Writable } from "node:stream";
import { describe, it } from "node:test";
import { day, moment } from "#kernel/dates.ts";
import { inFours, qrText } from "#documents";
import { writeLettersPdf, writeNoticesPdf } from "#documents";
import type { PaperNotice } from "#documents";
import { pageCodes, pageColours, pageTexts, popplerMissing, readersMissing } from "./read-back.ts";
import { letter, notice, noticeNumber, parts, pngFile } from "./samples.ts";

const OPTIONS = {
  title: "Avvisi di ottobre 2026",
  author: "Comune di Montelago",
  madeAt: moment("2026-11-20T08:00:00Z"),
};
const BASE = notice({});

function numbered(index: number): PaperNotice {
  return {
    ...BASE,
    debtor: { name: `Famiglia ${index}`, fiscalCode: null },
    single: {
      noticeNumber: noticeNumber(index),
      amountCents: 1000n + BigInt(index),
      dueOn: day("2026-12-31"),
    },
  };
}

function file() {
  const chunks: Uint8Array[] = [];
  const out = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { out, bytes: () => new Uint8Array(Buffer.concat(chunks)) };
}

describe("the print file", () => {
  it(
    "every notice is on it, in the given order, with its own code",
    { skip: readersMissing },
    async () => {
      const { out, bytes } = file();
      const seen: number[] = [];
      const notices = Array.from({ length: 6 }, (_, index) => numbered(index + 1));
      const done = await writeNoticesPdf(notices, out, {
        ...OPTIONS,
        onNotice: (_, firstPage, { notices: count }) => seen.push(firstPage * 100 + count),
      });
      assert.deepEqual(done, { notices: 6, pages: 6 });
      assert.deepEqual(seen, [101, 202, 303, 404, 505, 606]);
      assert.deepEqual(
        pageCodes(bytes()).map((page) => page.qr),
        notices.map(({ creditor, single }) => [
          qrText({ ...single!, creditorCode: creditor.fiscalCode }),
        ]),
      );
    },
  );

  it("a transparent logo is on every page", { skip: popplerMissing }, async () => {
    const { out, bytes } = file();
    const logo = { kind: "png", bytes: pngFile(60, 60, 4, () => [200, 30, 60, 255]) } as const;
    const notices = [1, 2, 3].map((index) => ({
      ...numbered(index),
      creditor: { ...BASE.creditor, logo },
    }));
    await writeNoticesPdf(notices, out, OPTIONS);
    for (const page of [1, 3]) {
      assert.ok(pageColours(bytes(), [490, 40, 40, 40], page).has("200,30,60"), `page ${page}`);
    }
  });

  it(
    "printed on both sides, a notice never starts on another's back",
    { skip: popplerMissing },
    async () => {
      const { out, bytes } = file();
      async function* notices() {
        yield numbered(1);
        yield { ...numbered(2), instalments: parts(9) };
        yield numbered(3);
      }
      const firsts: number[] = [];
      const onNotice = (_: PaperNotice, firstPage: number) => firsts.push(firstPage);
      const done = await writeNoticesPdf(notices(), out, { ...OPTIONS, duplex: true, onNotice });
      assert.deepEqual(firsts, [1, 3, 5]);
      assert.equal(done.pages, 6);
      const texts = pageTexts(bytes());
      assert.equal(texts[1], "");
      assert.ok(texts[4]?.includes(inFours(noticeNumber(3))));
    },
  );

  it(
    "OS-16 letters are printed with their notices behind them",
    { skip: popplerMissing },
    async () => {
      const { out, bytes } = file();
      const done = await writeLettersPdf([letter(2), letter(30)], out, OPTIONS);
      assert.deepEqual(done, { notices: 2, pages: 5 });
      const heads = pageTexts(bytes()).map(
        (text) => /Oggetto:|Avviso di pagamento/.exec(text)?.[0],
      );
      assert.deepEqual(heads, [
        "Oggetto:",
        "Avviso di pagamento",
        "Oggetto:",
        undefined,
        "Avviso di pagamento",
      ]);
    },
  );

  it("500 notices through a slow reader: what waits stays small", async () => {
    let [waiting, bytes, most] = [0, 0, 0];
    const out = new Writable({
      highWaterMark: 64 * 1024,
      write(chunk: Uint8Array, _encoding, done) {
        waiting += chunk.length;
        most = Math.max(most, out.writableLength);
        setImmediate(() => {
          bytes += chunk.length;
          waiting -= chunk.length;
          done();
        });
      },
    });
    const one = numbered(1);
    function* many() {
      for (let index = 0; index < 500; index++) yield one;
    }
    const done = await writeNoticesPdf(many(), out, OPTIONS);
    assert.deepEqual(done, { notices: 500, pages: 500 });
    assert.equal(waiting, 0);
    assert.ok(bytes > 1_000_000, `${bytes} bytes`);
    assert.ok(most < 256 * 1024, `${most} bytes waited`);
    assert.ok(bytes / 500 < 8 * 1024, "fonts and logo are embedded once");
  });

  it("a reader that goes away, a notice that is none, no notice: refused, the file closed", async () => {
    const gone = new PassThrough();
    gone.destroy();
    await assert.rejects(writeNoticesPdf([numbered(1)], gone, OPTIONS));
    const full = new Writable({
      write: (_chunk, _encoding, done) => done(new Error("disk full")),
    });
    await assert.rejects(writeNoticesPdf([numbered(1)], full, OPTIONS), /disk full|closed/);
    const { out } = file();
    const wrong = { ...BASE, single: undefined };
    await assert.rejects(writeNoticesPdf([numbered(1), wrong], out, OPTIONS), RangeError);
    assert.equal(out.destroyed, true);
    await assert.rejects(writeNoticesPdf([], file().out, OPTIONS), /no notice/);
  });
});
