// SPDX-License-Identifier: EUPL-1.2
// Builds .build/assets: one style sheet (purged bootstrap-italia in a cascade layer + ours), the icons in use, the
// fonts and the client scripts, each with a content hash in its name, and manifest.json. Plain JavaScript: it runs on
// any Node ≥ 20, before the pinned one is there. Does nothing when no input changed.
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { drawIcon } from "./draw-icons.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const OUT = join(ROOT, ".build/assets");
const UI = join(ROOT, "src/surfaces/ui");
const LIBRARY = join(ROOT, "node_modules/bootstrap-italia");
const FONTS = join(LIBRARY, "dist/fonts/Titillium_Web/titillium-web-v10-latin-ext_latin-");

/** The roll call without a network: modules that import each other, each after those it needs. */
const ROLL_OFFLINE = [
  "rules",
  "store",
  "sender",
  "copies",
  "kept",
  "lists",
  "tablet",
  "taps",
  "start",
].map((name) => `school/${name}`);

/** Which client files each surface loads, in one request. Files in brackets are modules of one script. */
const BUNDLES = {
  "public.js": ["forms", "leave", "passkey", "show-password"],
  "portal.js": [
    "forms",
    "leave",
    "passkey",
    "show-password",
    "offline",
    "sheet",
    "live",
    "portal/no-network",
  ],
  "office.js": ["forms", "leave", "offline", "sheet", "search", "live"],
  "school.js": ["forms", "leave", "offline", "roll", ROLL_OFFLINE],
  "kitchen.js": ["forms", "leave", "offline", "live"],
};

/** Classes that scripts add, or that markup of other makers carries. */
const SAFELIST = ["visually-hidden", "visually-hidden-focusable", "dialog", "html", "body"];

const hash = (content) => createHash("sha256").update(content).digest("hex");

function filesUnder(directory, found = []) {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) filesUnder(path, found);
    else if (/\.(?:ts|css|js|svg)$/.test(entry.name) && !entry.name.endsWith(".test.ts"))
      found.push(path);
  }
  return found.sort();
}

function stampOf(files) {
  const all = createHash("sha256");
  const makers = ["build-assets.mjs", "draw-icons.mjs"].map((name) => join(ROOT, "scripts", name));
  for (const path of [...makers, join(LIBRARY, "package.json"), ...files]) {
    all.update(relative(ROOT, path)).update("\0").update(readFileSync(path)).update("\0");
  }
  return all.digest("hex");
}

