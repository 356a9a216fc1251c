// SPDX-License-Identifier: EUPL-1.2
/**
 * ACA and GPD as far as a creditor sees them, over HTTP: they keep positions, refuse as their interface says, judge every
 * request by its description where that is at hand, and fail in the ways networks fail.
 */
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { readZip } from "#kernel/zip.ts";
import { schemaFaults } from "./json-schema.ts";
import { PAGOPA_SPECS, specsMissing } from "./xsd.ts";
import { IDLE } from "./idle.ts";

/**
 * `refuse`: HTTP 500. `lost`: the request never arrives. `mute`: it is done, and the answer is lost. `late`: nobody answers,
 * and it is done when `catchUp` says so.
 */
export type Mishap = "refuse" | "lost" | "mute" | "late";

type Json = Record<string, unknown>;
interface Option {
  nav: string;
  amount: number;
  isPart: boolean;
  paid: boolean;
}
interface Position {
  creditor: string;
  version: "v1" | "v3";
  status: "VALID" | "INVALID" | "PARTIALLY_PAID" | "PAID" | "DELETED";
  options: Option[];
}

const SCHEMAS = {
  aca: ["paCreatePosition.json", "#/components/schemas/NewDebtPositionRequest"],
  v1: ["gpd.json", "#/components/schemas/PaymentPositionModel"],
  v3: ["gpd_v3.json", "#/components/schemas/PaymentPositionModelV3"],
  paid: ["gpd.json", "#/components/schemas/AlreadyPaidPaymentOptionModel"],
} as const;
/** A notice number means something only beside its creditor. */
interface Key {
  readonly creditorFiscalCode: string;
  readonly noticeNumber: string;
}
const keyOf = ({ creditorFiscalCode, noticeNumber }: Key): string =>
  `${creditorFiscalCode}/${noticeNumber}`;
const documents = new Map<string, unknown>();

export class PagopaPositions {
  readonly #aca = new Map<string, { open: boolean; paid: boolean; amount: number; body: Json }>();
  readonly gpd = new Map<string, Position>();
  /** what should never happen: something closed was opened again, a request was not as described */
  readonly faults: string[] = [];
  readonly requests: string[] = [];
  readonly mishaps: Mishap[] = [];
  takesFiles = true;
  /** so many of the next positions that come in a file are not taken */
  refusedInFiles = 0;
  readonly files = new Map<string, { size: number; asked: number; responses: unknown[] }>();
  readonly #late: (() => unknown)[] = [];
  key = "chiave";
  readonly #server = createServer(IDLE, (request, response) => void this.#serve(request, response));

