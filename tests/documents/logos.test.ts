// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { deflateSync } from "node:zlib";
import { moment } from "#kernel/dates.ts";
import { checkLogo, MAX_LOGO_BYTES } from "#documents";
import { noticePdf } from "#documents";
import { pageColours, popplerMissing } from "./read-back.ts";
import { logoPng, notice, pngChunk, pngFile } from "./samples.ts";

const madeAt = moment("2026-11-20T08:00:00Z");
const svg = (inner: string, head = 'viewBox="0 0 100 100"') =>
  new TextEncoder().encode(`<svg xmlns="http://www.w3.org/2000/svg" ${head}>${inner}</svg>`);
const refusal = async (bytes: Uint8Array) => {
  const checked = await checkLogo(bytes);
  return checked.outcome === "refused" ? checked.reason : checked.outcome;
};

const head = (width: number, height: number, depth: number, colour: number, interlace = 0) => {
  const words = Buffer.alloc(13);
  words.writeUInt32BE(width, 0);
  words.writeUInt32BE(height, 4);
  words.set([depth, colour, 0, 0, interlace], 8);
  return pngChunk("IHDR", words);
};
const pngOf = (...parts: readonly Buffer[]): Uint8Array =>
  new Uint8Array(
    Buffer.concat([
      Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
      ...parts,
      pngChunk("IEND", Buffer.alloc(0)),
    ]),
  );

const ARMS = svg(
  `<title>Stemma</title><defs><path id="x" d="M0 0"/></defs>
   <g transform="translate(10 0) scale(0.8)" fill="#f00"><path d="M0 0h100v60q0 40-50 60q-50-20-50-60z"/>
   <circle cx="50" cy="40" r="20" style="fill:rgb(0, 0, 255);stroke:none"/>
   <polygon points="10,10 30,10 20,30" fill="lime" stroke="black" stroke-width="2"/></g>`,
);

