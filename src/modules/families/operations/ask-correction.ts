// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import type { Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { tidyText } from "#kernel/name-fault.ts";
import {
  type CorrectionTopic,
  MOST_OPEN_REQUESTS,
  requestFault,
  type RequestFault,
} from "../rules/correction-request.ts";
import { correctionsAskedBy, insertCorrection } from "../sql/corrections.ts";
import { person } from "../sql/people.ts";
import { mayEditPerson } from "./may-edit-person.ts";

export type AskedCorrection =
  | { outcome: "asked" }
  | { outcome: RequestFault }
  | { outcome: "too-many" }
  | { outcome: "not-allowed" };

/**
 * A family asks the office to correct what it cannot change itself: a name, a codice fiscale, a class (PE-05, BO-25).
 * Nothing changes until the office does. The same form sent twice is one request.
 */
export async function askCorrection(
  tx: WriteTx,
  request: {
    actor: Actor;
    /** whose data */
    personId: string;
    /** the adult who asks, or for whom the office's desk writes */
    askedByPersonId: string;
    topic: CorrectionTopic;
    text: string;
    /** of the form */
    key: string;
    at: Moment;
  },
): Promise<AskedCorrection> {
  const { actor, personId, askedByPersonId, topic, key, at } = request;
  const as = await mayEditPerson(tx, request);
  const isOwn = as === "office" || actor.personId === askedByPersonId;
  const asking = await person(tx, askedByPersonId);
  if (as === null || !isOwn || !asking) return { outcome: "not-allowed" };
  const text = tidyText(request.text);
  const fault = requestFault(text);
  if (fault) return { outcome: fault };
  const before = await correctionsAskedBy(tx, askedByPersonId, 50);
  if (before.some(({ id }) => id === key)) return { outcome: "asked" };
  if (before.filter(({ answeredAt }) => answeredAt === null).length >= MOST_OPEN_REQUESTS)
    return { outcome: "too-many" };
  await insertCorrection(tx, {
    id: key,
    personId,
    askedByPersonId,
    askedBy: `${asking.givenName} ${asking.surname}`,
    askedAt: at,
    topic,
    request: text,
  });
  return { outcome: "asked" };
}
