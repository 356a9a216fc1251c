// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { attributes, html, Html, renderToString, safeUrl, type Content } from "./html.ts";

const render = (page: Html): string => renderToString(page);
/** A template from a string, to try what nobody should write. */
const template = (...strings: string[]): TemplateStringsArray =>
  Object.assign(strings, { raw: strings }) as unknown as TemplateStringsArray;

describe("html", () => {
  it("escapes text and attribute values, leaves nested markup alone", () => {
    const name = `<img src=x onerror="alert('1')">&`;
    assert.equal(
      render(html`<p title="${name}">${name}${html`<b>${1}</b>`}</p>`),
      `<p title="&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;">` +
        `&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;<b>1</b></p>`,
    );
  });

  it("renders lists, numbers and bigint; null, undefined and false are nothing", () => {
    assert.equal(render(html`${["a", [2, 3n]]}${null}${undefined}${false}`), "a23");
  });

  it("refuses true, objects and functions", () => {
    for (const value of [true, {}, () => 1, Symbol("x")]) {
      assert.throws(() => html`${value as unknown as Content}`, TypeError);
    }
  });

  it("keeps nobody but the tag from making markup", () => {
    assert.throws(
      () => new (Html as unknown as new (key: symbol, text: string) => Html)(Symbol("x"), "<b>"),
    );
  });

  it("writes sets of attributes, drops false ones, refuses handlers and styles", () => {
    const set = attributes({ checked: true, disabled: false, id: `a"b`, href: "javascript:1" });
    assert.equal(render(html`<a ${set}>x</a>`), `<a checked id="a&quot;b" href="#">x</a>`);
    for (const name of ["onclick", "style", "srcdoc", "a b", "x=", "ON"]) {
      assert.throws(() => attributes({ [name]: "1" }), TypeError);
    }
    assert.throws(() => html`<p>${set}</p>`, TypeError);
    assert.throws(() => html`<a ${"id=1"}>x</a>`, TypeError);
    assert.throws(() => html(template("<a ", "", ">x</a>"), set, set), TypeError);
  });

  for (const [why, ...strings] of [
    ["a script", "<script>let a = ", "</script>"],
    ["a style sheet", "<style>p { color: ", " }</style>"],
    ["a handler", `<p onclick="go(`, `)">x</p>`],
    ["a style attribute", `<p style="color:`, `">x</p>`],
    ["an unquoted attribute", "<p title=", ">x</p>"],
    ["a single-quoted attribute", "<p title='", "'>x</p>"],
    ["a comment", "<!-- ", " -->"],
    ["a tag name", "<h", ">x"],
    ["a closing tag", "<p></", ">"],
    ["an attribute name", "<p data-", `="1">x</p>`],
    ["a scheme", `<a href="java`, `:1">x</a>`],
    ["half an address", `<a href="`, "", `">x</a>`],
    ["an open tag", "<p ", ""],
    ["a script that hides in text", '<p>a="<script>', '</script>"</p>'],
    ["a style sheet, in capitals", "<STYLE>", "</STYLE>"],
    ["a tag name, at its end", "<p", ">x</p>"],
    ["an open comment", "<!-- <p>", ""],
    ["an open script", "<script>", ""],
    ["a frame's document", `<iframe srcdoc="`, `"></iframe>`],
  ] as const) {
    it(`refuses a hole in ${why}`, () => {
      assert.throws(
        () => html(template(...strings), ...strings.slice(1).map(() => "x")),
        TypeError,
      );
    });
  }

  it("checks schemes of whole addresses, leaves the tail of a fixed start alone", () => {
    const link = (to: string): string => render(html`<a href="${to}">x</a>`);
    for (const bad of [
      "javascript:1",
      " JaVaScRiPt:1",
      "java\nscript:1",
      "\u0001javascript:1",
      "data:text/html,x",
      "vbscript:x",
    ]) {
      assert.equal(link(bad), `<a href="#">x</a>`, bad);
    }
    for (const good of [
      "/oggi",
      "?a=1",
      "https://x.it",
      "mailto:a@b.it",
      "tel:+39071",
      "a/b:c",
      "#x",
    ]) {
      assert.equal(link(good), `<a href="${good}">x</a>`);
    }
    assert.equal(
      render(html`<a href="/figli/${"a:b"}?x=${1}">x</a>`),
      `<a href="/figli/a:b?x=1">x</a>`,
    );
    assert.equal(
      render(html`<a href="/${"/evil.example"}">x</a>`),
      `<a href="/evil.example">x</a>`,
    );
    assert.equal(safeUrl("HTTPS://a"), "HTTPS://a");
  });

  it("accepts > and = in text, doctype, comments and scripts without holes", () => {
    const page = html`<!DOCTYPE html><!-- a > b -->
      <p>1 > 0, a="b" ${"x"}</p>
      <script nonce="${"n"}" src="/a.js"></script>`;
    assert.match(
      render(page),
      /^<!DOCTYPE html>[^]*a="b" x<\/p>\n<script nonce="n" src="\/a\.js"><\/script>$/,
    );
  });

  it("sends no indentation, but keeps what a text area holds", () => {
    assert.equal(
      render(
        html`<ul>
          <li>${"a\n  b"}</li>
        </ul>`,
      ),
      "<ul>\n<li>a\n  b</li>\n</ul>",
    );
    const area = template("<textarea>\n  ", "</textarea>");
    assert.equal(render(html(area, "x")), "<textarea>\n  x</textarea>");
  });

  it("never lets a string out of its place (property)", () => {
    const hostile = fc.string({
      unit: fc.constantFrom("<", ">", `"`, "'", "&", "/", "a", "=", " ", "`", "\0"),
    });
    fc.assert(
      fc.property(hostile, hostile, (text, value) => {
        const out = render(html`<p title="${value}">${text}</p>`);
        const found = /^<p title="([^"<>']*)">([^<>"']*)<\/p>$/.exec(out);
        assert.ok(found, out);
      }),
    );
  });
});
