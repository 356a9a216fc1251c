// SPDX-License-Identifier: EUPL-1.2
/** A print file out of parts that were made one after the other, read back by other people's programs. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  joinedLength,
  joinedPdf,
  type PaperNotice,
  qrText,
  writeNoticesPdf,
  writtenBytes,
} from "#documents";
import { day, moment } from "#kernel/dates.ts";
import { nextObject, type PdfPart, pdfPartOf } from "../../src/documents/merge-parts.ts";
import {
  fontsOf,
  infoOf,
  pageCodes,
  pageTexts,
  popplerMissing,
  readersMissing,
} from "./read-back.ts";
import { notice, noticeNumber, parts as instalments, pngFile } from "./samples.ts";

const BASE = notice({});
const LOGO = { kind: "png", bytes: pngFile(60, 60, 4, () => [200, 30, 60, 255]) } as const;
const INFO = { title: "Avvisi (ottobre) \\ Città", author: "Comune di Montelago" };

const numbered = (index: number): PaperNotice => ({
  ...BASE,
  creditor: { ...BASE.creditor, logo: LOGO },
  debtor: { name: `Famiglia ${index}`, fiscalCode: null },
  single: {
    noticeNumber: noticeNumber(index),
    amountCents: 1000n + BigInt(index),
    dueOn: day("2026-12-31"),
  },
});

const fileOf = (notices: readonly PaperNotice[]): Promise<Uint8Array> =>
  writtenBytes((out) =>
    writeNoticesPdf(notices, out, { ...INFO, madeAt: moment("2026-11-20T08:00:00Z") }),
  );

type Made = PdfPart & { readonly length: number };

/** Parts of so many notices each, numbered through. */
async function partsOf(sizes: readonly number[]): Promise<Made[]> {
  const made: Made[] = [];
  let next = 1;
  for (const size of sizes) {
    const notices = Array.from({ length: size }, (_, index) => numbered(next + index));
    next += size;
    const part = pdfPartOf(await fileOf(notices), nextObject(made.at(-1) ?? null));
    made.push({ ...part, length: part.bytes.length });
  }
  return made;
}

async function join(parts: readonly Made[]): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of joinedPdf(parts, async ({ bytes }) => bytes, INFO)) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

describe("a print file joined out of parts", () => {
  it(
    "OS-16 holds every notice in its order, each code as it was drawn; its length is known before",
    { skip: readersMissing },
    async () => {
      const parts = await partsOf([3, 1, 2]);
      const whole = await join(parts);
      assert.equal(whole.length, joinedLength(parts, INFO));
      assert.deepEqual(
        pageCodes(whole).map(({ qr }) => qr),
        [1, 2, 3, 4, 5, 6].map((index) => {
          const { creditor, single } = numbered(index);
          return [qrText({ ...single!, creditorCode: creditor.fiscalCode })];
        }),
      );
      pageTexts(whole).forEach((text, index) =>
        assert.match(text, new RegExp(`Famiglia ${index + 1}\\b`)),
      );
    },
  );

  it(
    "says whose it is; subsets of fonts have names of their own",
    { skip: popplerMissing },
    async () => {
      const whole = await join(await partsOf([2, 2]));
      const info = infoOf(whole);
      assert.match(info, /Title:\s+Avvisi \(ottobre\) \\ Città/);
      assert.match(info, /Pages:\s+4/);
      const names = fontsOf(whole).map((line) => line.split(/\s+/)[0]);
      assert.equal(new Set(names).size, names.length, names.join());
      assert.ok(names.length >= 4);
    },
  );

  it(
    "pages of several sheets and of instalments are counted",
    { skip: popplerMissing },
    async () => {
      const first = pdfPartOf(
        await fileOf([{ ...numbered(1), instalments: instalments(9) }]),
        nextObject(null),
      );
      const made = [{ ...first, length: first.bytes.length }];
      assert.equal(first.pages, 2);
      assert.match(infoOf(await join(made)), /Pages:\s+2/);
    },
  );

  it("parts with a gap, a part that changed, no part, another's file: refused", async () => {
    const [one, two] = (await partsOf([1, 1])) as [Made, Made];
    assert.throws(() => joinedLength([two], INFO), RangeError);
    assert.throws(() => joinedLength([], INFO), RangeError);
    await assert.rejects(join([one, { ...two, length: two.length - 1 }]), /changed/);
    assert.throws(() => pdfPartOf(Buffer.from("%PDF-1.7\nnothing of ours"), 4), /table/);
  });
});
