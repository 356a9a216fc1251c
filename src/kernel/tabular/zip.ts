// SPDX-License-Identifier: EUPL-1.2
import { crc32, inflateRaw } from "node:zlib";

/** Just enough of the ZIP format to look into an .xlsx before its reader does. */
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

/** Packs entries without compression. */
export function writeZip(entries: ReadonlyMap<string, Buffer>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of entries) {
    const nameBytes = Buffer.from(name, "utf8");
    const local = Buffer.alloc(30);
    local.writeUInt32LE(LOCAL_HEADER, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt32LE(crc32(content), 14);
    local.writeUInt32LE(content.length, 18);
    local.writeUInt32LE(content.length, 22);
    local.writeUInt16LE(nameBytes.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(DIRECTORY_ENTRY, 0);
    central.writeUInt16LE(20, 4);
    local.copy(central, 6, 4, 30);
    central.writeUInt32LE(offset, 42);
    parts.push(local, nameBytes, content);
    directory.push(central, nameBytes);
    offset += local.length + nameBytes.length + content.length;
  }
  const directoryBytes = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END_OF_DIRECTORY, 0);
  end.writeUInt16LE(entries.size, 8);
  end.writeUInt16LE(entries.size, 10);
  end.writeUInt32LE(directoryBytes.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, directoryBytes, end]);
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
