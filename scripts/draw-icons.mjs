// SPDX-License-Identifier: EUPL-1.2
// Draws our own bell.svg as PNG, for the home screen of a phone: rounded rectangles and paths of M L H V C A Z, filled even-odd.
// Plain JavaScript for any Node ≥ 20, and nothing else: it runs where assets are built.
import { deflateSync } from "node:zlib";

/** Parts of a row of pixels, and shades between two colours: few, so that the file is small. */
const ROWS = 4;
const SHADES = 16;
/** Phones cut a maskable icon to any shape that holds a circle of 80 %. */
const MASKABLE_SCALE = 0.85;

/** `svg`: a square view box, filled shapes, `translate` alone. Gives the bytes of a PNG. */
export function drawIcon(svg, { size, maskable }) {
  const side = Number(/viewBox="0 0 (\d+)/.exec(svg)[1]);
  const [, dx, dy] = /translate\((\S+) (\S+)\)/.exec(svg).map(Number);
  const rect = /<rect width="(\d+)" height="\d+" rx="(\d+)" fill="([^"]+)"/.exec(svg);
  const [width, radius] = [Number(rect[1]), maskable ? 0 : Number(rect[2])];
  const inner = maskable ? MASKABLE_SCALE : 1;
  const middle = side / 2;
  const place = ([x, y]) => [
    ((x + dx - middle) * inner + middle) * (size / side),
    ((y + dy - middle) * inner + middle) * (size / side),
  ];
  const straight = width - 2 * radius;
  const arc = (x, y) => `a${radius} ${radius} 0 0 1 ${x} ${y}`;
  const frame = `M${radius} 0h${straight}${arc(radius, radius)}v${straight}${arc(-radius, radius)}h${-straight}${arc(-radius, -radius)}v${-straight}${arc(radius, -radius)}z`;
  const layers = [
    {
      fill: rect[3],
      lines: outline(frame).map((line) =>
        line.map(([x, y]) => [(x * size) / side, (y * size) / side]),
      ),
    },
    ...[...svg.matchAll(/<path fill="([^"]+)"[^>]*? d="([^"]+)"/g)].map(([, fill, d]) => ({
      fill,
      lines: outline(d).map((line) => line.map(place)),
    })),
  ];
  return encode(paint(layers, size), size);
}

/** A path as closed lines of many points. */
function outline(d) {
  const words = d.match(/[a-zA-Z]|-?(?:\d*\.\d+|\d+)/g);
  const lines = [];
  let [x, y, at, command] = [0, 0, 0, ""];
  const next = () => Number(words[at++]);
  const to = (nx, ny) => {
    [x, y] = [nx, ny];
    lines.at(-1).push([x, y]);
  };
  while (at < words.length) {
    if (/[a-zA-Z]/.test(words[at])) command = words[at++];
    const [ox, oy] = command === command.toLowerCase() ? [x, y] : [0, 0];
    switch (command.toLowerCase()) {
      case "m":
        lines.push([]);
        to(ox + next(), oy + next());
        command = command === "m" ? "l" : "L";
        break;
      case "l":
        to(ox + next(), oy + next());
        break;
      case "h":
        to(ox + next(), y);
        break;
      case "v":
        to(x, oy + next());
        break;
      case "c":
        curve(
          [x, y],
          [0, 1, 2].map(() => [ox + next(), oy + next()]),
        ).forEach((p) => to(...p));
        break;
      case "a": {
        const [radius, , , large, sweep] = [next(), next(), next(), next(), next()];
        round([x, y], [ox + next(), oy + next()], { radius, large, sweep }).forEach((p) =>
          to(...p),
        );
        break;
      }
      case "z":
        [x, y] = lines.at(-1)[0];
        break;
      default:
        throw new Error(`no way to draw ${command}`);
    }
  }
  return lines;
}

const STEPS = 32;
const steps = Array.from({ length: STEPS }, (_, index) => (index + 1) / STEPS);

const curve = (a, [b, c, e]) =>
  steps.map((t) => {
    const part = (i) =>
      (1 - t) ** 3 * a[i] +
      3 * (1 - t) ** 2 * t * b[i] +
      3 * (1 - t) * t * t * c[i] +
      t ** 3 * e[i];
    return [part(0), part(1)];
  });

