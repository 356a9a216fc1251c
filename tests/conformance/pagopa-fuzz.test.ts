// SPDX-License-Identifier: EUPL-1.2
/** Whatever a stranger posts to the station: an answer, quickly, and nothing left in memory. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import {
  MAX_REQUEST_BYTES,
  type MalformedReason,
  parseRequest,
  writeGetPaymentResponse,
  writeVerifyResponse,
} from "../../src/integrations/pagopa/soap/index.ts";
import {
  bytesOf,
  CALLS,
  demandCall,
  getV2Call,
  inEnvelope,
  PAYABLE,
  receiptV2Call,
  verifyCall,
} from "../support/pagopa-messages.ts";

/** Thirty at most when nobody else computes; what grows with the square of its length takes many seconds. */
const MOST_MS = 250;
const KNOWN_REASONS: ReadonlySet<MalformedReason> = new Set([
  "too-large",
  "unknown-encoding",
  "bytes-not-in-encoding",
  "not-well-formed",
  "doctype",
  "processing-instruction",
  "too-deep",
  "too-many-elements",
  "too-many-attributes",
  "not-soap",
  "must-understand",
  "unknown-operation",
  "unexpected-element",
  "missing-element",
  "unexpected-attribute",
  "unexpected-text",
  "invalid-value",
]);

/** Fills a message up to the limit with repetitions of `filling`. */
function full(filling: string, around: (filled: string) => string): string {
  const room = MAX_REQUEST_BYTES - bytesOf(around("")).length;
  return around(filling.repeat(Math.max(0, Math.floor(room / bytesOf(filling).length))));
}

const inDescription = (text: string): string =>
  inEnvelope(
    receiptV2Call.replace(/<description>.*?<\/description>/, `<description>${text}</description>`),
  );
const instead = (of: RegExp, text: string): string => inEnvelope(receiptV2Call.replace(of, text));
const before = (text: string): string =>
  `${text}${inEnvelope(receiptV2Call).replace(/^<\?.*?\?>/, "")}`;

const laughs = `<!DOCTYPE a [<!ENTITY x0 "ah">${Array.from(
  { length: 30 },
  (_, level) => `<!ENTITY x${level + 1} "&x${level};&x${level};">`,
).join("")}]>`;

/** As large as we take, each meant to cost as much as possible. */
const HEAVY: Readonly<Record<string, () => string>> = {
  "one long text": () => full("a", inDescription),
  "one long text of spaces": () => full(" ", inDescription),
  "characters beyond the first plane": () => full("🎒", inDescription),
  "predefined entities": () => full("&amp;", inDescription),
  "numbered characters": () => full("&#65;", inDescription),
  "one long entity name": () => full("a", (text) => inDescription(`&${text};`)),
  "empty comments": () => full("<!---->", inDescription),
  "one long comment": () => full("- ", (text) => inDescription(`<!--${text}-->`)),
  "empty CDATA sections": () => full("<![CDATA[]]>", inDescription),
  "one long CDATA section": () => full("]", (text) => inDescription(`<![CDATA[${text}]]>`)),
  "closing brackets": () => full("]]", inDescription),
  "line ends": () => full("\r\n", inDescription),
  "opening brackets": () => full("<", inDescription),
  "nested elements": () => full("<a>", inDescription),
  "sibling elements": () => full("<a/>", inDescription),
  "one long element name": () => full("a", (text) => inDescription(`<${text}/>`)),
  "one long attribute": () => full("a", (text) => inDescription(`<b c="${text}"/>`)),
  "one long attribute name": () => full("a", (text) => inDescription(`<b ${text}="c"/>`)),
  "many attributes": () => `<a ${Array.from({ length: 90_000 }, (_, i) => `b${i}=""`).join(" ")}/>`,
  "many namespaces": () =>
    `<a ${Array.from({ length: 50_000 }, (_, i) => `xmlns:b${i}="c"`).join(" ")}/>`,
  "many prefixed attributes": () =>
    `<a xmlns:c="d" ${Array.from({ length: 80_000 }, (_, i) => `c:b${i}=""`).join(" ")}/>`,
  "one long processing instruction": () => full("a", (text) => inDescription(`<?b ${text}?>`)),
  "an XML declaration without end": () => full("a ", (text) => `<?xml version="1.0" ${text}`),
  "spaces before an encoding": () =>
    full(" ", (text) => before(`<?xml version="1.0" ${text}encoding="x"?>`)),
  "one long document type": () =>
    full("<!ENTITY a 'b'>", (text) => before(`<!DOCTYPE a [${text}]>`)),
  "a billion laughs": () => full(" ", (text) => before(laughs) + text),
  "an amount of zeros": () =>
    full("0", (text) => instead(/<paymentAmount>.*?</, `<paymentAmount>${text}.00<`)),
  "a long date": () =>
    full("1", (text) => instead(/<applicationDate>.*?</, `<applicationDate>2026-11-${text}<`)),
  "a long fraction of a second": () =>
    full("1", (text) =>
      instead(/<paymentDateTime>.*?</, `<paymentDateTime>2026-11-19T18:05:09.${text}<`),
    ),
  "a long mail address": () => full("a.", (text) => instead(/<e-mail>.*?</, `<e-mail>a@${text}<`)),
  "a long mail address without @": () =>
    full("a", (text) => instead(/<e-mail>.*?</, `<e-mail>${text}<`)),
  "base64 with a wrong end": () =>
    full("AAAA", (text) => inEnvelope(demandCall.replace("PGRhdGkvPg==", `${text}=A==`))),
  "base64 of spaces": () =>
    full(" ", (text) => inEnvelope(demandCall.replace("PGRhdGkvPg==", `${text}é`))),
  "entries without number": () =>
    full("<mapEntry><key>a</key><value>b</value></mapEntry>", (text) =>
      instead(/<metadata>/, `<metadata>${text}`),
    ),
  "headers without number": () =>
    full("<t/>", (text) =>
      inEnvelope(receiptV2Call).replace("<s:Header/>", `<s:Header>${text}</s:Header>`),
    ),
};

