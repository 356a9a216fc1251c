// SPDX-License-Identifier: EUPL-1.2
/** Is a file that somebody uploads a logo that every document can show? Asked once, before it is kept. */
import { inflateSync } from "node:zlib";
import { moment } from "#kernel/dates.ts";
import { collect } from "./collect.ts";
import { drawLogo } from "./logos.ts";
import type { Logo } from "./paper-notice.ts";
import { closePdf, newPage, openPdf, penOf } from "./pen.ts";
import { UnsupportedSvg } from "./svg-shapes.ts";

export type CheckedLogo =
  | { readonly outcome: "accepted"; readonly logo: Logo }
  | {
      readonly outcome: "refused";
      readonly reason: "too-large" | "not-an-image" | "too-many-pixels" | "unsupported-svg";
      /** For the office: what the file has that cannot be drawn. */
      readonly detail: string;
    };

/** It goes into every document that is sent. */
export const MAX_LOGO_BYTES = 150 * 1024;
/** 30 mm at 300 dots per inch are 354 a side; what is more is unpacked for every sheet and seen by nobody. */
const MAX_PIXELS = 1_000_000;

const refused = (
  reason: "too-large" | "not-an-image" | "too-many-pixels" | "unsupported-svg",
  detail = "",
) => ({ outcome: "refused", reason, detail }) as const;

function kindOf(bytes: Uint8Array): Logo["kind"] | null {
  const head = Buffer.from(bytes.subarray(0, 512)).toString("latin1");
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (head.startsWith("\xff\xd8\xff")) return "jpeg";
  return /^(?:\xef\xbb\xbf)?\s*(?:<\?xml|<!--|<!DOCTYPE svg|<svg)/i.test(head) ? "svg" : null;
}

/** Width and height as the file declares them; null when it declares none. */
function sizeOf(kind: "png" | "jpeg", bytes: Buffer): [number, number] | null {
  if (kind === "png") {
    return bytes.length < 33 ? null : [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  }
  let at = 2;
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    const frame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (frame) return [bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5)];
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return null;
}

/** A PNG may unfold to gigabytes: its data are unfolded here first, with a limit. Throws when they are more. */
function assertUnfolds(bytes: Buffer, [width, height]: readonly [number, number]): void {
  const parts: Buffer[] = [];
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    if (bytes.toString("latin1", at + 4, at + 8) === "IDAT") {
      parts.push(bytes.subarray(at + 8, at + 8 + length));
    }
    at += 12 + length;
  }
  // Four channels of two bytes at most, and a filter byte a row (a few more rows when interlaced).
  inflateSync(Buffer.concat(parts), { maxOutputLength: width * height * 8 + height * 4 + 1024 });
}

const PNG_SIGNATURE = 8;
/** What a picture is made of, and its transparency. */
const PICTURE_CHUNKS = new Set(["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]);

/** The picture alone: no places, names, programs or other files that travel with it, nothing behind its end. */
function barePng(bytes: Buffer): Uint8Array {
  const kept: Buffer[] = [bytes.subarray(0, PNG_SIGNATURE)];
  for (let at = PNG_SIGNATURE; at + 12 <= bytes.length;) {
    const end = at + 12 + bytes.readUInt32BE(at);
    const type = bytes.toString("latin1", at + 4, at + 8);
    if (PICTURE_CHUNKS.has(type)) kept.push(bytes.subarray(at, end));
    if (type === "IEND") break;
    at = end;
  }
  return new Uint8Array(Buffer.concat(kept));
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
    if (kind !== "svg") {
      const buffer = Buffer.from(bytes);
      const size = sizeOf(kind, buffer);
      if (size === null || size[0] === 0 || size[1] === 0) return refused("not-an-image");
      if (size[0] * size[1] > MAX_PIXELS) return refused("too-many-pixels");
      if (kind === "png") assertUnfolds(buffer, size);
    }
    const logo: Logo = { kind, bytes: kind === "png" ? barePng(Buffer.from(bytes)) : bytes };
    await drawOnce(logo);
    return { outcome: "accepted", logo };
  } catch (error) {
    if (error instanceof UnsupportedSvg) return refused("unsupported-svg", error.message);
    return refused("not-an-image");
  }
}
