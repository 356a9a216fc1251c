// SPDX-License-Identifier: EUPL-1.2
import { family, searchPeople } from "#families";
import type { ReadTx } from "#kernel/db/index.ts";
import { isUuid } from "#kernel/ids.ts";
import { accountKey } from "#ledger";
import {
  type DeskPayment,
  deskPayments,
  noticeDetail,
  type NoticeDetail,
  openCase,
  type PaymentCase,
  type Receipt,
  receiptById,
} from "#payments";
import type { Visit } from "../../web/visit.ts";
import { type AccountChoice, accountChoices } from "../family/account-choices.ts";
import { accountNames } from "./request-words.ts";

const MOST_FOUND = 20;

/** A payment to clear up, with what helps to decide. */
export interface LoadedCase {
  readonly found: PaymentCase;
  readonly receipt: Receipt;
  readonly notice: NoticeDetail | null;
  /** the same receipt, registered at the desk from its paper before pagoPA sent it */
  readonly registered: { payment: DeskPayment; account: AccountChoice } | null;
  /** the notice's accounts, then those of the family that was looked for */
  readonly choices: readonly AccountChoice[];
  /** families that match what was typed */
  readonly families: readonly { holderId: string; label: string }[];
}

/** Typed into the search for another family. */
export const asked = (visit: Visit): string => (visit.query["q"] ?? "").trim().slice(0, 100);
/** The family chosen from the search: in the address, then in the form. */
export const chosenFamily = (visit: Visit): string =>
  visit.query["famiglia"] ?? visit.fields.text("famiglia");

export async function loadCase(tx: ReadTx, visit: Visit): Promise<LoadedCase | null> {
  const id = visit.params["id"] ?? "";
  const found = isUuid(id) ? await openCase(tx, id) : undefined;
  const receipt = found && (await receiptById(tx, found.receiptId));
  if (!found || !receipt) return null;
  const { noticeNumber } = receipt;
  const notice = await noticeDetail(tx, { noticeNumber, holderIds: "any", now: visit.now });
  const ofFamily = isUuid(chosenFamily(visit))
    ? await family(tx, chosenFamily(visit), visit.today)
    : undefined;
  const others = ofFamily ? await accountChoices(tx, ofFamily, visit.today) : [];
  const named = others.map((choice) => ({
    ...choice,
    label: `${ofFamily?.person.surname ?? ""}: ${choice.label}`,
  }));
  const registered = await registeredOf(tx, receipt);
  const own = notice ? await ofNotice(tx, notice) : [];
  const choices = new Map(
    [...(registered ? [registered.account] : []), ...own, ...named].map((one) => [one.key, one]),
  );
  return {
    found,
    receipt,
    notice,
    registered,
    choices: [...choices.values()],
    families: await familiesFound(tx, visit),
  };
}

async function registeredOf(
  tx: ReadTx,
  { receiptId: ref }: Receipt,
): Promise<LoadedCase["registered"]> {
  const [payment] = await deskPayments(tx, { receipt: { method: "other-portal", ref } });
  if (!payment) return null;
  const { serviceId } = payment;
  const [account] = await accountsOf(tx, [{ ...payment, serviceId: serviceId ?? "" }]);
  return account ? { payment, account } : null;
}

/** The suggestion: the accounts that the notice was for. */
const ofNotice = (tx: ReadTx, notice: NoticeDetail): Promise<AccountChoice[]> =>
  accountsOf(tx, notice.lines);

async function accountsOf(
  tx: ReadTx,
  lines: readonly Pick<
    NoticeDetail["lines"][number],
    "holderId" | "accountChildId" | "accountServiceId" | "childId" | "serviceId"
  >[],
): Promise<AccountChoice[]> {
  const names = await accountNames(tx, {
    holderIds: lines.map(({ holderId }) => holderId),
    childIds: lines.flatMap(({ accountChildId, childId }) => [accountChildId, childId]),
  });
  return lines.map((line) => {
    const { holderId, accountChildId: childId, accountServiceId: serviceId } = line;
    const account = { kind: "family", holderId, childId, serviceId } as const;
    return {
      key: accountKey(account),
      label: `${names.holder(holderId)}: ${names.account({ childId, serviceId })}`,
      account,
      payFor: line.serviceId,
      balanceCents: 0n,
    };
  });
}

async function familiesFound(tx: ReadTx, visit: Visit): Promise<LoadedCase["families"]> {
  const text = asked(visit);
  if (text === "") return [];
  const { children, adults } = await searchPeople(tx, {
    text,
    limit: MOST_FOUND,
    date: visit.today,
  });
  const found = new Map<string, string>();
  for (const person of [...children, ...adults])
    for (const holderId of person.holderIds)
      if (!found.has(holderId)) found.set(holderId, `${person.surname} ${person.givenName}`);
  return [...found].map(([holderId, label]) => ({ holderId, label }));
}
