// SPDX-License-Identifier: EUPL-1.2
/** (e) Paper notices: one PDF each beside a bare page of the same library, then all in one print file. */
import { Writable } from "node:stream";
import PdfKit from "pdfkit";
import { noticePdf, type PaperNotice, writeNoticesPdf } from "#documents";
import { day, moment } from "#kernel/dates.ts";
import { noticeNumber, notice } from "../documents/samples.ts";
import { type Figure, median } from "./report.ts";
import type { Sizes } from "./sizes.ts";

const madeAt = moment("2026-11-20T08:00:00Z");
const BASE = notice({});
const MEBIBYTE = 1024 * 1024;

/** Every family has its own name, address, number and amount. */
function family(index: number): PaperNotice {
  return {
    ...BASE,
    debtor: {
      name: `Famiglia Rossi ${index}`,
      fiscalCode: "RSSMRA85T10A562S",
      address: `Via dei Tigli ${index}, 61032 Montelago (PU)`,
    },
    single: {
      noticeNumber: noticeNumber(index),
      amountCents: 1000n + BigInt(index),
      dueOn: day("2026-12-31"),
    },
  };
}

/** One empty page with a line in a font that needs no embedding: what the library costs by itself. */
function barePdf(): Promise<number> {
  return new Promise((resolve, reject) => {
    const pdf = new PdfKit({ size: "A4" });
    let bytes = 0;
    pdf.on("data", (chunk: Uint8Array) => (bytes += chunk.length));
    pdf.on("end", () => resolve(bytes));
    pdf.on("error", reject);
    pdf.text("Avviso di pagamento").end();
  });
}

async function perSecond(count: number, make: (index: number) => Promise<unknown>) {
  const started = performance.now();
  for (let index = 0; index < count; index++) await make(index);
  return (count * 1000) / (performance.now() - started);
}

async function printFile(count: number) {
  let bytes = 0;
  const out = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      bytes += chunk.length;
      done();
    },
  });
  function* notices() {
    for (let index = 0; index < count; index++) yield family(index);
  }
  const resident: number[] = [];
  const started = performance.now();
  await writeNoticesPdf(notices(), out, {
    title: "Avvisi",
    author: BASE.creditor.name,
    madeAt,
    onNotice: (_notice, _page, { notices: done }) => {
      if (done % Math.ceil(count / 20) === 0) resident.push(process.memoryUsage().rss);
    },
  });
  const seconds = (performance.now() - started) / 1000;
  // Code is compiled and fonts are open after the first tenth.
  const grown = Math.max(...resident) - (resident[1] ?? resident[0] ?? 0);
  return { perSecond: count / seconds, bytes: bytes / count, grownMebibytes: grown / MEBIBYTE };
}

export async function measureDocuments(sizes: Sizes["documents"]): Promise<Figure[]> {
  const ours: number[] = [];
  const bares: number[] = [];
  // Round 0 compiles the code; it does not count.
  for (let round = 0; round <= sizes.rounds; round += 1) {
    const mine = await perSecond(sizes.notices, (index) => noticePdf(family(index), { madeAt }));
    const bare = await perSecond(sizes.notices, barePdf);
    if (round === 0) continue;
    ours.push(mine);
    bares.push(bare);
  }
  const [notices, bare] = [median(ours), median(bares)];
  const print = await printFile(sizes.printed);
  const { length } = await noticePdf(family(1), { madeAt });
  return [
    {
      name: "documents.notice",
      what: "Notices as PDFs, one core",
      value: notices,
      unit: "per s",
      limit: { what: "an empty page", value: bare, goal: "≥ 50 per s" },
      share: notices / bare,
      met: notices >= 50,
      details: { ours, bares, bytes: length },
    },
    {
      name: "documents.print",
      what: `Print file of ${sizes.printed}`,
      value: print.perSecond,
      unit: "per s",
      limit: { what: "one by one", value: notices, goal: "≥ 1" },
      share: print.perSecond / notices,
      met: print.perSecond >= notices,
      details: print,
    },
    {
      name: "documents.memory",
      what: "Memory grown by the print file",
      value: print.grownMebibytes,
      unit: "MiB",
      limit: { what: "flat", value: 64, goal: "≤ 64 MiB" },
      share: null,
      met: print.grownMebibytes <= 64,
      details: print,
    },
  ];
}
