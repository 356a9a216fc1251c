// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { deflateSync } from "node:zlib";
import { moment } from "#kernel/dates.ts";
import { checkLogo, MAX_LOGO_BYTES } from "#documents";
import { noticePdf } from "#documents";
import { pageColours, popplerMissing } from "./read-back.ts";
import { logoPng, notice, pngFile } from "./samples.ts";

const madeAt = moment("2026-11-20T08:00:00Z");
const svg = (inner: string, head = 'viewBox="0 0 100 100"') =>
  new TextEncoder().encode(`<svg xmlns="http://www.w3.org/2000/svg" ${head}>${inner}</svg>`);
const refusal = async (bytes: Uint8Array) => {
  const checked = await checkLogo(bytes);
  return checked.outcome === "refused" ? checked.reason : checked.outcome;
};

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
});
