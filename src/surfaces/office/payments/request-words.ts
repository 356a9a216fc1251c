// SPDX-License-Identifier: EUPL-1.2
import { type TownCalendar, townCalendar } from "#calendar";
import { holderNames, people } from "#families";
import type { ReadTx } from "#kernel/db/index.ts";
import { formats } from "#kernel/i18n.ts";
import type { MoneyRequest, RefundBatch, RequestState } from "#payments";
import { serviceName } from "../words.ts";

export const REQUEST_STATES: Record<RequestState, string> = {
  received: "Ricevuta",
  approved: "Approvata",
  ordered: "Bonifico in corso",
  paid: "Pagata",
  executed: "Eseguita",
  refused: "Respinta",
  withdrawn: "Ritirata dalla famiglia",
  returned: "Tornata dalla banca",
  "given-back": "Rimessa sul conto",
};

/** A transfer is under way once its file has gone to the bank. */
export const stateWord = ({ state, isSent }: Pick<MoneyRequest, "state" | "isSent">): string =>
  state === "ordered" && !isSent ? "Bonifico da inviare" : REQUEST_STATES[state];

export const ORIGINS: Record<MoneyRequest["origin"], string> = {
  family: "Famiglia",
  office: "Ufficio",
  "residual-credit": "Credito rimasto a fine anno",
  "payment-case": "Pagamento da sistemare",
};

/** What became of a file for the bank. */
export function batchState({ sentAt, discardedAt }: RefundBatch): string {
  const f = formats("it");
  if (discardedAt) return `Scartata ${f.dayAndTime(discardedAt)}`;
  return sentAt ? `Inviata ${f.dayAndTime(sentAt)}` : "Da inviare alla tesoreria";
}

/** As it is read and printed; it breaks between the groups on a narrow page. */
export const ibanInFours = (iban: string): string => iban.replaceAll(/(.{4})(?=.)/g, "$1 ");

export const kindText = ({ kind }: Pick<MoneyRequest, "kind">): string =>
  kind === "refund" ? "Rimborso" : "Trasferimento tra figli";

/** Names of the people and accounts that some rows speak of. */
export interface AccountNames {
  holder(id: string | null): string;
  /** `Giulia, mensa`; the family's own account: `Conto della famiglia` */
  account(of: { childId: string | null; serviceId: string | null }): string;
}

export async function accountNames(
  tx: ReadTx,
  of: { holderIds: readonly (string | null)[]; childIds: readonly (string | null)[] },
): Promise<AccountNames> {
  const ids = (list: readonly (string | null)[]): string[] => [
    ...new Set(list.filter((id) => id !== null)),
  ];
  const calendar: TownCalendar = await townCalendar(tx);
  const holders = await holderNames(tx, ids(of.holderIds));
  const children = new Map((await people(tx, ids(of.childIds))).map((one) => [one.id, one]));
  return {
    holder(id) {
      const found = id ? holders.get(id) : undefined;
      return found ? `${found.surname} ${found.givenName}` : "";
    },
    account: ({ childId, serviceId }) =>
      [
        childId && (children.get(childId)?.givenName ?? "altro bambino"),
        serviceName(calendar, serviceId).toLowerCase(),
      ]
        .filter(Boolean)
        .join(", ") || "Conto della famiglia",
  };
}

export const namesOfRequests = (tx: ReadTx, rows: readonly MoneyRequest[]): Promise<AccountNames> =>
  accountNames(tx, {
    holderIds: rows.map(({ holderId }) => holderId),
    childIds: rows.flatMap(({ fromChildId, toChildId }) => [fromChildId, toChildId]),
  });

/** `da Giulia a Tommaso`, `da Giulia, mensa` */
export function accountsText(names: AccountNames, request: MoneyRequest): string {
  if (request.holderId === null) return "Importo incassato, senza conto";
  const { fromChildId, fromServiceId, toChildId, toServiceId } = request;
  const from = names.account({ childId: fromChildId, serviceId: fromServiceId });
  if (request.kind === "refund") return from;
  return `da ${from} a ${names.account({ childId: toChildId, serviceId: toServiceId })}`;
}
