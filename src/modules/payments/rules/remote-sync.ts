// SPDX-License-Identifier: EUPL-1.2
/** What pagoPA must be told of a debt position, and what it has been told already. Sources: GUIDE §§ 1 (ACA) and 2 (GPD). */
import type { NoticeState } from "./notice-state.ts";

export const REMOTE_CHANNELS = ["aca", "gpd-v1", "gpd-v3"] as const;
/** ACA: the copy that pagoPA keeps of a synchronous station's notices. GPD: pagoPA holds the positions itself. */
export type RemoteChannel = (typeof REMOTE_CHANNELS)[number];

/** `unsure`: it was sent, and nobody knows whether it arrived. `closed` is the last word. */
export type Told = "nothing" | "unsure" | "open" | "closed";

/** What is true of a notice, as far as pagoPA must know it. */
export type RemoteFact =
  | "open"
  /** pagoPA took the money and knows it */
  | "paid"
  /** paid at a counter of ours, or on another portal */
  | "paid-elsewhere"
  /** deleted, replaced, expired */
  | "withdrawn"
  /** the other option, whole or instalments, was paid */
  | "excluded";

export interface RemoteNotice {
  readonly id: string;
  readonly instalment: number | null;
  readonly state: NoticeState;
  readonly told: Told;
  /** pagoPA sent a receipt for it, whatever became of the notice here */
  readonly hasReceipt: boolean;
}

/** One request to pagoPA. `tells` says what each notice is known as once it is accepted. */
export type RemoteCall<Notice> =
  | {
      readonly do: "announce";
      readonly notices: readonly Notice[];
      readonly dropped: readonly Notice[];
    }
  /** `others`: as good as paid too, should pagoPA not accept it because one of them was paid already */
  | { readonly do: "mark-paid"; readonly notice: Notice; readonly others: readonly Notice[] }
  | { readonly do: "withdraw"; readonly notices: readonly Notice[]; readonly wasPaid: boolean };

export interface RemotePlan<Notice> {
  readonly calls: RemoteCall<Notice>[];
  /** over, and pagoPA knows or never heard of it: nothing to send */
  readonly quiet: Notice[];
}

const PAID: ReadonlySet<NoticeState> = new Set(["paid", "reported", "settled", "paid-elsewhere"]);

export function factOf(
  notice: Pick<RemoteNotice, "state" | "instalment" | "hasReceipt">,
  position: readonly Pick<RemoteNotice, "state" | "instalment">[],
): RemoteFact {
  if (notice.hasReceipt) return "paid";
  switch (notice.state) {
    case "paid":
    case "reported":
    case "settled":
      return "paid";
    case "paid-elsewhere":
      return "paid-elsewhere";
    case "cancelled":
    case "replaced":
    case "expired":
    case "issued": {
      const isExcluded = position.some(
        (other) =>
          (other.instalment === null) !== (notice.instalment === null) && PAID.has(other.state),
      );
      if (isExcluded) return "excluded";
      return notice.state === "issued" ? "open" : "withdrawn";
    }
  }
}

/**
 * The requests that bring pagoPA up to date with a position, in their order; all of them are harmless when repeated.
 * A notice that was closed is in none: nothing closed is ever opened again.
 */
export function planRemote<Notice extends RemoteNotice>(
  channel: RemoteChannel,
  position: readonly Notice[],
): RemotePlan<Notice> {
  const known = position.map((notice) => ({ notice, fact: factOf(notice, position) }));
  const unsaid = known.filter(({ notice }) => notice.told !== "closed");
  return channel === "aca" ? planAca(unsaid) : planGpd(known, unsaid);
}

type Known<Notice> = { readonly notice: Notice; readonly fact: RemoteFact };

/** ACA knows single notices, each by one upsert; amount 0 closes it. */
function planAca<Notice extends RemoteNotice>(
  unsaid: readonly Known<Notice>[],
): RemotePlan<Notice> {
  const calls: RemoteCall<Notice>[] = [];
  const quiet: Notice[] = [];
  // Closing comes first: while both options are open, somebody could pay the wrong one.
  for (const { notice, fact } of unsaid) {
    if (fact === "open") continue;
    if (notice.told === "nothing") quiet.push(notice);
    else calls.push({ do: "withdraw", notices: [notice], wasPaid: fact === "paid" });
  }
  for (const { notice, fact } of unsaid)
    if (fact === "open" && notice.told !== "open")
      calls.push({ do: "announce", notices: [notice], dropped: [] });
  return { calls, quiet };
}

/** GPD knows positions: the whole and its instalments exclude each other there, and what is paid in part is fixed. */
function planGpd<Notice extends RemoteNotice>(
  known: readonly Known<Notice>[],
  unsaid: readonly Known<Notice>[],
): RemotePlan<Notice> {
  const open = unsaid.filter(({ fact }) => fact === "open").map(({ notice }) => notice);
  const isPaidInPart = known.some(({ fact }) => fact === "paid" || fact === "paid-elsewhere");
  const calls: RemoteCall<Notice>[] = [];
  const quiet: Notice[] = [];
  const withdrawn: Notice[] = [];
  const excluded = known.filter(({ fact }) => fact === "excluded").map(({ notice }) => notice);
  for (const { notice, fact } of unsaid) {
    if (fact === "open") continue;
    if (notice.told === "nothing" || fact === "paid" || fact === "excluded") quiet.push(notice);
    // Of a position that is paid in part nothing can be taken out: marked as paid, at least nobody pays it.
    else if (fact === "paid-elsewhere" || isPaidInPart)
      calls.push({ do: "mark-paid", notice, others: excluded });
    else withdrawn.push(notice);
  }
  const isNews = open.some(({ told }) => told !== "open") || withdrawn.length > 0;
  if (open.length > 0 && isNews) calls.push({ do: "announce", notices: open, dropped: withdrawn });
  else if (withdrawn.length > 0) calls.push({ do: "withdraw", notices: withdrawn, wasPaid: false });
  return { calls, quiet };
}

/** From so many positions on that nobody has tried to tell, they go in a file; a file holds so many at most. */
export const BULK_FROM = 50;
export const BULK_MOST = 1000;

/** What a file can say: that a position is payable, the first time it is tried. Version 3 of GPD takes no files. */
export function bulkCall<Notice>(work: {
  readonly channel: RemoteChannel;
  readonly attempts: number;
  readonly calls: readonly RemoteCall<Notice>[];
}): Extract<RemoteCall<Notice>, { do: "announce" }> | null {
  const [call, ...others] = work.calls;
  if (work.channel !== "gpd-v1" || work.attempts > 1 || others.length > 0) return null;
  return call?.do === "announce" ? call : null;
}

const FIRST_RETRY_SECONDS = 30;
const LAST_RETRY_SECONDS = 6 * 3600;

/** After how long a failed attempt is repeated: half a minute, then twice as long each time, at most six hours. */
export const retrySeconds = (attempts: number): number =>
  Math.min(FIRST_RETRY_SECONDS * 2 ** Math.min(attempts - 1, 20), LAST_RETRY_SECONDS);
