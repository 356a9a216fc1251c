// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { renderToString } from "#kernel/html.ts";
import { ASSETS_DIRECTORY } from "#ui/assets.ts";
import { htmlProblems } from "../support/html-rules.ts";
import { gallery } from "./gallery.ts";

describe("the gallery of components", () => {
  for (const [name, make] of Object.entries(gallery)) {
    it(`is valid HTML: ${name}`, () => {
      assert.deepEqual(htmlProblems(renderToString(make())), []);
    });
  }

  it("would catch an invalid page", () => {
    const page =
      '<!DOCTYPE html><html lang="it"><head><title>x</title></head><body><p style="a">x<div></div></p></body></html>';
    assert.ok(htmlProblems(page).length >= 2);
  });

  it("carries no inline script, style or handler (X-07 pages under a strict policy)", () => {
    for (const [name, make] of Object.entries(gallery)) {
      const markup = renderToString(make());
      assert.doesNotMatch(markup, /<style|\sstyle=|\son[a-z]+=/i, name);
      for (const [script] of markup.matchAll(/<script[^>]*>[^<]*/g)) {
        assert.match(
          script.replace(/\s+/g, " ").replace(" >", ">"),
          /^<script type="module" src="\/assets\/[^"]+" nonce="[^"]+">$/,
        );
      }
    }
  });

  it("names pages as the design says, with the error prefix", () => {
    const titleOf = (name: string): string =>
      /<title>(.*)<\/title>/.exec(renderToString(gallery[name]!()))![1]!;
    const tail = "Servizi scolastici - Comune di Borghetto Santo Spirito";
    assert.equal(titleOf("home"), `Oggi, martedì 24 novembre - ${tail}`);
    assert.equal(titleOf("form-errors"), `Errore: Assenza per più giorni - ${tail}`);
  });

  it("gives each calendar day its whole name", () => {
    const links = renderToString(gallery["calendar"]!()).matchAll(
      /<a class="day-inside"[^>]*>([^]*?)<\/a>/g,
    );
    const names = [...links].map(([, inside]) =>
      inside!
        .replace(/<[^>]+>/g, "")
        .replace(/\s+/g, " ")
        .trim(),
    );
    assert.ok(
      names.includes("giovedì 26 novembre, presente, modificabile fino alle 9:00"),
      names.join("; "),
    );
    assert.ok(names.includes("martedì 24 novembre, presente, Oggi, modificabile fino alle 9:00"));
    assert.ok(names.includes("giovedì 19 novembre, chiuso, sciopero"));
  });
});

describe("the weight of the pages (8:55 on weak 4G)", () => {
  interface Size {
    readonly name: string;
    readonly bytes: number;
    readonly gzip: number;
  }
  const sizes = JSON.parse(readFileSync(`${ASSETS_DIRECTORY}sizes.json`, "utf8")) as Size[];
  const gzipOf = (name: string): number => sizes.find((size) => size.name === name)!.gzip;

  it("parents' JavaScript stays within 20 KB, the style sheet within 45 KB (gzip)", () => {
    assert.ok(gzipOf("portal.js") <= 20_000, `${gzipOf("portal.js")} bytes`);
    assert.ok(gzipOf("campanella.css") <= 45_000, `${gzipOf("campanella.css")} bytes`);
  });

  it("a parent's first visit stays within 130 KB in all", () => {
    const shared = [
      "portal.js",
      "campanella.css",
      "sprite.svg",
      "bell.svg",
      "titillium-400.woff2",
      "titillium-600.woff2",
    ];
    const assets = shared.reduce((sum, name) => sum + gzipOf(name), 0);
    for (const name of ["home", "calendar"]) {
      const page = gzipSync(renderToString(gallery[name]!())).length;
      assert.ok(assets + page <= 130_000, `${name}: ${assets + page} bytes`);
    }
  });
});
