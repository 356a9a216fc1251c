// SPDX-License-Identifier: EUPL-1.2
import { isSegregationCode } from "./notice-number.ts";

export type CollectionFault =
  | "creditor-fiscal-code"
  | "broker-fiscal-code"
  | "station-id"
  | "segregation-code"
  | "segregation-code-taken"
  | "creditor-unknown"
  | "iban"
  | "postal-account"
  | "postal-holder"
  | "postal-authorisation";

/** A station's name is `<broker CF>_NN`; segregation codes go from 00 to 45. */
export function checkStation(station: {
  creditorFiscalCode: string;
  segregationCode: string;
  stationId: string;
  brokerFiscalCode: string;
}): CollectionFault[] {
  const faults: CollectionFault[] = [];
  if (!/^\d{11}$/.test(station.creditorFiscalCode)) faults.push("creditor-fiscal-code");
  if (!/^\d{11}$/.test(station.brokerFiscalCode)) faults.push("broker-fiscal-code");
  if (!isSegregationCode(station.segregationCode)) faults.push("segregation-code");
  const [broker, number = ""] = station.stationId.split("_");
  if (broker !== station.brokerFiscalCode || !/^\d{2}$/.test(number)) faults.push("station-id");
  return faults;
}

/** An Italian IBAN with right check digits and CIN; a postal one (ABI 07601) comes with what the slip prints. */
export function checkAccount(account: {
  iban: string;
  kind: "bank" | "postal";
  postalAccount: string;
  postalHolder: string;
  postalAuthorisation: string;
}): CollectionFault[] {
  const faults: CollectionFault[] = [];
  if (!isItalianIban(account.iban)) faults.push("iban");
  if (account.kind === "bank") return faults;
  if (!/^\d{1,12}$/.test(account.postalAccount)) faults.push("postal-account");
  if (account.postalHolder.trim() === "" || account.postalHolder.length > 50)
    faults.push("postal-holder");
  if (account.postalAuthorisation.trim() === "") faults.push("postal-authorisation");
  return faults;
}

/** `IT`, two check digits, CIN, ABI (5), CAB (5), account (12): modulus 97 (ISO 13616) and the Italian CIN. */
export function isItalianIban(iban: string): boolean {
  const found = /^IT\d{2}([A-Z])(\d{10}[0-9A-Z]{12})$/.exec(iban);
  if (!found) return false;
  const moved = iban.slice(4) + iban.slice(0, 4);
  const digits = moved.replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  return BigInt(digits) % 97n === 1n && cinOf(found[2]!) === found[1];
}

const ODD_VALUES = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
];

/** The control letter over ABI, CAB and account: odd places by table, even ones as they are, modulo 26. */
function cinOf(bban: string): string {
  let sum = 0;
  for (const [index, sign] of [...bban].entries()) {
    const value = /\d/.test(sign) ? Number(sign) : sign.charCodeAt(0) - 65;
    sum += index % 2 === 0 ? ODD_VALUES[value]! : value;
  }
  return String.fromCharCode(65 + (sum % 26));
}
