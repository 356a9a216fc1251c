// SPDX-License-Identifier: EUPL-1.2
import { systemActor } from "#kernel/actor.ts";
import type { Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { type Configured, configureAccount, configureStation, stationsOfTown } from "#payments";
import { creditors, putCreditor } from "#tenancy";
import type { TownProfile } from "../cli/apply-profile.ts";
import type { DemoTown } from "./cast.ts";

/**
 * The town's station and accounts, as an administrator would have typed them, so that the simulator can pay its
 * notices. The creditor is the town itself, its own broker; banks and numbers are invented. Does nothing where there
 * is a station already.
 */
export async function collectMoney(
  tx: WriteTx,
  of: { town: DemoTown; profile: TownProfile["profile"]; now: Moment },
): Promise<void> {
  const { collection } = of.town;
  const known = await stationsOfTown(tx);
  if (known.length > 0) return;
  const { creditor, town } = of.profile;
  const { fiscalCode: creditorFiscalCode, name } = collection.creditor ?? creditor ?? town;
  const by = { actor: systemActor, now: of.now };
  // A town loaded by an earlier release may know its creditor by another number.
  const isKnown = (await creditors(tx)).some(({ fiscalCode }) => fiscalCode === creditorFiscalCode);
  if (!isKnown) {
    const put = await putCreditor(tx, {
      ...by,
      fiscalCode: creditorFiscalCode,
      name,
      ipaCode: null,
    });
    if (put.outcome !== "saved") throw new Error(`demo creditor: ${put.outcome}`);
  }
  const bank = { postalAccount: "", postalHolder: "", postalAuthorisation: "" };
  const saved: Configured[] = [
    await configureStation(tx, {
      ...by,
      station: {
        creditorFiscalCode,
        segregationCode: collection.segregation,
        stationId: `${creditorFiscalCode}_01`,
        brokerFiscalCode: creditorFiscalCode,
        mode: "synchronous",
      },
    }),
    await configureAccount(tx, {
      ...by,
      account: { creditorFiscalCode, iban: collection.iban, kind: "bank", ...bank },
    }),
  ];
  const { postal } = collection;
  if (postal)
    saved.push(
      await configureAccount(tx, {
        ...by,
        account: {
          creditorFiscalCode,
          iban: postal.iban,
          kind: "postal",
          postalAccount: postal.account,
          postalHolder: postal.holder,
          postalAuthorisation: postal.authorisation,
        },
      }),
    );
  const refused = saved.filter(({ outcome }) => outcome !== "saved");
  if (refused.length > 0) throw new Error(`demo collection: ${JSON.stringify(refused)}`);
}
