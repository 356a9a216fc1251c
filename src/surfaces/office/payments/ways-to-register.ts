// SPDX-License-Identifier: EUPL-1.2
import { html, type Html } from "#kernel/html.ts";
import { chips } from "#ui/components.ts";
import { familyPath } from "../family/family-guard.ts";

/** One door, `Registra un pagamento`, and behind it what the person at the desk brings along. */
const WAYS = {
  receipt: {
    page: "pagamento",
    label: "Con avviso o ricevuta",
    when: "C'è un avviso da pagare, oppure una ricevuta o il numero del bonifico. Il pagamento ha un numero e la famiglia ne trova la ricevuta.",
  },
  vouchers: {
    page: "buoni",
    label: "Buoni cartacei",
    when: "La famiglia restituisce buoni: diventano credito, con una ricevuta da firmare.",
  },
  credit: {
    page: "credito",
    label: "Senza ricevuta",
    when: "Non c'è né un avviso né una ricevuta: il denaro va sul conto con la sola causale e non paga nessun avviso.",
  },
} as const;

export type WayToRegister = keyof typeof WAYS;

export const REGISTER_TITLE = "Registra un pagamento";

/** The choice between them, and when the one shown is right. Vouchers only where the town takes them back. */
export function waysToRegister(of: {
  holderId: string;
  current: WayToRegister;
  vouchersAccepted: boolean;
}): Html {
  const ways = (Object.keys(WAYS) as WayToRegister[]).filter(
    (way) => way !== "vouchers" || of.vouchersAccepted || of.current === "vouchers",
  );
  return html`${chips(
      "Che cosa c'è in mano?",
      ways.map((way) => ({
        label: WAYS[way].label,
        href: `${familyPath(of.holderId)}/${WAYS[way].page}`,
        current: way === of.current,
      })),
    )}
    <p>${WAYS[of.current].when}</p>`;
}