async function purgedLibrary(sources) {
  const { PurgeCSS } = await import("purgecss");
  const css = readFileSync(join(LIBRARY, "dist/css/bootstrap-italia.min.css"), "utf8")
    .replace(/^\uFEFF/, "")
    .replace(/@font-face\s*\{[^}]*\}/g, "");
  const content = sources.map((path) => ({ raw: readFileSync(path, "utf8"), extension: "ts" }));
  const [result] = await new PurgeCSS().purge({
    content,
    css: [{ raw: css }],
    defaultExtractor: (text) => classNames(text),
    safelist: [...SAFELIST, ...ELEMENTS],
    variables: true,
    keyframes: true,
  });
  return result.css.replace(/url\((?!["']?data:)[^)]*\)/g, "none").replace(/\/\*[^]*?\*\//g, "");
}

/** Elements our templates use: their plain styles stay. */
const ELEMENTS =
  "a abbr address article aside b body button caption code col dd details dfn dialog div dl dt em fieldset figure footer form h1 h2 h3 h4 header hr html img input label legend li main mark menu meter nav ol optgroup option output p pre progress search section select small span strong sub summary sup svg table tbody td textarea tfoot th thead time tr u ul use".split(
    " ",
  );

/** Words inside quotes and back quotes: class names live there, identifiers of the code do not. */
function classNames(text) {
  const found = new Set();
  for (const [quoted] of text.matchAll(/"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g)) {
    for (const [word] of quoted.matchAll(/[A-Za-z][\w:-]*/g)) found.add(word);
  }
  return [...found];
}

function sprite(sources) {
  const wanted = new Set();
  for (const path of sources) {
    for (const [name] of readFileSync(path, "utf8").matchAll(/\bit-[a-z-]+/g)) wanted.add(name);
  }
  const library = readFileSync(join(LIBRARY, "dist/svg/sprites.svg"), "utf8");
  const symbols = [...library.matchAll(/<symbol id="([^"]+)"[^]*?<\/symbol>/g)];
  const kept = symbols.filter(([, id]) => wanted.has(id)).map(([symbol]) => symbol);
  const own =
    /<svg[^>]*>([^]*)<\/svg>/.exec(readFileSync(join(UI, "images/symbols.svg"), "utf8"))?.[1] ?? "";
  return `<svg xmlns="http://www.w3.org/2000/svg">${kept.join("")}${own}</svg>`;
}

/** Our style sheets in name order, spaces and comments taken out. */
function ownStyles(fonts) {
  const faces = [400, 600]
    .map(
      (weight) =>
        `@font-face{font-family:"Titillium Web";font-style:normal;font-weight:${weight};font-display:swap;src:url("${fonts[weight]}") format("woff2")}`,
    )
    .join("");
  const css = readdirSync(join(UI, "styles"))
    .filter((name) => name.endsWith(".css"))
    .sort()
    .map((name) => readFileSync(join(UI, "styles", name), "utf8"))
    .join("\n");
  return (
    faces +
    css
      .replace(/\/\*[^]*?\*\//g, "")
      .replace(/\s*\n\s*/g, "\n")
      .replace(/\n+/g, "\n")
  );
}

function bundle(parts) {
  return parts
    .map((part) => [part].flat().map(clientCode).join(""))
    .map((code) => `{${code}}\n`)
    .join("");
}

/** Comments, indents, and the joints between modules taken out. */
const clientCode = (name) =>
  readFileSync(join(UI, "client", `${name}.js`), "utf8")
    .replace(/^import [^;]*;$/gm, "")
    .replace(/^export /gm, "")
    .replace(/^\s*(?:\/\/.*|\/\*\*[^]*?\*\/)\s*$/gm, "")
    .replace(/\n\s*/g, "\n");

/** A service worker knows what its pages look like: it keeps that from the start. */
function worker(place, manifest) {
  const names = [
    "campanella.css",
    place === "school" ? "school.js" : "public.js",
    "sprite.svg",
    "bell.svg",
    "titillium-400.woff2",
    "titillium-600.woff2",
  ];
  const addresses = names.map((name) => `/assets/${manifest[name]}`);
  return clientCode(`${place}/worker`).replace('["ASSETS"]', JSON.stringify(addresses));
}

async function build(sources, stamp) {
  const building = `${OUT}.${process.pid}`;
  rmSync(building, { recursive: true, force: true });
  mkdirSync(building, { recursive: true });
  const manifest = {};
  const sizes = [];
  const put = (name, content) => {
    const dot = name.lastIndexOf(".");
    const file = `${name.slice(0, dot)}.${hash(content).slice(0, 10)}${name.slice(dot)}`;
    writeFileSync(join(building, file), content);
    manifest[name] = file;
    const bytes = Buffer.byteLength(content);
    sizes.push({
      name,
      bytes,
      gzip: name.endsWith(".woff2") ? bytes : gzipSync(content, { level: 9 }).length,
    });
    return file;
  };
  const code = sources.filter((path) => path.endsWith(".ts"));
  const fonts = {
    400: put("titillium-400.woff2", readFileSync(`${FONTS}regular.woff2`)),
    600: put("titillium-600.woff2", readFileSync(`${FONTS}600.woff2`)),
  };
  const library = await purgedLibrary(code);
  put("campanella.css", `@layer library{${library}}\n${ownStyles(fonts)}`);
  put("sprite.svg", sprite(code));
  const bell = readFileSync(join(UI, "images/bell.svg"), "utf8");
  put("bell.svg", bell);
  for (const size of [192, 512]) {
    put(`icon-${size}.png`, drawIcon(bell, { size, maskable: false }));
    put(`maskable-${size}.png`, drawIcon(bell, { size, maskable: true }));
  }
  for (const [name, parts] of Object.entries(BUNDLES)) put(name, bundle(parts));
  for (const place of ["school", "portal"]) put(`${place}-worker.js`, worker(place, manifest));
  writeFileSync(join(building, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
  writeFileSync(join(building, "sizes.json"), `${JSON.stringify(sizes, null, 1)}\n`);
  writeFileSync(join(building, "stamp"), stamp);
  replace(building);
  return sizes;
}

/** Two builds at once (a server and a test) may race for the folder: the last one wins, none fails. */
function replace(building) {
  for (let attempt = 1; ; attempt++) {
    try {
      rmSync(OUT, { recursive: true, force: true });
      renameSync(building, OUT);
      return;
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

const sources = filesUnder(join(ROOT, "src/surfaces"));
const stamp = stampOf(sources);
const stampFile = join(OUT, "stamp");
if (!existsSync(stampFile) || readFileSync(stampFile, "utf8") !== stamp) {
  const sizes = await build(sources, stamp);
  if (!process.argv.includes("--quiet")) {
    for (const { name, bytes, gzip } of sizes) {
      console.log(
        `${name.padEnd(22)} ${String(bytes).padStart(7)} B ${String(gzip).padStart(7)} B gz`,
      );
    }
  }
}
