// SPDX-License-Identifier: EUPL-1.2
/** Files of a treasury and of pagoPA, written anew for these tests: made-up institutions, made-up money. */

export interface JournalLine {
  readonly causale: string;
  readonly euro: string;
  readonly document?: string;
  readonly operation?: string;
  readonly movement?: string;
  readonly execution?: string;
  readonly number?: number;
  readonly day?: string;
}

/** `old`: version 1.4, a period instead of a day; the others differ in what is not read. */
export function journalFile(
  lines: readonly JournalLine[],
  of: { fiscalCode?: string; old?: boolean; head?: string; encoding?: string } = {},
): string {
  const { fiscalCode = "77777777777", old = false } = of;
  const when = old
    ? `<data_inizio_periodo_riferimento>2026-11-01</data_inizio_periodo_riferimento>
       <data_fine_periodo_riferimento>2026-11-30</data_fine_periodo_riferimento>`
    : `<data_riferimento_GdC>2026-11-23</data_riferimento_GdC>`;
  return `<?xml version="1.0" encoding="${of.encoding ?? "UTF-8"}"?>${of.head ?? ""}
<flusso_giornale_di_cassa>
  <testata_messaggio><codice_fiscale_ente>${fiscalCode}</codice_fiscale_ente></testata_messaggio>
  <identificativo_flusso_BT>GDC-20261124PROVA00000001#001#001</identificativo_flusso_BT>
  <pagina>1</pagina><pagine_totali>1</pagine_totali><esercizio>2026</esercizio>${when}
  <informazioni_conto_evidenza><conto_evidenza>0000001</conto_evidenza>
  ${lines.map((line, index) => movement(line, index, old)).join("")}
  </informazioni_conto_evidenza>
  <ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:Object><a><b><causale>firma</causale></b></a></ds:Object></ds:Signature>
</flusso_giornale_di_cassa>`;
}

const movement = (line: JournalLine, index: number, old: boolean): string => `
  <movimento_conto_evidenza>
    ${old ? "" : `<identificativo_flusso>F1</identificativo_flusso><numero_movimento>${index + 1}</numero_movimento>`}
    <tipo_movimento>${line.movement ?? "ENTRATA"}</tipo_movimento>
    <tipo_documento>${line.document ?? "SOSPESO ENTRATA"}</tipo_documento>
    <tipo_operazione>${line.operation ?? "ESEGUITO"}</tipo_operazione>
    <numero_documento>000${line.number ?? index + 1}</numero_documento>
    <progressivo_documento>0000001</progressivo_documento>
    <importo>${line.euro}</importo>
    <numero_bolletta_quietanza>0000</numero_bolletta_quietanza>
    <data_movimento>${line.day ?? "2026-11-23"}</data_movimento>
    <tipo_esecuzione>${line.execution ?? "ACCREDITO BANCA D'ITALIA"}</tipo_esecuzione>
    <cliente><anagrafica_cliente>PSP di prova</anagrafica_cliente></cliente>
    <causale>${line.causale}</causale>
  </movimento_conto_evidenza>`;

export const flowFile = (
  payments: readonly { iuv: string; iur: string; euro: string; code?: string }[],
  of: { code?: string; total: string; at?: string } = { total: "0.00" },
): string => `<?xml version="1.0" encoding="UTF-8"?>
<p:FlussoRiversamento xmlns:p="http://www.digitpa.gov.it/schemas/2011/Pagamenti/">
  <p:versioneOggetto>1.0</p:versioneOggetto>
  <p:identificativoFlusso>${of.code ?? "2026-11-23ABC_01-S000000001"}</p:identificativoFlusso>
  <p:dataOraFlusso>${of.at ?? "2026-11-23T18:00:00"}</p:dataOraFlusso>
  <p:identificativoUnivocoRegolamento>TRN0001</p:identificativoUnivocoRegolamento>
  <p:dataRegolamento>2026-11-23</p:dataRegolamento>
  <p:istitutoMittente><p:identificativoUnivocoMittente>
    <p:tipoIdentificativoUnivoco>B</p:tipoIdentificativoUnivoco>
    <p:codiceIdentificativoUnivoco>ABC_01</p:codiceIdentificativoUnivoco>
  </p:identificativoUnivocoMittente></p:istitutoMittente>
  <p:istitutoRicevente><p:identificativoUnivocoRicevente>
    <p:tipoIdentificativoUnivoco>G</p:tipoIdentificativoUnivoco>
    <p:codiceIdentificativoUnivoco>77777777777</p:codiceIdentificativoUnivoco>
  </p:identificativoUnivocoRicevente></p:istitutoRicevente>
  <p:numeroTotalePagamenti>${payments.length}</p:numeroTotalePagamenti>
  <p:importoTotalePagamenti>${of.total}</p:importoTotalePagamenti>
  ${payments
    .map(
      (one) => `<p:datiSingoliPagamenti>
    <p:identificativoUnivocoVersamento>${one.iuv}</p:identificativoUnivocoVersamento>
    <p:identificativoUnivocoRiscossione>${one.iur}</p:identificativoUnivocoRiscossione>
    <p:singoloImportoPagato>${one.euro}</p:singoloImportoPagato>
    <p:codiceEsitoSingoloPagamento>${one.code ?? "0"}</p:codiceEsitoSingoloPagamento>
    <p:dataEsitoSingoloPagamento>2026-11-20</p:dataEsitoSingoloPagamento>
  </p:datiSingoliPagamenti>`,
    )
    .join("")}
</p:FlussoRiversamento>`;
