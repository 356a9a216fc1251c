// SPDX-License-Identifier: EUPL-1.2
/**
 * Reads the plain part of SVG that a coat of arms needs: groups, paths and simple shapes in flat colours. Everything
 * else (text, pictures, gradients, style sheets, links, scripts) is refused by name, never drawn wrong.
 */
import { SaxesParser, type SaxesTagPlain } from "saxes";

export type Matrix = readonly [number, number, number, number, number, number];
type Colour = readonly [number, number, number];
export type SvgShape = {
  readonly path: string;
  readonly matrix: Matrix;
  readonly fill: Colour | null;
  readonly evenOdd: boolean;
  readonly fillOpacity: number;
  readonly stroke: Colour | null;
  readonly strokeWidth: number;
  readonly strokeOpacity: number;
};
export type SvgPicture = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly SvgShape[];
};

/** What the file has that is not drawn; its words are for a person. */
export class UnsupportedSvg extends Error {}

const MAX_SHAPES = 5000;
const MAX_DEPTH = 40;
const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];
const NAMED: Readonly<Record<string, string>> = {
  black: "#000000",
  white: "#ffffff",
  red: "#ff0000",
  green: "#008000",
  lime: "#00ff00",
  blue: "#0000ff",
  navy: "#000080",
  yellow: "#ffff00",
  gold: "#ffd700",
  silver: "#c0c0c0",
  gray: "#808080",
  grey: "#808080",
  maroon: "#800000",
  orange: "#ffa500",
  purple: "#800080",
  brown: "#a52a2a",
  currentcolor: "#000000",
};
/** Drawn by nobody, or describing. */
const SILENT = /^(title|desc|metadata|defs|sodipodi:namedview|inkscape:.+)$/;
const REFUSED_ATTRIBUTES = /^(clip-path|mask|filter|marker(-start|-mid|-end)?|on\w+)$/;

function numberOf(text: string | undefined, otherwise: number): number {
  if (text === undefined || text.trim() === "") return otherwise;
  const found = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(?:px)?\s*$/.exec(text);
  if (found === null) throw new UnsupportedSvg(`misura non gestita: ${text.slice(0, 30)}`);
  return Number(found[1]);
}
const numbersOf = (text: string): number[] =>
  (text.match(/[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/g) ?? []).map(Number);

function colourOf(text: string): Colour | null {
  const name = text.trim().toLowerCase();
  if (name === "none" || name === "transparent") return null;
  const hex = NAMED[name] ?? name;
  const short = /^#([\da-f])([\da-f])([\da-f])$/.exec(hex);
  const long = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/.exec(hex);
  if (long !== null) return [1, 2, 3].map((i) => Number.parseInt(long[i] ?? "", 16)) as never;
  if (short !== null)
    return [1, 2, 3].map((i) => Number.parseInt(short[i] ?? "", 16) * 17) as never;
  const rgb = /^rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)$/.exec(hex);
  if (rgb !== null) return [1, 2, 3].map((i) => Math.min(255, Number(rgb[i]))) as never;
  throw new UnsupportedSvg(`colore non gestito: ${text.slice(0, 30)}`);
}

function multiply(a: Matrix, b: Matrix): Matrix {
  return [
    a[0] * b[0] + a[2] * b[1],
    a[1] * b[0] + a[3] * b[1],
    a[0] * b[2] + a[2] * b[3],
    a[1] * b[2] + a[3] * b[3],
    a[0] * b[4] + a[2] * b[5] + a[4],
    a[1] * b[4] + a[3] * b[5] + a[5],
  ];
}

function oneTransform(name: string, values: readonly number[]): Matrix {
  const [a = 0, b, c] = values;
  const radians = (a * Math.PI) / 180;
  if (name === "matrix" && values.length === 6) return values as unknown as Matrix;
  if (name === "translate") return [1, 0, 0, 1, a, b ?? 0];
  if (name === "scale") return [a, 0, 0, b ?? a, 0, 0];
  if (name === "rotate") {
    const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
    const turn: Matrix = [cos, sin, -sin, cos, 0, 0];
    const back = multiply([1, 0, 0, 1, b ?? 0, c ?? 0], turn);
    return multiply(back, [1, 0, 0, 1, -(b ?? 0), -(c ?? 0)]);
  }
  if (name === "skewX") return [1, 0, Math.tan(radians), 1, 0, 0];
  if (name === "skewY") return [1, Math.tan(radians), 0, 1, 0, 0];
  throw new UnsupportedSvg(`trasformazione non gestita: ${name}`);
}

function transformOf(text: string | undefined): Matrix {
  let matrix = IDENTITY;
  for (const [, name = "", values = ""] of (text ?? "").matchAll(/(\w+)\s*\(([^)]*)\)/g)) {
    matrix = multiply(matrix, oneTransform(name, numbersOf(values)));
  }
  return matrix;
}

type Attributes = Readonly<Record<string, string>>;

const ellipse = (cx: number, cy: number, rx: number, ry: number): string =>
  `M${cx - rx} ${cy}A${rx} ${ry} 0 1 0 ${cx + rx} ${cy}A${rx} ${ry} 0 1 0 ${cx - rx} ${cy}Z`;