  async listen(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((done) => this.#server.close(() => done()));
  }

  /** Works through the files that came `late`. */
  catchUp(): void {
    for (const work of this.#late.splice(0)) work();
  }

  /** Could somebody pay it at a counter, by what pagoPA knows? */
  isPayable(key: Key): boolean {
    const copy = this.copyOf(key);
    if (copy) return copy.open && !copy.paid;
    const { position, option } = this.#find(key);
    if (!position || !option || option.paid) return false;
    if (position.status !== "VALID" && position.status !== "PARTIALLY_PAID") return false;
    return !position.options.some((other) => other.paid && other.isPart !== option.isPart);
  }

  /** Somebody pays it there. */
  pay(key: Key): void {
    const copy = this.copyOf(key);
    if (copy) copy.paid = true;
    const { position, option } = this.#find(key);
    if (position && option) settle(position, option);
  }

  /** Somebody takes a position out of GPD behind our back. */
  forget(key: Key): void {
    const { position } = this.#find(key);
    for (const [id, one] of this.gpd) if (one === position) this.gpd.delete(id);
  }

  /** what ACA has of a notice */
  copyOf(key: Key): { open: boolean; paid: boolean; amount: number; body: Json } | undefined {
    return this.#aca.get(keyOf(key));
  }

  #find({ creditorFiscalCode, noticeNumber }: Key): { position?: Position; option?: Option } {
    for (const position of this.gpd.values()) {
      if (position.creditor !== creditorFiscalCode) continue;
      const option = position.options.find(({ nav }) => nav === noticeNumber);
      if (option && position.status !== "DELETED") return { position, option };
    }
    return {};
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const bytes = Buffer.concat(pieces);
    const url = new URL(request.url ?? "/", "http://x");
    const mishap = this.mishaps.shift();
    if (mishap === "lost") return void request.socket.destroy();
    this.requests.push(`${request.method} ${url.pathname}`);
    if (mishap === "late") {
      const file = await fileOf(bytes, request.headers["content-type"] ?? "");
      this.#late.push(() => this.#upload(request.method ?? "", url.pathname, file));
      return void request.socket.destroy();
    }
    const answer = (status: number, body: unknown = {}, location?: string): void => {
      if (mishap === "mute") return void request.socket.destroy();
      response.writeHead(status, {
        "content-type": "application/json",
        ...(location ? { location } : {}),
      });
      response.end(JSON.stringify(body));
    };
    if (mishap === "refuse") return answer(500, { title: "INTERNAL", status: 500, detail: "boom" });
    if (request.headers["ocp-apim-subscription-key"] !== this.key) return answer(401);
    if (url.pathname.startsWith("/upload/")) {
      const type = request.headers["content-type"] ?? "";
      const file = bytes.length > 0 ? await fileOf(bytes, type) : null;
      return answer(...this.#upload(request.method ?? "", url.pathname, file));
    }
    const text = bytes.toString("utf8");
    const body = text === "" ? {} : (JSON.parse(text) as Json);
    const [status, said] = url.pathname.endsWith("/paCreatePosition")
      ? this.#putAca(body)
      : this.#gpd(request.method ?? "", url, body);
    answer(status, said);
  }

  #judge(kind: keyof typeof SCHEMAS, body: Json): void {
    if (specsMissing) return;
    const [file, pointer] = SCHEMAS[kind];
    if (!documents.has(file))
      documents.set(
        file,
        JSON.parse(readFileSync(join(PAGOPA_SPECS, "openapi", file), "utf8")) as unknown,
      );
    this.faults.push(...schemaFaults(documents.get(file), pointer, body));
  }

  #putAca(body: Json): [number, unknown?] {
    this.#judge("aca", body);
    const nav = String(body["nav"]);
    const amount = Number(body["amount"]);
    const key = { creditorFiscalCode: String(body["paFiscalCode"]), noticeNumber: nav };
    const there = this.#aca.get(keyOf(key));
    if (there?.paid) return [409, { title: "Unauthorized action", status: 409, detail: "paid" }];
    if (amount === 0) {
      if (!there) return [404, { title: "Not found", status: 404, detail: "no position" }];
      there.open = false;
      return [200, { nav, status: null }];
    }
    if (there && !there.open) this.faults.push(`${nav} was closed in ACA and is opened again`);
    this.#aca.set(keyOf(key), { open: true, paid: false, amount, body });
    return [200, { nav, amount, companyName: null }];
  }

