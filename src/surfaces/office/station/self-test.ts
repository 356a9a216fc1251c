// SPDX-License-Identifier: EUPL-1.2
import type { Content } from "#kernel/html.ts";
import {
  noticeNumberOf,
  PAGOPA_SERVICES,
  type PagopaService,
  serviceKey,
  type Station,
  stationsOfTown,
} from "#payments";
import { probe, type Probe } from "../../../integrations/pagopa/probe.ts";
import { writeVerifyRequest } from "../../../integrations/pagopa/soap/index.ts";
import { type PagoPa, STATION_PATH } from "../../web/app.ts";
import type { Visit } from "../../web/visit.ts";
import { SERVICE_WORDS } from "./station-words.ts";

/** One thing that was tried: how it went, in words, and what to do about it. */
export interface Tried {
  readonly what: string;
  readonly result: "good" | "doubt" | "bad";
  readonly said: string;
  readonly todo?: Content;
}

/** A number that nobody will ever be given: the last one there is. */
const MADE_UP_SEQUENCE = 9_999_999_999_999n;
const EXPECTED = "PAA_PAGAMENTO_SCONOSCIUTO";
const PROBE_TIMEOUT_MS = 8000;

/** Tries everything a payment needs, and changes nothing. */
export async function selfTest(visit: Visit): Promise<Tried[]> {
  const stations = await visit.town.read((tx) => stationsOfTown(tx));
  const inUse = stations.filter(({ retiredAt }) => !retiredAt);
  const [first] = inUse;
  if (!first)
    return [
      {
        what: "Stazione",
        result: "bad",
        said: "Nessuna stazione in uso.",
        todo: "Aggiungere la stazione con i dati del Back-office pagoPA.",
      },
    ];
  const synchronous = inUse.filter(({ mode }) => mode === "synchronous");
  const [asked, services] = await Promise.all([
    Promise.all(synchronous.map((station) => askOwnStation(visit, station))),
    tryServices(visit, inUse),
  ]);
  return [...asked, callerCheck(visit.app.pagoPa, visit.app.demo), ...services];
}

/** The whole way of a request of the Node, but for the network: the endpoint, its parser, the directory, the database. */
async function askOwnStation(visit: Visit, station: Station): Promise<Tried> {
  const what = `Stazione ${station.stationId}, segregazione ${station.segregationCode}`;
  const { caller, hasOwnDoor, isClosed } = visit.app.pagoPa;
  const { statusCode, body } = await visit.request.server.inject({
    method: "POST",
    url: STATION_PATH,
    headers: {
      "content-type": "text/xml; charset=utf-8",
      ...(caller ? { [caller.header]: caller.names[0] ?? "" } : {}),
    },
    payload: writeVerifyRequest({
      ...station,
      noticeNumber: noticeNumberOf(station.segregationCode, MADE_UP_SEQUENCE),
    }),
  });
  if (body.includes(EXPECTED))
    return {
      what,
      result: "good",
      said: "Risponde: un avviso inventato è sconosciuto, come deve.",
    };
  if (statusCode === 403 && hasOwnDoor && !caller)
    return {
      what,
      result: "doubt",
      said: "Risponde solo a chi si presenta con il certificato di pagoPA: da qui non si può provare.",
      todo: "Chiedere a pagoPA una verifica in ambiente di collaudo.",
    };
  if (statusCode === 403 && isClosed)
    return {
      what,
      result: "bad",
      said: "È chiusa a tutti finché non si sa come riconoscere chi chiama: pagoPA non può chiedere né mandare ricevute.",
      todo: "Chi gestisce il programma imposta CAMPANELLA_PAGOPA_CALLER o CAMPANELLA_STATION_TLS_PORT: la guida di gestione dice come.",
    };
  const fault = /<faultCode>([^<]{1,60})</.exec(body)?.[1];
  return {
    what,
    result: "bad",
    said: fault ? `Risposta inattesa: ${fault}.` : `Non risponde come deve (HTTP ${statusCode}).`,
    todo: "Controllare ente, intermediario e codice della stazione; se sono giusti, avvisare chi gestisce il programma.",
  };
}

