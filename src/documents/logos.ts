// SPDX-License-Identifier: EUPL-1.2
/** The creditor's logo in its place of 30 × 30 mm: as large as fits, against the top right corner. */
import type { Logo } from "./paper-notice.ts";
import { mark, type Pdf, type Pen } from "./pen.ts";

type OpenedImage = PDFKit.Mixins.ImageSrc & { readonly width: number; readonly height: number };
const opened = new WeakMap<Pdf, Map<Uint8Array, OpenedImage>>();

/** Embedded once for each document, however many pages show it. */
function openLogo(pdf: Pdf, bytes: Uint8Array): OpenedImage {
  let images = opened.get(pdf);
  if (images === undefined) opened.set(pdf, (images = new Map()));
  let image = images.get(bytes);
  if (image === undefined) {
    image = (pdf as unknown as { openImage: (source: Uint8Array) => OpenedImage }).openImage(bytes);
    images.set(bytes, image);
  }
  return image;
}

/** Draws at most `side` × `side` points ending at `right`; `name` is whose logo it is. */
export function drawLogo(
  pen: Pen,
  logo: Logo,
  { right, top, side, name }: { right: number; top: number; side: number; name: string },
): void {
  const image = openLogo(pen.pdf, logo.bytes);
  const scale = Math.min(side / image.width, side / image.height);
  const width = image.width * scale;
  const height = image.height * scale;
  const x = right - width;
  mark(pen, "Figure", () => pen.pdf.image(image, x, top, { width, height }), {
    alt: `Logo: ${name}`,
    bbox: [x, top, right, top + height],
  });
}
