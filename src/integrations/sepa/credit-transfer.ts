// SPDX-License-Identifier: EUPL-1.2
/** SEPA credit transfers as a file for the bank: ISO 20022 `pain.001.001.09` (EPC 132-08). */
import type { Day, Moment } from "#kernel/dates.ts";
import { ZONE } from "#kernel/dates.ts";
import type { Cents } from "#kernel/money.ts";

export interface CreditTransferFile {
  /** at most 35 signs of the SEPA set; the same file is never sent twice under another one */
  readonly messageId: string;
  readonly madeAt: Moment;
  readonly executionOn: Day;
  /** `address`: written where a payee's bank is outside the European Economic Area, and only there */
  readonly debtor: {
    readonly name: string;
    readonly iban: string;
    readonly address: { readonly line: string; readonly town: string };
  };
  readonly transfers: readonly {
    /** at most 35 signs; comes back with a return */
    readonly endToEndId: string;
    readonly amountCents: Cents;
    readonly name: string;
    readonly iban: string;
    /** at most 140 signs */
    readonly remittance: string;
  }[];
}

const NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";
const MAX_CENTS = 99_999_999_999n;

/** The signs every SEPA bank takes (EPC 217-08): letters lose their marks, anything else becomes a blank. */
export function sepaText(text: string, longest: number): string {
  return text
    .replaceAll(/[’‘]/g, "'")
    .replaceAll(/[–—]/g, "-")
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^A-Za-z0-9/?:().,'+ -]/g, " ")
    .replaceAll(/ {2,}/g, " ")
    .trim()
    .slice(0, longest)
    .trim();
}

const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** Identifiers may neither begin nor end with a slash, nor have two in a row. */
function identifier(text: string): string {
  const found = sepaText(text, 35);
  if (found === "" || found !== text || /^\/|\/$|\/\//.test(found))
    throw new RangeError(`not an identifier of a SEPA file: ${text}`);
  return found;
}

/** `64.10`: with a point, as every amount of the format. */
function amount(cents: Cents): string {
  if (cents <= 0n || cents > MAX_CENTS) throw new RangeError("an amount out of SEPA's range");
  return `${cents / 100n}.${(cents % 100n).toString().padStart(2, "0")}`;
}

function name(text: string): string {
  const found = sepaText(text, 70);
  if (found === "") throw new RangeError("a SEPA name without a letter");
  return escape(found);
}

const iban = (text: string): string => {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(text)) throw new RangeError("not an IBAN");
  return text;
};

/** SEPA countries outside the European Economic Area: their banks are told where the payer is (EPC 115-06). */
const OUTSIDE_EEA = new Set("AD AL CH GB GI MC MD ME MK RS SM VA".split(" "));

/** Town and country as fields of their own, the street as a line: the "hybrid" address of EPC 132-08. */
function postalAddress({ line, town }: CreditTransferFile["debtor"]["address"]): string {
  const street = sepaText(line, 70);
  const place = sepaText(town, 35);
  if (place === "") throw new RangeError("a payer without a town");
  const lines = street === "" ? "" : `<AdrLine>${escape(street)}</AdrLine>`;
  return `<PstlAdr><TwnNm>${escape(place)}</TwnNm><Ctry>IT</Ctry>${lines}</PstlAdr>`;
}

/**
 * The file: one payment block, one transfer per line, sums and counts stated twice as the format wants. The same data
 * make the same bytes. RangeError on what no bank would take: identifiers, amounts, an empty file.
 */
export function creditTransferXml(file: CreditTransferFile): string {
  const { transfers, debtor } = file;
  if (transfers.length === 0) throw new RangeError("a SEPA file without transfers");
  const ids = transfers.map(({ endToEndId }) => identifier(endToEndId));
  if (new Set(ids).size !== ids.length) throw new RangeError("an end-to-end id twice");
  const messageId = identifier(file.messageId);
  const total = transfers.reduce((sum, { amountCents }) => sum + amountCents, 0n);
  const control = `<NbOfTxs>${transfers.length}</NbOfTxs><CtrlSum>${amount(total)}</CtrlSum>`;
  // In the town's own time, to the second, with its offset.
  const madeAt = file.madeAt.toZonedDateTimeISO(ZONE).toString({
    smallestUnit: "second",
    timeZoneName: "never",
  });
  const isAbroad = transfers.some((transfer) => OUTSIDE_EEA.has(transfer.iban.slice(0, 2)));
  const address = isAbroad ? postalAddress(debtor.address) : "";
  const rows = transfers.map(
    (transfer, index) => `      <CdtTrfTxInf>
        <PmtId><InstrId>${index + 1}</InstrId><EndToEndId>${ids[index]}</EndToEndId></PmtId>
        <Amt><InstdAmt Ccy="EUR">${amount(transfer.amountCents)}</InstdAmt></Amt>
        <Cdtr><Nm>${name(transfer.name)}</Nm></Cdtr>
        <CdtrAcct><Id><IBAN>${iban(transfer.iban)}</IBAN></Id></CdtrAcct>
        <RmtInf><Ustrd>${escape(sepaText(transfer.remittance, 140)) || "RIMBORSO"}</Ustrd></RmtInf>
      </CdtTrfTxInf>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="${NAMESPACE}">
  <CstmrCdtTrfInitn>
    <GrpHdr>
      <MsgId>${messageId}</MsgId>
      <CreDtTm>${madeAt}</CreDtTm>
      ${control}
      <InitgPty><Nm>${name(debtor.name)}</Nm></InitgPty>
    </GrpHdr>
    <PmtInf>
      <PmtInfId>${messageId}</PmtInfId>
      <PmtMtd>TRF</PmtMtd>
      <BtchBookg>false</BtchBookg>
      ${control}
      <PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf>
      <ReqdExctnDt><Dt>${file.executionOn.toString()}</Dt></ReqdExctnDt>
      <Dbtr><Nm>${name(debtor.name)}</Nm>${address}</Dbtr>
      <DbtrAcct><Id><IBAN>${iban(debtor.iban)}</IBAN></Id></DbtrAcct>
      <DbtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></DbtrAgt>
      <ChrgBr>SLEV</ChrgBr>
${rows.join("\n")}
    </PmtInf>
  </CstmrCdtTrfInitn>
</Document>
`;
}
