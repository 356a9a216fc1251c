// SPDX-License-Identifier: EUPL-1.2
/** How much is measured: `full` for figures that are written down, `quick` for a look, `tiny` for the smoke test. */
export interface Sizes {
  readonly rush: {
    readonly families: number;
    readonly otherTowns: number;
    readonly familiesPerTown: number;
    /** cancellations of one round at full speed */
    readonly perRound: number;
    readonly rounds: number;
    readonly halfSeconds: number;
    readonly cutoffSeconds: number;
  };
  readonly closing: { readonly meals: readonly number[]; readonly rounds: number };
  readonly page: { readonly families: number; readonly requests: number; readonly rounds: number };
  readonly towns: {
    readonly few: number;
    readonly many: number;
    readonly familiesPerTown: number;
    readonly perRound: number;
    readonly rounds: number;
  };
  readonly station: {
    readonly notices: number;
    readonly rounds: number;
    /** questions a second, and for how long */
    readonly rate: number;
    readonly seconds: number;
  };
  readonly documents: {
    readonly notices: number;
    readonly rounds: number;
    readonly printed: number;
  };
  readonly identity: { readonly responses: number; readonly rounds: number };
}

export const SIZES = {
  full: {
    rush: {
      families: 20_000,
      otherTowns: 50,
      familiesPerTown: 20,
      perRound: 5000,
      rounds: 3,
      halfSeconds: 15,
      cutoffSeconds: 8,
    },
    closing: { meals: [10_000, 100_000], rounds: 3 },
    page: { families: 20_000, requests: 4000, rounds: 3 },
    towns: { few: 10, many: 100, familiesPerTown: 50, perRound: 4000, rounds: 3 },
    station: { notices: 5000, rounds: 3, rate: 300, seconds: 20 },
    documents: { notices: 200, rounds: 3, printed: 10_000 },
    identity: { responses: 500, rounds: 3 },
  },
  quick: {
    rush: {
      families: 4000,
      otherTowns: 10,
      familiesPerTown: 20,
      perRound: 1200,
      rounds: 2,
      halfSeconds: 4,
      cutoffSeconds: 4,
    },
    closing: { meals: [2000, 10_000], rounds: 2 },
    page: { families: 2000, requests: 1000, rounds: 2 },
    towns: { few: 3, many: 30, familiesPerTown: 20, perRound: 1000, rounds: 2 },
    station: { notices: 1000, rounds: 2, rate: 300, seconds: 5 },
    documents: { notices: 100, rounds: 2, printed: 1000 },
    identity: { responses: 200, rounds: 2 },
  },
  tiny: {
    rush: {
      families: 50,
      otherTowns: 2,
      familiesPerTown: 5,
      perRound: 20,
      rounds: 1,
      halfSeconds: 1,
      cutoffSeconds: 2,
    },
    closing: { meals: [50, 200], rounds: 1 },
    page: { families: 20, requests: 20, rounds: 1 },
    towns: { few: 1, many: 3, familiesPerTown: 10, perRound: 20, rounds: 1 },
    station: { notices: 20, rounds: 1, rate: 50, seconds: 1 },
    documents: { notices: 5, rounds: 1, printed: 40 },
    identity: { responses: 5, rounds: 1 },
  },
} as const satisfies Record<string, Sizes>;
