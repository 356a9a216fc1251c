// SPDX-License-Identifier: EUPL-1.2
import type { Psp } from "./node/types.ts";

/** Invented, as everybody who takes money in here. */
export const CARD_BANK: Psp = {
  id: "BANCAPROVA",
  name: "Banca di Prova (simulatore)",
  fiscalCode: "88888888888",
  channelId: "88888888888_01",
  channel: "Checkout",
  feeCents: 150n,
};

export const TOBACCONIST: Psp = {
  id: "TABACCHIPROVA",
  name: "Tabaccheria di Prova (simulatore)",
  fiscalCode: "99999999999",
  channelId: "99999999999_02",
  channel: "sportello",
  feeCents: 200n,
};