describe("logos", () => {
  it(
    "a vector coat of arms is drawn in its colours, once embedded",
    { skip: popplerMissing },
    async () => {
      const checked = await checkLogo(ARMS);
      assert.equal(checked.outcome, "accepted");
      if (checked.outcome !== "accepted") return;
      const { creditor } = notice({});
      const pdf = await noticePdf(notice({ creditor: { ...creditor, logo: checked.logo } }), {
        madeAt,
      });
      // The logo's place: 30 × 30 mm in the top right corner, at 72 dots per inch.
      const colours = pageColours(pdf, [482, 28, 85, 85]);
      for (const colour of ["255,0,0", "0,0,255", "0,255,0"])
        assert.ok(colours.has(colour), colour);
      const raw = Buffer.from(pdf).toString("latin1");
      assert.equal(raw.match(/\/Subtype \/Form/g)?.length, 1);
    },
  );

  it("PNG with and without transparency is drawn", { skip: popplerMissing }, async () => {
    for (const channels of [3, 4] as const) {
      const bytes = pngFile(40, 40, channels, () => [200, 30, 60, 255].slice(0, channels));
      const checked = await checkLogo(bytes);
      assert.equal(checked.outcome, "accepted");
      const { creditor } = notice({});
      const logo = { kind: "png", bytes } as const;
      const pdf = await noticePdf(notice({ creditor: { ...creditor, logo } }), { madeAt });
      assert.ok(pageColours(pdf, [490, 40, 40, 40]).has("200,30,60"), `${channels} channels`);
    }
  });

  it("what cannot be drawn is refused by name", async () => {
    for (const inner of [
      "<text>Comune</text>",
      '<image href="file:///etc/passwd"/>',
      '<use href="#x"/>',
      "<script>alert(1)</script>",
      "<style>path{fill:red}</style>",
      '<rect width="9" height="9" fill="url(#g)"/>',
      '<path d="M0 0L9 9" onclick="x()"/>',
      '<path d="M0 0L9 9" clip-path="url(#c)"/>',
      '<path d="M0 0L9 9" transform="spin(3)"/>',
      "",
      "<g>".repeat(60) + "</g>".repeat(60),
      '<path d="M0 0h9"/>'.repeat(5001),
    ]) {
      assert.equal(await refusal(svg(inner)), "unsupported-svg", inner.slice(0, 40));
    }
    const entity =
      '<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg viewBox="0 0 9 9"><path d="M0 0h9"/></svg>';
    assert.equal(await refusal(new TextEncoder().encode(entity)), "unsupported-svg");
  });

  it("what is no image, too large or a bomb is refused", async () => {
    const text = (words: string) => new TextEncoder().encode(words);
    assert.equal(await refusal(text("%PDF-1.7")), "not-an-image");
    assert.equal(await refusal(new Uint8Array(0)), "not-an-image");
    assert.equal(await refusal(text("<svg viewBox='0 0 9 9'><path d='M0 0h9'")), "not-an-image");
    assert.equal(await refusal(new Uint8Array(MAX_LOGO_BYTES + 1)), "too-large");
    assert.equal(await refusal(text("\u00ff")), "not-an-image");
    const png = logoPng(64, 64)?.bytes ?? new Uint8Array();
    assert.equal(await refusal(png.subarray(0, 60)), "not-an-image");
    const wide = Buffer.from(png);
    wide.writeUInt32BE(100_000, 16);
    assert.equal(await refusal(wide), "too-many-pixels");
    // 64 × 64 pixels that unfold to 100 MB.
    const bomb = pngFile(64, 64, 4, () => [0, 0, 0, 0], deflateSync(Buffer.alloc(100_000_000)));
    assert.equal(await refusal(bomb), "not-an-image");
  });

  it("OS-16 a PNG that its reader would stumble over outside any try, or never end, is refused", async () => {
    const flat = (width: number, height: number, samples: number, filter = 0) => {
      const rows = Buffer.alloc(height * (1 + width * samples));
      for (let y = 0; y < height; y += 1) rows[y * (1 + width * samples)] = filter;
      return pngChunk("IDAT", deflateSync(rows));
    };
    const pixels = flat(6, 6, 4);
    const long = Buffer.from(pixels);
    long.writeUInt32BE(0xffff_fff0, 0);
    const back = Buffer.from(pngChunk("abCd", Buffer.alloc(0)));
    back.writeInt32BE(-12, 0);
    const words = Buffer.from([0, 0, 0, 6, 0, 0, 0, 6, 8, 6, 0, 0, 0]);
    const broken: Record<string, Buffer[]> = {
      "no such filter": [head(6, 6, 8, 6), flat(6, 6, 4, 9)],
      "no such filter, interlaced": [head(6, 6, 8, 6, 1), flat(6, 6, 4, 9)],
      "two heads": [head(6, 6, 8, 6), head(12_000, 12_000, 8, 6), pixels],
      "a head that comes late": [pngChunk("tEXt", words), head(12_000, 12_000, 8, 6), pixels],
      "a length beyond the end": [head(6, 6, 8, 6), long],
      "a length that leads back": [head(6, 6, 8, 6), back, pixels],
      "no palette": [head(6, 6, 8, 3), flat(6, 6, 1)],
      "three bits a sample": [head(6, 6, 3, 2), flat(6, 6, 3)],
      "too few rows": [head(6, 6, 8, 6), flat(6, 5, 4)],
    };
    for (const [what, parts] of Object.entries(broken))
      assert.equal(await refusal(pngOf(...parts)), "not-an-image", what);
    const palette = pngChunk("PLTE", Buffer.from([200, 30, 60, 0, 0, 0]));
    const clear = pngChunk("tRNS", Buffer.from([255, 0]));
    const fine = [head(6, 6, 4, 3), palette, clear, flat(3, 6, 1)];
    assert.equal(await refusal(pngOf(...fine)), "unsupported-png", "drawn with holes");
    assert.equal(await refusal(pngOf(head(4, 4, 8, 6, 1), flat(4, 4, 4))), "unsupported-png");
    for (const good of [
      [head(6, 6, 8, 3), palette, clear, flat(6, 6, 1)],
      [head(6, 6, 4, 3), palette, flat(3, 6, 1)],
      [head(6, 6, 16, 6), flat(6, 6, 8)],
      // Seven passes: a little more than the rows of the whole.
      [head(6, 6, 8, 2, 1), flat(6, 10, 3)],
    ])
      assert.equal(await refusal(pngOf(...good)), "accepted");
  });
});
