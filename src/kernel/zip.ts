// SPDX-License-Identifier: EUPL-1.2
import { crc32, inflateRaw } from "node:zlib";

/** Just enough of the ZIP format: to look into an .xlsx before its reader does, and to hand out many files as one. */
export class ZipFault extends Error {
  readonly kind: "not-a-zip" | "too-large";
  constructor(kind: "not-a-zip" | "too-large") {
    super(kind);
    this.kind = kind;
  }
}

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;
const MAX_ENTRIES = 2000;

/**
 * Unpacks the wanted entries by the central directory. Sizes are measured while unpacking, never believed:
 * more than `maxBytes` in all throws `ZipFault` ("zip bomb").
 */
export async function readZip(
  bytes: Buffer,
  wanted: (name: string) => boolean,
  maxBytes: number,
): Promise<Map<string, Buffer>> {
  const entries = new Map<string, Buffer>();
  let left = maxBytes;
  for (const { name, method, packed } of directoryOf(bytes)) {
    if (!wanted(name) || entries.has(name)) continue;
    const content = method === STORED ? packed : await inflated(packed, left);
    left -= content.length;
    if (left < 0) throw new ZipFault("too-large");
    entries.set(name, content);
  }
  return entries;
}

/** A file within an archive, without its bytes. */
export interface ZipEntry {
  name: string;
  /** checksum of the bytes */
  crc32: number;
  length: number;
}

/** Without ZIP64 an archive holds so many files, and as many bytes as its 32-bit places can say. */
export const MAX_ZIP_FILES = 0xffff;
const LOCAL_LENGTH = 30;
/** 1 January 1980: the format's first day, so that the same files make the same bytes. */
const FIRST_DAY = 0x0021;
const NAMES_ARE_UTF8 = 0x0800;

/** What the local header and the directory say alike, from "version needed" to the name's length. */
function commonOf({ name, crc32: sum, length }: ZipEntry): Buffer {
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(NAMES_ARE_UTF8, 2);
  common.writeUInt16LE(STORED, 4);
  common.writeUInt16LE(FIRST_DAY, 8);
  common.writeUInt32LE(sum, 10);
  common.writeUInt32LE(length, 14);
  common.writeUInt32LE(length, 18);
  common.writeUInt16LE(Buffer.byteLength(name), 22);
  return common;
}

const signed = (signature: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(signature);
  return bytes;
};

/**
 * Files as they stand in an archive, without compression. Pieces made one after the other, at any time, are an archive
 * once `zipEnd` of all their entries follows them.
 */
export function zipPiece(files: Iterable<readonly [name: string, content: Uint8Array]>): {
  bytes: Buffer;
  entries: ZipEntry[];
} {
  const parts: Uint8Array[] = [];
  const entries: ZipEntry[] = [];
  for (const [name, content] of files) {
    const entry = { name, crc32: crc32(content), length: content.length };
    parts.push(signed(LOCAL_HEADER), commonOf(entry), Buffer.from(name), content);
    entries.push(entry);
  }
  return { bytes: Buffer.concat(parts), entries };
}

/** How long the piece of these entries is. */
export const zipPieceLength = (entries: readonly ZipEntry[]): number =>
  entries.reduce(
    (sum, { name, length }) => sum + LOCAL_LENGTH + Buffer.byteLength(name) + length,
    0,
  );

/**
 * The table of contents, in the order of the pieces.
 * @throws RangeError for more than `MAX_ZIP_FILES` files or 4 GiB
 */
export function zipEnd(entries: readonly ZipEntry[]): Buffer {
  if (entries.length > MAX_ZIP_FILES) throw new RangeError("too many files for one archive");
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const madeBy = Buffer.from([20, 0]);
    const rest = Buffer.alloc(14);
    // Throws beyond the 32 bits that it has.
    rest.writeUInt32LE(offset, 10);
    directory.push(signed(DIRECTORY_ENTRY), madeBy, commonOf(entry), rest, Buffer.from(entry.name));
    offset += zipPieceLength([entry]);
  }
  const directoryBytes = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directoryBytes.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([directoryBytes, signed(END_OF_DIRECTORY), end]);
}

/** A whole archive. */
export function writeZip(files: ReadonlyMap<string, Uint8Array>): Buffer {
  const { bytes, entries } = zipPiece(files);
  return Buffer.concat([bytes, zipEnd(entries)]);
}

function* directoryOf(bytes: Buffer): Generator<{ name: string; method: number; packed: Buffer }> {
  try {
    const end = bytes.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
    if (end < 0) throw new ZipFault("not-a-zip");
    const count = bytes.readUInt16LE(end + 10);
    if (count > MAX_ENTRIES) throw new ZipFault("too-large");
    let at = bytes.readUInt32LE(end + 16);
    for (let index = 0; index < count; index += 1) {
      if (bytes.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new ZipFault("not-a-zip");
      const isEncrypted = (bytes.readUInt16LE(at + 8) & 1) === 1;
      const method = bytes.readUInt16LE(at + 10);
      const packedSize = bytes.readUInt32LE(at + 20);
      const nameSize = bytes.readUInt16LE(at + 28);
      const rest = bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
      const local = bytes.readUInt32LE(at + 42);
      if (isEncrypted || (method !== STORED && method !== DEFLATED))
        throw new ZipFault("not-a-zip");
      if (bytes.readUInt32LE(local) !== LOCAL_HEADER) throw new ZipFault("not-a-zip");
      const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
      if (start + packedSize > bytes.length) throw new ZipFault("not-a-zip");
      const name = bytes.toString("utf8", at + 46, at + 46 + nameSize);
      yield { name, method, packed: bytes.subarray(start, start + packedSize) };
      at += 46 + nameSize + rest;
    }
  } catch (error) {
    // A number that points outside the file
    if (error instanceof RangeError) throw new ZipFault("not-a-zip");
    throw error;
  }
}

function inflated(packed: Buffer, maxOutputLength: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    inflateRaw(packed, { maxOutputLength: Math.max(1, maxOutputLength) }, (error, content) => {
      if (!error) resolve(content);
      else
        reject(
          new ZipFault(
            "code" in error && error.code === "ERR_BUFFER_TOO_LARGE" ? "too-large" : "not-a-zip",
          ),
        );
    });
  });
}