  #gpd(method: string, url: URL, body: Json): [number, unknown?] {
    const found =
      /^\/gpd\/debt-positions-service\/(v1|v3)\/organizations\/(\d{11})\/(debtpositions|paymentoptions\/paids)(?:\/([^/]+))?(?:\/(\w+))?$/.exec(
        url.pathname,
      );
    if (!found) return [404];
    const [, version, creditor, what, id = "", act = ""] = found as unknown as [
      string,
      "v1" | "v3",
      string,
      ...string[],
    ];
    if (what !== "debtpositions")
      return this.#markPaid({ creditorFiscalCode: creditor, noticeNumber: id }, body);
    const position = this.gpd.get(id);
    const isThere = position && position.status !== "DELETED" ? position : null;
    if (method === "POST" && act === "") return this.#create({ version, creditor }, body);
    if (!isThere) return [404, { title: "Not found", status: 404, detail: "no position" }];
    const isTouched = isThere.options.some(({ paid }) => paid);
    const conflict: [number, unknown] = [409, { title: "Conflict", status: 409, detail: "state" }];
    switch (`${method} ${act}`) {
      case "GET ":
        return [200, written(id, isThere)];
      case "PUT ":
        this.#judge(version, body);
        if (isTouched) return conflict;
        if (isThere.status === "INVALID") this.faults.push(`${id} was invalid and is opened again`);
        isThere.options = optionsOf(version, body);
        isThere.status = "VALID";
        return [200, written(id, isThere)];
      case "POST invalidate":
        if (version === "v3") return [404];
        if (isThere.status !== "VALID") return conflict;
        isThere.status = "INVALID";
        return [200, written(id, isThere)];
      case "DELETE ":
        if (isTouched) return conflict;
        isThere.status = "DELETED";
        return [200, "ok"];
      default:
        return conflict;
    }
  }

  /** A file of positions, worked through once its status was asked for twice. */
  #upload(method: string, path: string, file: Json[] | null): [number, unknown?, string?] {
    const found =
      /^\/upload\/gpd\/debt-positions-service\/v2\/(brokers\/[^/]+\/organizations\/(\d{11})\/debtpositions\/file)(?:\/(\w+)\/(status|report))?$/.exec(
        path,
      );
    if (!found || !this.takesFiles) return [404];
    const [, place, creditor, id = "", what] = found as unknown as [string, string, ...string[]];
    if (file) {
      const fileId = `f${this.files.size}`;
      const responses = file.map((body) => {
        const iupd = String(body["iupd"]);
        const isRefused = this.refusedInFiles > 0 && this.refusedInFiles--;
        const [statusCode] = isRefused
          ? [400]
          : method === "POST"
            ? this.#create({ version: "v1", creditor: creditor! }, body)
            : this.#gpd("PUT", positionUrl(creditor!, iupd), body);
        return { statusCode, statusMessage: `${statusCode}`, iupds: [iupd] };
      });
      this.files.set(fileId, { size: file.length, asked: 0, responses });
      return [202, undefined, `${place}/${fileId}/status`];
    }
    const one = this.files.get(id);
    if (!one) return [404];
    if (what === "report")
      return one.asked < 2 ? [425] : [200, { fileId: id, responses: one.responses }];
    one.asked += 1;
    return [200, { fileId: id, operationStatus: one.asked < 2 ? "IN_PROGRESS" : "COMPLETED" }];
  }

  #create(of: Pick<Position, "version" | "creditor">, body: Json): [number, unknown?] {
    const { version } = of;
    this.#judge(version, body);
    const id = String(body["iupd"]);
    const there = this.gpd.get(id);
    if (there?.status === "DELETED") this.faults.push(`${id} was deleted and is made again`);
    else if (there) return [409, { title: "Conflict", status: 409, detail: "there already" }];
    const position: Position = { ...of, status: "VALID", options: optionsOf(version, body) };
    this.gpd.set(id, position);
    return [201, written(id, position)];
  }

  #markPaid(key: Key, body: Json): [number, unknown?] {
    this.#judge("paid", body);
    const { position, option } = this.#find(key);
    if (!position || !option) return [404];
    if (option.paid) return [409];
    if (!this.isPayable(key)) return [422];
    settle(position, option);
    return [200, { nav: key.noticeNumber, status: "PO_PAID", paymentDate: null }];
  }
}

const positionUrl = (creditor: string, iupd: string): URL =>
  new URL(
    `/gpd/debt-positions-service/v1/organizations/${creditor}/debtpositions/${iupd}`,
    "http://x",
  );

/** The positions of a file: a ZIP with one JSON, as a browser would send it. */
async function fileOf(bytes: Buffer, contentType: string): Promise<Json[]> {
  const headers = { "content-type": contentType };
  const form = await new Response(new Uint8Array(bytes), { headers }).formData();
  const file = form.get("file") as File;
  const zip = await readZip(Buffer.from(await file.arrayBuffer()), () => true, 1e8);
  const [[name, json], ...others] = [...zip] as [[string, Buffer], ...unknown[]];
  if (others.length > 0 || !name.endsWith(".json") || !file.name.endsWith(".zip"))
    throw new Error("not as GPD takes it");
  return (JSON.parse(json.toString("utf8")) as { paymentPositions: Json[] }).paymentPositions;
}

function settle(position: Position, option: Option): void {
  option.paid = true;
  const same = position.options.filter(({ isPart }) => isPart === option.isPart);
  position.status = same.every(({ paid }) => paid) ? "PAID" : "PARTIALLY_PAID";
}

function optionsOf(version: "v1" | "v3", body: Json): Option[] {
  const list = body["paymentOption"] as Json[];
  if (version === "v1")
    return list.map((one) => ({
      nav: String(one["nav"]),
      amount: Number(one["amount"]),
      isPart: one["isPartialPayment"] === true,
      paid: false,
    }));
  return list.flatMap((one) => {
    const instalments = one["installments"] as Json[];
    return instalments.map((part) => ({
      nav: String(part["nav"]),
      amount: Number(part["amount"]),
      isPart: one["description"] === "Rate",
      paid: false,
    }));
  });
}

/** As they answer: much of it null. */
function written(iupd: string, { version, status, options }: Position): Json {
  const said = options.map(({ nav, amount, paid }) => ({
    nav,
    amount,
    status: version === "v1" ? (paid ? "PO_PAID" : "PO_UNPAID") : paid ? "PAID" : "UNPAID",
    paymentDate: null,
    transfer: null,
  }));
  return {
    iupd,
    status,
    officeName: null,
    validityDate: null,
    paymentOption:
      version === "v1" ? said : said.map((one) => ({ validityDate: null, installments: [one] })),
  };
}