/** Processor time of this thread, the best of three where the first is too slow: it may have been the compiler's. */
function milliseconds(act: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 3 && best >= MOST_MS; attempt++) {
    const before = process.threadCpuUsage();
    act();
    const { user, system } = process.threadCpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

describe("OS-01 a hostile caller", () => {
  for (const [name, make] of Object.entries(HEAVY))
    it(`${name}: refused within ${MOST_MS} ms`, () => {
      const bytes = bytesOf(make());
      assert.ok(bytes.length > MAX_REQUEST_BYTES * 0.7, `${bytes.length} bytes`);
      assert.ok(bytes.length <= MAX_REQUEST_BYTES, `${bytes.length} bytes`);
      const spent = milliseconds(() => {
        assert.equal(parseRequest(bytes).kind, "malformed");
      });
      assert.ok(spent < MOST_MS, `${spent.toFixed(1)} ms`);
    });

  it("ten megabytes are not looked at", () => {
    const bytes = bytesOf(inDescription("a".repeat(10 * 1024 * 1024)));
    const spent = milliseconds(() => {
      const read = parseRequest(bytes);
      assert.ok(read.kind === "malformed" && read.reason === "too-large");
    });
    assert.ok(spent < 5, `${spent.toFixed(3)} ms`);
  });

  it("a large message that is right is read as quickly", () => {
    const data = full("AAAA", (text) => inEnvelope(demandCall.replace("PGRhdGkvPg==", text)));
    const bytes = bytesOf(data);
    const spent = milliseconds(() => {
      const read = parseRequest(bytes);
      assert.ok(read.kind === "demand" && read.data.length > 700_000);
    });
    assert.ok(spent < MOST_MS, `${spent.toFixed(1)} ms`);
  });
});

const message = fc.constantFrom(...CALLS.map((call) => bytesOf(inEnvelope(call))));
const HOSTILE_BITS: readonly string[] = [
  ...[
    "<!DOCTYPE a>",
    "<!DOCTYPE a SYSTEM 'file:///etc/passwd'>",
    "<!ENTITY b 'c'>",
    "&b;",
    "&#0;",
    "&#x110000;",
  ],
  ...[
    "<?php ?>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "</",
    "/>",
    "<a xmlns:xml='b'>",
    "xmlns='x'",
    "\u0000",
  ],
  ...[
    "<__proto__/>",
    "<constructor>",
    "<p:constructor/>",
    " toString='1'",
    "<idPA/>",
    "</s:Body>",
    "\ufeff",
  ],
  ...["\ud800", "\u2028", "'", '"', "=", "&amp;", "&", "<receiptId>", "é", "\r", "\ufffe"],
];

/** What goes wrong on the way, or is made to. */
const damage: fc.Arbitrary<(bytes: Uint8Array) => Uint8Array> = fc.oneof(
  fc
    .double({ min: 0, max: 1, noNaN: true })
    .map((share) => (bytes: Uint8Array) => bytes.subarray(0, Math.floor(bytes.length * share))),
  fc.record({ at: fc.double({ min: 0, max: 0.999, noNaN: true }), byte: fc.nat({ max: 255 }) }).map(
    ({ at, byte }) =>
      (bytes: Uint8Array) =>
        bytes.length === 0 ? bytes : bytes.with(Math.floor(bytes.length * at), byte),
  ),
  fc
    .record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      bit: fc.constantFrom(...HOSTILE_BITS),
    })
    .map(({ at, bit }) => (bytes: Uint8Array) => {
      const cut = Math.floor(bytes.length * at);
      return Buffer.concat([bytes.subarray(0, cut), Buffer.from(bit), bytes.subarray(cut)]);
    }),
  fc
    .record({
      from: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.nat({ max: 400 }),
      times: fc.integer({ min: 0, max: 3 }),
    })
    .map(({ from, length, times }) => (bytes: Uint8Array) => {
      const start = Math.floor(bytes.length * from);
      const piece = bytes.subarray(start, start + length);
      const pieces = Array.from({ length: times }, () => piece);
      return Buffer.concat([bytes.subarray(0, start), ...pieces, bytes.subarray(start + length)]);
    }),
  fc.constantFrom<(bytes: Uint8Array) => Uint8Array>(
    (bytes) => Buffer.from(Buffer.from(bytes).toString("utf8"), "utf16le"),
    (bytes) => Buffer.concat([Buffer.from([0xff, 0xfe]), bytes]),
    (bytes) =>
      Buffer.concat([
        Buffer.from([0xfe, 0xff]),
        Buffer.from(Buffer.from(bytes).toString("utf8"), "utf16le").swap16(),
      ]),
    (bytes) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]),
    (bytes) => bytes.toReversed(),
  ),
);

