// SPDX-License-Identifier: EUPL-1.2
/**
 * Bytes of an XML message → text, as RFC 7303 orders the witnesses: byte order mark, `charset` of the header, XML
 * declaration, else UTF-8. Only what a pagoPA partner may send is read; anything else is refused, not guessed.
 */
export type Decoded =
  | { readonly outcome: "decoded"; readonly text: string }
  | {
      readonly outcome: "refused";
      readonly reason: "unknown-encoding" | "bytes-not-in-encoding";
    };

type Encoding = "utf-8" | "iso-8859-1" | "utf-16";

const NAMES: ReadonlyMap<string, Encoding> = new Map([
  ["utf-8", "utf-8"],
  ["utf8", "utf-8"],
  ["us-ascii", "utf-8"],
  ["iso-8859-1", "iso-8859-1"],
  ["latin1", "iso-8859-1"],
  ["utf-16", "utf-16"],
  ["utf-16le", "utf-16"],
  ["utf-16be", "utf-16"],
]);

const DECLARATION_BYTES = 200;
const DECLARED = /^<\?xml[ \t\r\n][^>?]{0,80}?encoding[ \t\r\n]*=[ \t\r\n]*["']([\w.:-]{1,40})["']/;
const CHARSET = /;\s*charset\s*=\s*"?([\w.:-]{1,40})"?/i;
const UTF8 = new TextDecoder("utf-8", { fatal: true });

export function decodeText(bytes: Uint8Array, contentType?: string): Decoded {
  const marked = markedUtf16(bytes);
  if (marked) return decodeUtf16(bytes, marked);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hasUtf8Mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const encoding = hasUtf8Mark ? "utf-8" : encodingOf(buffer, contentType);
  switch (encoding) {
    case "utf-8":
      try {
        return { outcome: "decoded", text: UTF8.decode(bytes) };
      } catch {
        return { outcome: "refused", reason: "bytes-not-in-encoding" };
      }
    case "iso-8859-1":
      return { outcome: "decoded", text: buffer.toString("latin1") };
    case "utf-16": // without the mark nobody knows its order
    case null:
      return { outcome: "refused", reason: "unknown-encoding" };
  }
}

/** What header or declaration say; UTF-8 when they say nothing, `null` when they say what we do not read. */
function encodingOf(buffer: Buffer, contentType: string | undefined): Encoding | null {
  const header = contentType === undefined ? null : CHARSET.exec(contentType);
  const start = buffer.toString("latin1", 0, DECLARATION_BYTES);
  // A declaration that does not end here could name its encoding where nobody looks.
  if (!header && start.startsWith("<?xml") && !start.includes("?>")) return null;
  const said = header ?? DECLARED.exec(start);
  return said ? (NAMES.get((said[1] ?? "").toLowerCase()) ?? null) : "utf-8";
}

function markedUtf16(bytes: Uint8Array): "little" | "big" | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "little";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "big";
  return null;
}

function decodeUtf16(bytes: Uint8Array, order: "little" | "big"): Decoded {
  if (bytes.length % 2 !== 0) return { outcome: "refused", reason: "bytes-not-in-encoding" };
  const copy = Buffer.from(bytes.subarray(2));
  const text = (order === "big" ? copy.swap16() : copy).toString("utf16le");
  if (!text.isWellFormed()) return { outcome: "refused", reason: "bytes-not-in-encoding" };
  return { outcome: "decoded", text };
}
