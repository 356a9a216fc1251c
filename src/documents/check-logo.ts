// SPDX-License-Identifier: EUPL-1.2
/** Is a file that somebody uploads a logo that every document can show? Asked once, before it is kept. */
import { moment } from "#kernel/dates.ts";
import { collect } from "./collect.ts";
import { drawLogo } from "./logos.ts";
import type { Logo } from "./paper-notice.ts";
import { closePdf, newPage, openPdf, penOf } from "./pen.ts";
import { openPng, UnsupportedPng } from "./plain-png.ts";
import { UnsupportedSvg } from "./svg-shapes.ts";

type Refusal =
  | "too-large"
  | "not-an-image"
  | "too-many-pixels"
  | "unsupported-svg"
  | "unsupported-png";

export type CheckedLogo =
  | { readonly outcome: "accepted"; readonly logo: Logo }
  | {
      readonly outcome: "refused";
      readonly reason: Refusal;
      /** For the office: what the file has that cannot be drawn. */
      readonly detail: string;
    };

/** It goes into every document that is sent. */
export const MAX_LOGO_BYTES = 150 * 1024;
/** 30 mm at 300 dots per inch are 354 a side; what is more is unpacked for every sheet and seen by nobody. */
const MAX_PIXELS = 1_000_000;

const refused = (reason: Refusal, detail = "") => ({ outcome: "refused", reason, detail }) as const;

function kindOf(bytes: Uint8Array): Logo["kind"] | null {
  const head = Buffer.from(bytes.subarray(0, 512)).toString("latin1");
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (head.startsWith("\xff\xd8\xff")) return "jpeg";
  return /^(?:\xef\xbb\xbf)?\s*(?:<\?xml|<!--|<!DOCTYPE svg|<svg)/i.test(head) ? "svg" : null;
}

/** Width and height as a JPEG declares them; null when it declares none. */
function sizeOfJpeg(bytes: Buffer): [number, number] | null {
  let at = 2;
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    const frame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (frame) return [bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5)];
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return null;
}

async function drawOnce(logo: Logo): Promise<void> {
  const madeAt = moment("2026-01-01T00:00:00Z");
  const pdf = openPdf({ title: "Logo", author: "", madeAt, tagged: false });
  const bytes = collect(pdf);
  const pen = penOf(pdf);
  newPage(pen);
  drawLogo(pen, logo, { right: 200, top: 100, side: 85, name: "" });
  closePdf(pen);
  await bytes;
}

/** PNG, JPEG, or plain SVG (flat colours, outlines). What is accepted was drawn once, so it draws again. */
export async function checkLogo(bytes: Uint8Array): Promise<CheckedLogo> {
  if (bytes.length > MAX_LOGO_BYTES) return refused("too-large");
  const kind = kindOf(bytes);
  if (kind === null) return refused("not-an-image");
  try {
    const png = kind === "png" ? openPng(Buffer.from(bytes)) : null;
    if (kind !== "svg") {
      const size = png ? [png.width, png.height] : sizeOfJpeg(Buffer.from(bytes));
      const [width = 0, height = 0] = size ?? [];
      if (width === 0 || height === 0) return refused("not-an-image");
      if (width * height > MAX_PIXELS) return refused("too-many-pixels");
    }
    const logo: Logo = { kind, bytes: png ? png.bare() : bytes };
    await drawOnce(logo);
    return { outcome: "accepted", logo };
  } catch (error) {
    if (error instanceof UnsupportedSvg) return refused("unsupported-svg", error.message);
    if (error instanceof UnsupportedPng) return refused("unsupported-png");
    return refused("not-an-image");
  }
}
