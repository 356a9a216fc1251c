// SPDX-License-Identifier: EUPL-1.2
/** What the municipality's bank writes of the money that PSPs handed over: a cash journal (OPI, giornale di cassa 1.8). */
import { wireAmount } from "../node/messages.ts";
import type { Moment } from "../node/types.ts";
import { branch, leaf } from "../node/xml.ts";
import type { Flow } from "./flows.ts";

/** Every flow of one institution so far is one provisional entry, its causale as pagoPA prescribes. */
export function writeCashJournal(flows: readonly Flow[], of: { fiscalCode: string; now: Moment }) {
  const at = of.now.toZonedDateTimeISO("Europe/Rome").toPlainDateTime();
  const day = at.toPlainDate().toString();
  const compact = at.toString({ smallestUnit: "second" }).replaceAll(/\D/g, "");
  const total = wireAmount(flows.reduce((sum, { totalCents }) => sum + totalCents, 0n));
  const name = flows[0]?.organization.name ?? "Ente";
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    branch(
      "flusso_giornale_di_cassa",
      branch(
        "testata_messaggio",
        leaf("codice_ABI_BT", "99900"),
        leaf("data_ora_creazione_flusso", at.toString({ smallestUnit: "second" })),
        leaf("codice_ente", "SIMULA"),
        leaf("descrizione_ente", name),
        leaf("codice_istat_ente", "000000000"),
        leaf("codice_fiscale_ente", of.fiscalCode),
        leaf("codice_tramite_ente", "A2A-00000001"),
        leaf("codice_tramite_BT", "A2A-00000002"),
        leaf("codice_ente_BT", "1"),
      ),
      leaf("identificativo_flusso_BT", `GDC-${compact.slice(0, 8)}SIMULATORE${compact}#001#001`),
      leaf("pagina", "1"),
      leaf("pagine_totali", "1"),
      leaf("esercizio", day.slice(0, 4)),
      leaf("data_riferimento_GdC", day),
      branch(
        "informazioni_conto_evidenza",
        leaf("conto_evidenza", "0000001"),
        ...flows.map(movement),
        leaf("saldo_precedente_conto_evidenza", "0.00"),
        leaf("totale_entrate_conto_evidenza", total),
        leaf("totale_uscite_conto_evidenza", "0.00"),
        leaf("saldo_finale_conto_evidenza", total),
      ),
      SIGNATURE,
    )
  );
}

const movement = (flow: Flow): string =>
  branch(
    "movimento_conto_evidenza",
    leaf("identificativo_flusso", flow.regulation),
    leaf("numero_movimento", numberOf(flow)),
    leaf("tipo_movimento", "ENTRATA"),
    leaf("tipo_documento", "SOSPESO ENTRATA"),
    leaf("tipo_operazione", "ESEGUITO"),
    leaf("numero_documento", numberOf(flow)),
    leaf("progressivo_documento", "1"),
    leaf("importo", wireAmount(flow.totalCents)),
    leaf("numero_bolletta_quietanza", numberOf(flow)),
    leaf("data_movimento", flow.regulationDate),
    leaf("data_movimento_siope", flow.regulationDate),
    leaf("data_valuta_ente", flow.regulationDate),
    leaf("tipo_esecuzione", "SEPA CREDIT TRANSFER"),
    leaf("codice_riferimento_operazione", flow.regulation),
    leaf("assoggettamento_bollo", "ESENTE BOLLO"),
    branch("cliente", leaf("anagrafica_cliente", flow.psp.name)),
    leaf("causale", `/PUR/LGPE-RIVERSAMENTO/TXT/0/URI/${flow.fdr}`),
  );

const numberOf = ({ regulation }: Flow): string => regulation.replaceAll(/\D/g, "");

/** The standard wants a signature; this one signs nothing, and says so. */
const SIGNATURE = (() => {
  const algorithm = (name: string, text = ""): string =>
    `<ds:${name} Algorithm="urn:simulatore">${text}</ds:${name}>`;
  return (
    '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>' +
    algorithm("CanonicalizationMethod") +
    algorithm("SignatureMethod") +
    `<ds:Reference>${algorithm("DigestMethod")}<ds:DigestValue>bmVzc3VuYQ==</ds:DigestValue></ds:Reference>` +
    "</ds:SignedInfo><ds:SignatureValue>bmVzc3VuYQ==</ds:SignatureValue></ds:Signature>"
  );
})();