/** Is it known who calls the station? */
export function callerCheck({ caller, hasOwnDoor, isClosed }: PagoPa, demo: boolean): Tried {
  const what = "Certificato di chi chiama";
  if (hasOwnDoor)
    return { what, result: "good", said: "Lo controlla questo programma, sulla sua porta TLS." };
  if (caller)
    return {
      what,
      result: "good",
      said: `Lo controlla il proxy, che indica il nome nell'intestazione ${caller.header}. Ammessi: ${caller.names.join(", ")}.`,
    };
  if (demo) return { what, result: "good", said: "Dimostrazione: chiama il pagoPA simulato." };
  return {
    what,
    result: "bad",
    said: isClosed
      ? "Non si sa chi chiama: la stazione non risponde a nessuno, perché una ricevuta potrebbe essere falsa."
      : "Chiunque raggiunga l'indirizzo può chiamare la stazione, anche con una ricevuta falsa.",
    todo: "Chi gestisce il programma imposta CAMPANELLA_PAGOPA_CALLER o CAMPANELLA_STATION_TLS_PORT: la guida di gestione dice come.",
  };
}

/** The services this town needs: a synchronous one has no use for GPD, an asynchronous one none for ACA. */
function neededBy(stations: readonly Station[]): PagopaService[] {
  const has = (mode: Station["mode"]): boolean => stations.some((one) => one.mode === mode);
  return PAGOPA_SERVICES.filter(
    (service) =>
      (service !== "aca" || has("synchronous")) && (service !== "gpd" || has("asynchronous")),
  );
}

async function tryServices(visit: Visit, stations: readonly Station[]): Promise<Tried[]> {
  const { pagoPa, sealKey, demo } = visit.app;
  const { apiUrl } = pagoPa;
  if (apiUrl === null)
    return [
      {
        what: "Servizi di pagoPA",
        result: "bad",
        said: "Non è impostato l'indirizzo di pagoPA: nulla viene inviato.",
        todo: "Chi gestisce il programma imposta CAMPANELLA_PAGOPA_API.",
      },
    ];
  const services = neededBy(stations);
  const keys = await visit.town.read((tx) =>
    Promise.all(
      services.map(async (service) => ({
        service,
        key: (await serviceKey(tx, { service, sealKey })) ?? (demo ? "demo" : null),
      })),
    ),
  );
  const creditor = stations[0]!.creditorFiscalCode;
  return Promise.all(
    keys.map(async ({ service, key }): Promise<Tried> => {
      const { name, use } = SERVICE_WORDS[service];
      const what = `${name}: ${use}`;
      if (key === null)
        return {
          what,
          result: "bad",
          said: "Manca la chiave.",
          todo: "Impostare la chiave presa dal Back-office pagoPA.",
        };
      const access = { apiUrl, subscriptionKey: key, timeoutMs: PROBE_TIMEOUT_MS };
      const tried = { what, ...probeWords(await probe(access, service, creditor)) };
      // The pretended pagoPA of the demo asks for no key: none was accepted.
      return key === "demo" && tried.result === "good"
        ? { ...tried, said: "Risponde. Dimostrazione: non serve una chiave." }
        : tried;
    }),
  );
}

function probeWords(found: Probe): Omit<Tried, "what"> {
  switch (found.outcome) {
    case "answers":
      return { result: "good", said: "Risponde e accetta la chiave." };
    case "key-refused":
      return {
        result: "bad",
        said: "La chiave non è accettata.",
        todo: "Controllare nel Back-office pagoPA che la chiave sia attiva e di questo servizio; impostarla di nuovo.",
      };
    case "unreachable":
      return {
        result: "bad",
        said: found.reason === "timeout" ? "Non risponde in tempo." : "Non si raggiunge.",
        todo: "Riprovare tra qualche minuto; se continua, chi gestisce il programma controlla rete e indirizzo.",
      };
    case "unexpected":
      return {
        result: "doubt",
        said: `Risponde in modo inatteso: HTTP ${found.status}${found.detail ? `, ${found.detail}` : ""}.`,
        todo: "Controllare che l'ente sia abilitato a questo servizio nel Back-office pagoPA.",
      };
  }
}