/** An arc of a circle (SVG 2, appendix B.2.4). */
function round([ax, ay], [bx, by], { radius, large, sweep }) {
  const [hx, hy] = [(ax - bx) / 2, (ay - by) / 2];
  const half = Math.hypot(hx, hy);
  if (half === 0 || radius === 0) return [[bx, by]];
  const r = Math.max(radius, half);
  const k = ((large === sweep ? -1 : 1) * Math.sqrt(Math.max(0, r * r - half * half))) / half;
  const [cx, cy] = [(ax + bx) / 2 + k * hy, (ay + by) / 2 - k * hx];
  const from = Math.atan2(ay - cy, ax - cx);
  const turn = Math.atan2(by - cy, bx - cx) - from;
  const angle = sweep
    ? (turn + 2 * Math.PI) % (2 * Math.PI)
    : -((2 * Math.PI - turn) % (2 * Math.PI));
  return steps.map((t) => [
    cx + r * Math.cos(from + angle * t),
    cy + r * Math.sin(from + angle * t),
  ]);
}

/** How much of each pixel is inside, from 0 to 1. */
function coverage(lines, size) {
  const inside = new Float64Array(size * size);
  const edges = lines.flatMap((line) =>
    line.map((point, i) => [point, line[(i + 1) % line.length]]),
  );
  const heights = lines.flatMap((line) => line.map(([, y]) => y * ROWS));
  const [first, last] = [Math.floor(Math.min(...heights)), Math.ceil(Math.max(...heights))];
  for (let row = Math.max(0, first); row < Math.min(size * ROWS, last); row++) {
    const y = (row + 0.5) / ROWS;
    const crossings = edges
      .filter(([a, b]) => a[1] <= y !== b[1] <= y)
      .map(([a, b]) => a[0] + ((y - a[1]) / (b[1] - a[1])) * (b[0] - a[0]))
      .sort((a, b) => a - b);
    const start = Math.floor(y) * size;
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const [from, to] = [Math.max(0, crossings[i]), Math.min(size, crossings[i + 1])];
      for (let x = Math.floor(from); x < to; x++)
        inside[start + x] += (Math.min(x + 1, to) - Math.max(x, from)) / ROWS;
    }
  }
  return inside;
}

/** Red, green, blue and opacity of each pixel. */
function paint(layers, size) {
  const pixels = Array.from({ length: size * size }, () => [0, 0, 0, 0]);
  for (const { fill, lines } of layers) {
    const hex = fill.length === 4 ? fill.replace(/[^#]/g, "$&$&") : fill;
    const colour = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
    coverage(lines, size).forEach((share, at) => {
      const part = Math.round(Math.min(1, share) * SHADES) / SHADES;
      if (part === 0) return;
      const [under, opacity] = [pixels[at], pixels[at][3] / 255];
      const mixed = colour.map((c, i) =>
        Math.round(opacity === 0 ? c : c * part + under[i] * (1 - part)),
      );
      pixels[at] = [...mixed, Math.round(255 * (part + opacity * (1 - part)))];
    });
  }
  return pixels;
}

function encode(pixels, size) {
  const palette = new Map();
  const rows = Buffer.alloc(size * (size + 1));
  pixels.forEach((pixel, at) => {
    const key = pixel.join();
    if (!palette.has(key)) palette.set(key, palette.size);
    rows[at + Math.floor(at / size) + 1] = palette.get(key);
  });
  const colours = [...palette.keys()].map((key) => key.split(",").map(Number));
  if (colours.length > 256) throw new Error(`${colours.length} colours are too many`);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", head),
    chunk("PLTE", Buffer.from(colours.flatMap((colour) => colour.slice(0, 3)))),
    chunk("tRNS", Buffer.from(colours.map((colour) => colour[3]))),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type, data) {
  const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const whole = Buffer.alloc(named.length + 8);
  whole.writeUInt32BE(data.length, 0);
  named.copy(whole, 4);
  whole.writeUInt32BE(crc32(named), named.length + 4);
  return whole;
}

/** As PNG wants it; `node:zlib` has its own only since Node 22.2. */
function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
