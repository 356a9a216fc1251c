// SPDX-License-Identifier: EUPL-1.2
import { html } from "#kernel/html.ts";
import { datedSettings } from "#tenancy";
import { dataTable, definitionList } from "#ui/components.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { publicPage } from "../public-page.ts";
import { contactRows } from "./contacts.ts";

/** `/accessibilita`: what is checked, what is not, where to write (law 4/2004, art. 3-quater). */
export async function accessibilityPage(visit: Visit): Promise<Answer> {
  const { town, office } = visit.townSettings;
  const own = await visit.town.read(async (tx) =>
    (await datedSettings(tx)).town("accessibility", visit.today),
  );
  const email = own.email || office.emails[0];
  const phone = own.phone || office.phones[0];
  return publicPage(visit, {
    current: null,
    h1: "Accessibilità",
    lead: `Le pagine di ${town.name} sono fatte per funzionare con ogni strumento.`,
    body: html`<h2>Come sono costruite</h2>
      <ul>
        <li>
          Riferimento: WCAG 2.2, livello AA. A ogni versione un controllo automatico (axe) esamina
          le pagine.
        </li>
        <li>
          Ogni azione si fa anche senza JavaScript, con la sola tastiera, a 320 pixel di larghezza e
          con il testo al 200 %.
        </li>
        <li>Lo stato di un pasto è sempre scritto con una parola, mai solo con un colore.</li>
      </ul>
      <h2>Limiti noti</h2>
      <ul>
        <li>
          La dichiarazione di accessibilità sul modulo AgID la pubblica il Comune e non è ancora
          collegata a questa pagina.
        </li>
        <li>
          Non è ancora stata fatta una prova con persone che usano lettori di schermo ogni giorno.
        </li>
      </ul>
      <h2>Segnala un problema</h2>
      ${
        email || phone
          ? html`<p>
              Scrivere che cosa non funziona e in quale
              pagina${
                email && html`: <a href="mailto:${email}">${email}</a>`
              }${phone && html`, oppure telefonare: ${phone}`}.
            </p>`
          : html`<p>Rivolgersi all'ufficio del Comune.</p>`
      }`,
  });
}

/** `/privacy`: what, why, how long, rights, in one table. */
export function privacyPage(visit: Visit): Answer {
  const { town, office } = visit.townSettings;
  return publicPage(visit, {
    current: null,
    h1: "Privacy",
    lead: `Titolare del trattamento: ${town.name}, ${town.address}.`,
    body: html`${dataTable({
        caption: "Quali dati, perché, chi li vede",
        columns: [{ label: "Dati", header: true }, { label: "Perché" }, { label: "Chi li vede" }],
        rows: [
          [
            "Nome, classe e presenze dei bambini",
            "Preparare i pasti e registrare chi mangia",
            "Famiglia, ufficio, personale della propria classe",
          ],
          [
            "Recapiti e codice fiscale degli adulti",
            "Avvisare la famiglia, intestare i pagamenti",
            "Famiglia e ufficio",
          ],
          [
            "ISEE, prezzi, pagamenti",
            "Calcolare e riscuotere le tariffe",
            "Famiglia e ufficio; mai scuola e cucina",
          ],
          [
            "Codice di dieta, senza motivo né diagnosi",
            "Servire il pasto giusto",
            "Famiglia, ufficio, scuola e cucina; la cucina senza nomi",
          ],
          [
            "Chi ha fatto che cosa e quando",
            "Sicurezza e trasparenza",
            "Ufficio; ogni famiglia per i propri dati",
          ],
        ],
      })}
      <h2>Base giuridica e durata</h2>
      <p>
        I dati servono a un compito di interesse pubblico del Comune (articolo 6, paragrafo 1,
        lettera e, del regolamento UE 2016/679). I tempi di conservazione li stabilisce il Comune:
        per i documenti contabili valgono gli obblighi di legge.
      </p>
      <h2>Che cosa non succede</h2>
      <p>
        Nessuna pubblicità, nessuna statistica di terzi, nessun dato inviato ad altri siti. I cookie
        sono solo tecnici: uno tiene aperto l'accesso fino all'uscita, uno porta per un minuto il
        messaggio dopo un'azione, uno conserva per dieci minuti una richiesta arrivata a sessione
        scaduta.
      </p>
      <h2>Diritti</h2>
      <p>
        Accesso, rettifica, cancellazione, limitazione e opposizione si chiedono al Comune; resta il
        reclamo al Garante per la protezione dei dati personali.
      </p>
      ${definitionList([{ label: "Ufficio", value: office.name }, ...contactRows(visit.townSettings)])}`,
  });
}

/** `/note-legali`. */
export function legalPage(visit: Visit): Answer {
  const { town } = visit.townSettings;
  return publicPage(visit, {
    current: null,
    h1: "Note legali",
    body: html`${definitionList([
        { label: "Ente", value: town.name },
        { label: "Indirizzo", value: town.address },
        { label: "Codice fiscale", value: town.fiscalCode },
      ])}
      <h2>Il software</h2>
      <p>
        Campanella è software libero per i servizi scolastici dei Comuni italiani, con licenza
        EUPL-1.2: ogni amministrazione può usarlo, studiarlo e modificarlo. Il testo della licenza è
        nel repository del progetto.
      </p>
      <h2>Valore delle ricevute</h2>
      <p>
        L'ora che conta è quella di arrivo al server, la stessa per ogni canale. Ogni disdetta,
        accolta o no, ha una ricevuta che si può verificare con il suo codice:
        <a href="/verifica">Verifica una ricevuta</a>.
      </p>
      ${
        visit.tenant.demo &&
        html`<h2>Dimostrazione</h2>
          <p>In questa installazione persone, prezzi e movimenti sono inventati.</p>`
      }`,
  });
}
