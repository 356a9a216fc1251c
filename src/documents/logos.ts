// SPDX-License-Identifier: EUPL-1.2
/** The creditor's logo in its place of 30 × 30 mm: as large as fits, against the top right corner. */
import { NEUTRAL_EMBLEM } from "./emblem.ts";
import type { Logo } from "./paper-notice.ts";
import { artifact, mark, type Pdf, type Pen } from "./pen.ts";
import { readSvg, type SvgPicture } from "./svg-shapes.ts";

type Opened = {
  readonly width: number;
  readonly height: number;
  readonly draw: (x: number, y: number, width: number, height: number) => void;
};
const opened = new WeakMap<Pdf, Map<Uint8Array, Opened>>();

/** A page that only listens: what is drawn on it becomes a form that all pages share. */
type Listening = {
  readonly ext_gstates: Record<string, unknown>;
  readonly write: (chunk: string) => void;
};
type Inside = {
  page: unknown;
  openImage: (source: Uint8Array) => { width: number; height: number };
};

function drawShapes(pdf: Pdf, picture: SvgPicture): void {
  for (const shape of picture.shapes) {
    pdf.save();
    pdf.transform(...(shape.matrix as [number, number, number, number, number, number]));
    pdf.lineWidth(shape.strokeWidth);
    if (shape.fill !== null) pdf.fillColor([...shape.fill], shape.fillOpacity);
    if (shape.stroke !== null) pdf.strokeColor([...shape.stroke], shape.strokeOpacity);
    const winding = shape.evenOdd ? "even-odd" : "non-zero";
    pdf.path(shape.path);
    if (shape.fill !== null && shape.stroke !== null) pdf.fillAndStroke(winding);
    else if (shape.fill !== null) pdf.fill(winding);
    else if (shape.stroke !== null) pdf.stroke();
    else pdf.addContent("n");
    pdf.restore();
  }
}

function openSvg(pdf: Pdf, bytes: Uint8Array, name: string): Opened {
  const picture = readSvg(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  const { x: left, y: top, width, height } = picture;
  const inside = pdf as unknown as Inside;
  const chunks: string[] = [];
  const page = inside.page;
  const listening: Listening = { ext_gstates: {}, write: (chunk) => void chunks.push(chunk) };
  inside.page = listening;
  try {
    drawShapes(pdf, picture);
  } finally {
    inside.page = page;
  }
  const form = pdf.ref({
    Type: "XObject",
    Subtype: "Form",
    BBox: [left, top, left + width, top + height],
    Resources: { ExtGState: listening.ext_gstates },
  });
  form.write(chunks.join("\n"));
  form.end(Buffer.alloc(0));
  const draw: Opened["draw"] = (x, y, toWidth, toHeight) => {
    const xobjects = (pdf.page as unknown as { xobjects: Record<string, unknown> }).xobjects;
    xobjects[name] = form;
    pdf.save();
    pdf.transform(toWidth / width, 0, 0, toHeight / height, x, y);
    pdf.translate(-left, -top);
    pdf.addContent(`/${name} Do`);
    pdf.restore();
  };
  return { width, height, draw };
}

function openPicture(pdf: Pdf, bytes: Uint8Array): Opened {
  const image = (pdf as unknown as Inside).openImage(bytes);
  return {
    width: image.width,
    height: image.height,
    draw: (x, y, width, height) =>
      void pdf.image(image as unknown as PDFKit.Mixins.ImageSrc, x, y, { width, height }),
  };
}

/** Embedded once for each document, however many pages show it. */
function openLogo(pdf: Pdf, logo: Logo): Opened {
  let logos = opened.get(pdf);
  if (logos === undefined) opened.set(pdf, (logos = new Map()));
  let found = logos.get(logo.bytes);
  if (found === undefined) {
    found =
      logo.kind === "svg"
        ? openSvg(pdf, logo.bytes, `Logo${logos.size + 1}`)
        : openPicture(pdf, logo.bytes);
    logos.set(logo.bytes, found);
  }
  return found;
}

/** Draws at most `side` × `side` points ending at `right`; `name` is whose logo it is. */
export function drawLogo(
  pen: Pen,
  logo: Logo,
  { right, top, side, name }: { right: number; top: number; side: number; name: string },
): void {
  const image = openLogo(pen.pdf, logo);
  const scale = Math.min(side / image.width, side / image.height);
  const width = image.width * scale;
  const height = image.height * scale;
  const x = right - width;
  const draw = () => image.draw(x, top, width, height);
  // A shield that is nobody's says nothing.
  if (logo === NEUTRAL_EMBLEM) return artifact(pen, draw);
  mark(pen, "Figure", draw, { alt: `Logo: ${name}`, bbox: [x, top, right, top + height] });
}