const contentType = fc.option(
  fc.oneof(
    fc.constantFrom(
      "text/xml",
      "text/xml; charset=utf-8",
      "text/xml; charset=utf-16",
      'a; charset=""',
    ),
    fc.string(),
  ),
  { nil: undefined },
);

function check(bytes: Uint8Array, type: string | undefined): boolean {
  const read = parseRequest(bytes, type);
  if (read.kind !== "malformed") return true;
  assert.ok(KNOWN_REASONS.has(read.reason), read.reason);
  return false;
}

describe("OS-01 damaged messages", () => {
  it("are read or refused, and never throw", () => {
    fc.assert(
      fc.property(
        message,
        fc.array(damage, { minLength: 1, maxLength: 4 }),
        contentType,
        (bytes, damages, type) => {
          check(
            damages.reduce((damaged, act) => act(damaged), bytes),
            type,
          );
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it("nor does anything else", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.string({ unit: "binary" }).map(bytesOf)),
        contentType,
        (bytes, type) => {
          assert.equal(check(bytes, type), false);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it("leave nothing in memory", () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const cut = CALLS.map((call) => bytesOf(inEnvelope(call)).subarray(0, -9));
    const heavy = bytesOf(full("<a><b>&amp;</b>", inDescription));
    const rounds = (count: number): number => {
      for (let round = 0; round < count; round++) {
        for (const bytes of cut) assert.equal(check(bytes, undefined), false);
        if (round % 50 === 0) check(heavy, undefined);
      }
      collect();
      return process.memoryUsage().heapUsed;
    };
    const first = rounds(300);
    const grown = rounds(1_500) - first;
    assert.ok(grown < 1_000_000, `${grown} bytes more`);
  });
});

describe("OS-01 speed", () => {
  it("a verify or a getPayment is read and answered in less than 100 µs (10,000 a second)", () => {
    const [verify, get] = [verifyCall, getV2Call].map((call) => bytesOf(inEnvelope(call)));
    assert.ok(verify && get);
    const rounds = 1_000;
    const spent = milliseconds(() => {
      for (let round = 0; round < rounds; round++) {
        if (parseRequest(verify).kind === "verify") writeVerifyResponse(PAYABLE);
        if (parseRequest(get).kind === "get") writeGetPaymentResponse("paGetPaymentV2", PAYABLE);
      }
    });
    assert.ok(spent / rounds / 2 < 0.1, `${((spent / rounds / 2) * 1000).toFixed(1)} µs`);
  });
});
