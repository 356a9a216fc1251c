// SPDX-License-Identifier: EUPL-1.2
/** What one request asks of the database, in order, read at the driver. */
import type { Day } from "#kernel/dates.ts";
import { databaseOn } from "#kernel/db/open.ts";
import { openPostgres } from "#kernel/db/postgres-driver.ts";
import type { Driver } from "#kernel/db/types.ts";
import { site } from "../../src/surfaces/site.ts";
import { NO_PAGOPA, NO_PROVIDERS } from "../../src/surfaces/web/app.ts";
import { buildServer } from "../../src/surfaces/web/server.ts";
import { cookieName } from "../../src/surfaces/web/visit.ts";
import { CANCEL_PATH, cancelForm, type Family, MONTH_PATH } from "./requests.ts";
import { CUTOFF, FORM_KEY, RECEIPT_KEY, tokenOf } from "./town.ts";

/** One round trip: a statement with parameters, or several without. */
export interface RoundTrip {
  readonly text: string;
  readonly parameters: readonly unknown[] | null;
}

function recording(driver: Driver, log: RoundTrip[]): Driver {
  return {
    ...driver,
    withConnection: (work) =>
      driver.withConnection((connection) =>
        work({
          query(text, parameters) {
            log.push({ text, parameters });
            return connection.query(text, parameters);
          },
          exec(text) {
            log.push({ text, parameters: null });
            return connection.exec(text);
          },
        }),
      ),
  };
}

export interface Captured {
  readonly cancellation: RoundTrip[];
  readonly monthPage: RoundTrip[];
  readonly monthPageHtml: string;
}

/** Sends `warmUp`'s requests first (settings and calendar come from memory then), records those of `family`. */
export async function captureStatements(
  url: string,
  of: { warmUp: Family; family: Family; date: Day },
): Promise<Captured> {
  const log: RoundTrip[] = [];
  const db = databaseOn(recording(await openPostgres(url, 1), log));
  const server = await buildServer(
    {
      db,
      clock: { now: () => CUTOFF.subtract({ minutes: 5 }) },
      demo: true,
      receiptKey: RECEIPT_KEY,
      formKey: FORM_KEY,
      sealKey: FORM_KEY,
      townPorts: new Map(),
      port: 0,
      trustProxy: false,
      secureCookies: false,
      pagoPa: NO_PAGOPA,
      identityProviders: NO_PROVIDERS,
      receiptsArrived: () => undefined,
    },
    site,
  );
  const headersOf = ({ town, index }: Family): Record<string, string> => ({
    host: `${town.tenant.slug}.localhost`,
    cookie: `${cookieName(town.tenant)}=${tokenOf(town.tenant.slug, index)}`,
  });
  const cancel = async (family: Family): Promise<void> => {
    const { statusCode, headers } = await server.http.inject({
      method: "POST",
      url: CANCEL_PATH,
      headers: { ...headersOf(family), "content-type": "application/x-www-form-urlencoded" },
      payload: cancelForm(family, of.date),
    });
    if (statusCode !== 303 || !headers.location?.startsWith("/ricevute/"))
      throw new Error(`a cancellation was answered with ${statusCode} ${headers.location ?? ""}`);
  };
  const month = async (family: Family): Promise<string> => {
    const answer = await server.http.inject({ url: MONTH_PATH, headers: headersOf(family) });
    if (answer.statusCode !== 200) throw new Error(`the month page answered ${answer.statusCode}`);
    return answer.body;
  };
  try {
    await cancel(of.warmUp);
    log.length = 0;
    await cancel(of.family);
    const cancellation = [...log];
    await month(of.warmUp);
    log.length = 0;
    const monthPageHtml = await month(of.family);
    return { cancellation, monthPage: [...log], monthPageHtml };
  } finally {
    await server.close();
    await db.close();
  }
}