/** The outline of a simple shape as path data. */
function pathOf(name: string, attributes: Attributes): string {
  const n = (key: string) => numberOf(attributes[key], 0);
  const points = numbersOf(attributes["points"] ?? "");
  switch (name) {
    case "path": {
      const path = attributes["d"] ?? "";
      if (/[^\sMmZzLlHhVvCcSsQqTtAa\d.,eE+-]/.test(path))
        throw new UnsupportedSvg("tracciato errato");
      return path;
    }
    case "rect":
      if (n("rx") > 0 || n("ry") > 0) throw new UnsupportedSvg("rettangolo con angoli arrotondati");
      return `M${n("x")} ${n("y")}h${n("width")}v${n("height")}h${-n("width")}Z`;
    case "circle":
      return ellipse(n("cx"), n("cy"), n("r"), n("r"));
    case "ellipse":
      return ellipse(n("cx"), n("cy"), n("rx"), n("ry"));
    case "line":
      return `M${n("x1")} ${n("y1")}L${n("x2")} ${n("y2")}`;
    case "polygon":
    case "polyline":
      return points.length < 4 ? "" : `M${points.join(" ")}${name === "polygon" ? "Z" : ""}`;
    default:
      throw new UnsupportedSvg(`elemento non gestito: <${name}>`);
  }
}

/** Presentation attributes and the style attribute, the latter stronger. */
function ownStyle(attributes: Attributes): Record<string, string> {
  const style: Record<string, string> = { ...attributes };
  for (const [, key = "", value = ""] of (attributes["style"] ?? "").matchAll(
    /([\w-]+)\s*:\s*([^;]*)/g,
  )) {
    style[key] = value.trim();
  }
  for (const [key, value] of Object.entries(style)) {
    const refused = REFUSED_ATTRIBUTES.test(key) && value !== "none";
    if (refused) throw new UnsupportedSvg(`attributo non gestito: ${key}`);
  }
  return style;
}

type Context = {
  readonly matrix: Matrix;
  readonly fill: string;
  readonly fillRule: string;
  readonly fillOpacity: number;
  readonly stroke: string;
  readonly strokeWidth: string;
  readonly strokeOpacity: number;
  readonly hidden: boolean;
};
const START: Context = {
  matrix: IDENTITY,
  fill: "black",
  fillRule: "nonzero",
  fillOpacity: 1,
  stroke: "none",
  strokeWidth: "1",
  strokeOpacity: 1,
  hidden: false,
};

function within(outer: Context, attributes: Attributes): Context {
  const style = ownStyle(attributes);
  const opacity = numberOf(style["opacity"], 1);
  return {
    matrix: multiply(outer.matrix, transformOf(attributes["transform"])),
    fill: style["fill"] ?? outer.fill,
    fillRule: style["fill-rule"] ?? outer.fillRule,
    fillOpacity: outer.fillOpacity * opacity * numberOf(style["fill-opacity"], 1),
    stroke: style["stroke"] ?? outer.stroke,
    strokeWidth: style["stroke-width"] ?? outer.strokeWidth,
    strokeOpacity: outer.strokeOpacity * opacity * numberOf(style["stroke-opacity"], 1),
    hidden: outer.hidden || style["display"] === "none" || style["visibility"] === "hidden",
  };
}

function frameOf(attributes: Attributes): Omit<SvgPicture, "shapes"> {
  const [x = 0, y = 0, w = 0, h = 0] = numbersOf(attributes["viewBox"] ?? "");
  const absolute = (text: string | undefined) => Math.max(0, numbersOf(text ?? "")[0] ?? 0);
  const width = w > 0 ? w : absolute(attributes["width"]);
  const height = h > 0 ? h : absolute(attributes["height"]);
  if (width <= 0 || height <= 0) throw new UnsupportedSvg("disegno senza dimensioni");
  return { x, y, width, height };
}

/** Throws UnsupportedSvg, saying what, for anything but the plain part; any other Error is malformed XML. */
export function readSvg(text: string): SvgPicture {
  const parser = new SaxesParser();
  const stack: Context[] = [];
  const shapes: SvgShape[] = [];
  let frame: Omit<SvgPicture, "shapes"> | null = null;
  let silent = 0;
  parser.on("doctype", (doctype) => {
    if (doctype.includes("[")) throw new UnsupportedSvg("dichiarazioni nel tipo di documento");
  });
  parser.on("opentag", (tag: SaxesTagPlain) => {
    const name = tag.name.replace(/^svg:/, "");
    if (stack.length >= MAX_DEPTH) throw new UnsupportedSvg("troppi livelli");
    if (silent > 0 || SILENT.test(name)) {
      silent++;
      return;
    }
    if (frame === null) {
      if (name !== "svg") throw new UnsupportedSvg("non è un disegno SVG");
      frame = frameOf(tag.attributes);
    }
    const context = within(stack.at(-1) ?? START, tag.attributes);
    stack.push(context);
    if (name === "svg" && stack.length === 1) return;
    if (name === "g") return;
    const path = pathOf(name, tag.attributes);
    if (path === "" || context.hidden) return;
    if (shapes.length >= MAX_SHAPES) throw new UnsupportedSvg("troppe forme");
    shapes.push({
      path,
      matrix: context.matrix,
      fill: colourOf(context.fill),
      evenOdd: context.fillRule === "evenodd",
      fillOpacity: Math.min(1, Math.max(0, context.fillOpacity)),
      stroke: colourOf(context.stroke),
      strokeWidth: numberOf(context.strokeWidth, 1),
      strokeOpacity: Math.min(1, Math.max(0, context.strokeOpacity)),
    });
  });
  parser.on("closetag", () => {
    if (silent > 0) silent--;
    else stack.pop();
  });
  parser.write(text).close();
  if (frame === null || shapes.length === 0) throw new UnsupportedSvg("disegno vuoto");
  return { ...(frame as Omit<SvgPicture, "shapes">), shapes };
}
