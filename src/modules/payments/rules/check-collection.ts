// SPDX-License-Identifier: EUPL-1.2
import { isItalianIban } from "./iban.ts";
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
