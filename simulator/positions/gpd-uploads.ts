// SPDX-License-Identifier: EUPL-1.2
/**
 * Positions by the file (`/upload/gpd/debt-positions-service/v2`): taken at once, reported when asked; on command without
 * an answer, and worked through later.
 */
import { randomUUID } from "node:crypto";
import { inflateRawSync } from "node:zlib";
import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import { problem } from "../problem.ts";
import type { World } from "../world.ts";
import { readPosition } from "./gpd-shapes.ts";
import type { Changed, PositionStore } from "./position-store.ts";

const MAX_FILE_BYTES = 100 * 1024 * 1024;
const BASE = "/upload/gpd/debt-positions-service/v2";

interface Call {
  Params: { broker: string; cf: string; id: string };
}
interface Reported {
  statusCode: number;
  statusMessage: string;
  iupds: string[];
}

const content = z.object({ paymentPositions: z.array(z.looseObject({ iupd: z.string() })).min(1) });

export function gpdUploadRoutes(http: FastifyInstance, world: World, store: PositionStore): void {
  const reports = new Map<string, Reported[]>();
  http.addContentTypeParser(
    "multipart/form-data",
    { parseAs: "buffer", bodyLimit: MAX_FILE_BYTES },
    (_request, body, done) => done(null, body),
  );
  const all = `${BASE}/brokers/:broker/organizations/:cf/debtpositions/file`;

  const take = async (
    reply: FastifyReply,
    of: { call: Call["Params"]; bytes: Buffer; type: string; change: PositionStore["create"] },
  ): Promise<FastifyReply> => {
    const { broker, cf: organization } = of.call;
    const positions = await positionsIn(of.bytes, of.type);
    if (!positions) return problem(reply, 400, "INVALID JSON", "no positions in the file");
    const work = (): Reported[] =>
      positions.map((body): Reported => {
        const now = world.now().toString();
        const read = readPosition("v1", body, { organization, now, toPublish: true });
        const said = (statusCode: number, statusMessage: string): Reported => ({
          ...{ statusCode, statusMessage, iupds: [body.iupd] },
        });
        if (typeof read === "string") return said(400, read);
        const changed = of.change(read);
        return changed.outcome === "done" ? said(200, "OK") : said(...refusalOf(changed));
      });
    if (world.commands.files === "late") {
      world.lateFiles.push(work);
      return problem(reply, 504, "Gateway Timeout", "no answer in time");
    }
    const id = randomUUID();
    reports.set(id, work());
    const place = `brokers/${broker}/organizations/${organization}/debtpositions/file/${id}/status`;
    return reply.status(202).header("location", place).send();
  };

  for (const method of ["POST", "PUT"] as const)
    http.route<Call>({
      ...{ method, url: all, bodyLimit: MAX_FILE_BYTES },
      handler: async (request, reply) =>
        take(reply, {
          call: request.params,
          bytes: request.body as Buffer,
          type: request.headers["content-type"] ?? "",
          change: (position) =>
            method === "POST"
              ? store.create(position)
              : store.update(position, { toPublish: true }),
        }),
    });

  const answer = (what: "status" | "report"): void => {
    http.get<Call>(`${all}/:id/${what}`, async (request, reply) => {
      const responses = reports.get(request.params.id);
      if (!responses) return problem(reply, 404, "Not Found", "no such file");
      const known = { fileId: request.params.id, submittedItem: responses.length };
      return reply.send(
        what === "status" ? { ...known, operationStatus: "COMPLETED" } : { ...known, responses },
      );
    });
  };
  answer("status");
  answer("report");
}

function refusalOf(changed: Exclude<Changed, { outcome: "done" }>): [number, string] {
  return changed.outcome === "not-found" ? [404, "NOT FOUND"] : [409, changed.why];
}

/** `null`: no ZIP with one JSON of positions. */
async function positionsIn(
  bytes: Buffer,
  type: string,
): Promise<z.infer<typeof content>["paymentPositions"] | null> {
  try {
    const headers = { "content-type": type };
    const form = await new Response(new Uint8Array(bytes), { headers }).formData();
    const file = form.get("file");
    if (file === null || typeof file === "string") return null;
    const json = firstEntry(Buffer.from(await file.arrayBuffer()));
    const read = content.safeParse(JSON.parse(json.toString("utf8")));
    return read.success ? read.data.paymentPositions : null;
  } catch {
    return null;
  }
}

/** As GPD unpacks it: from the front, one file. Throws when it is no ZIP. */
function firstEntry(zip: Buffer): Buffer {
  if (zip.readUInt32LE(0) !== 0x04034b50) throw new RangeError("no ZIP");
  const from = 30 + zip.readUInt16LE(26) + zip.readUInt16LE(28);
  const packed = zip.subarray(from, from + zip.readUInt32LE(18));
  const isDeflated = zip.readUInt16LE(8) === 8;
  return isDeflated ? inflateRawSync(packed, { maxOutputLength: MAX_FILE_BYTES }) : packed;
}
