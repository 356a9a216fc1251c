// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { putClosures } from "#calendar";
import { day, moment } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { serviceLines } from "#transport";
import { site as wholeSite } from "../../src/surfaces/site.ts";
import { addBus, type BusTown } from "../support/bus-town.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import { type SignedIn, testSite, type TestSite } from "../support/site.ts";

const TUESDAY = "2026-11-24";
const at = (time: string): Temporal.Instant => moment(`${TUESDAY}T${time}+01:00`);
const LIST = "/ufficio/scuolabus";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

interface Bus extends BusTown {
  readonly site: TestSite;
  readonly office: SignedIn;
}

async function start(withBus = true): Promise<Bus> {
  const site = await testSite(base.db, { routes: wholeSite.routes, now: at("07:10:00") });
  const bus = withBus ? await addBus(site.place) : ({} as BusTown);
  return { ...bus, site, office: await site.signInAs("office", { name: "M. Conti" }) };
}

const textOf = (body: string): string =>
  body
    .slice(body.indexOf("<main"), body.indexOf("</main"))
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll("&#39;", "'")
    .replaceAll(/\s+/g, " ");

async function read({ site }: Bus, path: string, as: SignedIn): Promise<string> {
  const response = await site.get(path, as);
  assert.equal(response.statusCode, 200, path);
  assert.deepEqual(htmlProblems(response.body), [], path);
  return textOf(response.body);
}

/** A posted form: what is wrong with it, or what is said of it and the page it leads to. */
async function send(bus: Bus, path: string, fields: Record<string, string>): Promise<string> {
  const { site, office } = bus;
  const response = await site.post(path, fields, office);
  if (response.statusCode === 422) return textOf(response.body);
  assert.equal(response.statusCode, 303, `${path}: ${textOf(response.body)}`);
  const flash = response.cookies.find(({ name }) => name.endsWith("_flash"))?.value ?? "";
  return `${flash} | ${await read(bus, String(response.headers.location), office)}`;
}

const linesOf = ({ site, busId }: Bus) =>
  site.place.town.read((tx) => serviceLines(tx, { serviceId: busId, date: day(TUESDAY) }));

describe("the office's school bus", () => {
  it("PE-01 is there in towns that have one, with its lines and who has no stop yet", async () => {
    const bus = await start();
    assert.match(await read(bus, "/ufficio/impostazioni", bus.office), /Scuolabus/);
    const list = await read(bus, LIST, bus.office);
    assert.match(list, /Linea 2 3 7:30 1/);
    assert.match(list, /Senza fermata: 1 bambino iscritto Ferrando Tommaso 3A, Primaria Milano/);
    const without = await start(false);
    assert.doesNotMatch(await read(without, "/ufficio/impostazioni", without.office), /Scuolabus/);
    assert.equal((await without.site.get(LIST, without.office)).statusCode, 404);
    assert.equal((await without.site.get(`${LIST}/nuova`, without.office)).statusCode, 404);
    assert.equal((await without.site.post(`${LIST}/nuova`, {}, without.office)).statusCode, 404);
  });

  it("PE-01 writes a line once, whatever the taps, and says what is wrong at its field", async () => {
    const bus = await start();
    const key = newId();
    const row = { "id-1": newId(), "fermata-1": "Porto", "andata-1": "7.20", "ritorno-1": "" };
    const line = { key, servizio: bus.busId, nome: "Linea Blu", ...row };
    const path = `${LIST}/nuova`;
    assert.match(await send(bus, path, { ...line, nome: "" }), /Dare un nome alla linea/);
    assert.match(await send(bus, path, { ...line, nome: "2" }), /già una linea con questo nome/);
    assert.match(
      await send(bus, path, { ...line, "andata-1": "25:00" }),
      /Scrivere l'ora come 7:40/,
    );
    assert.match(await send(bus, path, { ...line, "andata-1": "" }), /Serve un orario/);
    assert.match(await send(bus, path, { ...line, "fermata-1": "" }), /Dare un nome alla fermata/);
    assert.match(
      await send(bus, path, { key, servizio: bus.busId, nome: "Blu" }),
      /Scrivere almeno una fermata/,
    );
    const twins = { ...line, key: newId(), nome: "Bis", "id-1": newId(), "fermata-2": "Molo" };
    const same = { "id-2": twins["id-1"].toUpperCase(), "andata-2": "7:25", "ritorno-2": "" };
    assert.match(await send(bus, path, { ...twins, ...same }), /Porto 7:20.*Molo 7:25/);
    await send(bus, `${LIST}/${twins.key}/fine`, { ultimo: "2026-11-20" });
    assert.match(await send(bus, path, line), /Linea salvata.*Porto 7:20/);
    assert.match(await send(bus, path, line), /Linea salvata/);
    const { lines } = await linesOf(bus);
    assert.deepEqual(
      lines.map(({ name, stops }) => `${name} ${stops.length}`),
      ["2 3", "Blu 1"],
    );
    // Back, and another line in the same form: the one before stays as it is, a second press makes a new one.
    const reused = { ...line, nome: "Verde", "fermata-1": "Faro" };
    assert.match(await send(bus, path, reused), /è già stata salvata la linea Blu/);
    const blu = (await linesOf(bus)).lines.find(({ id }) => id === key);
    assert.deepEqual([blu?.name, blu?.stops.map(({ name }) => name)], ["Blu", ["Porto"]]);
    const form = await bus.site.post(path, reused, bus.office);
    const hidden = (name: string): string =>
      new RegExp(`name="${name}"\\s+value="([^"]+)"`).exec(form.body)?.[1] ?? "";
    const fresh = { ...reused, key: hidden("key"), "id-1": hidden("id-1") };
    assert.match(await send(bus, path, fresh), /Linea salvata.*Linea Verde.*Faro 7:20/);
    const more = { ...line, nome: "Blu", altre: "1", "id-2": newId(), "fermata-2": "Faro" };
    const again = await send(bus, `${LIST}/${key}/fermate`, { ...more, "ritorno-2": "13:55" });
    assert.match(again, /Linea salvata.*Fermate e orari/);
    const used = { nome: "2", "id-1": bus.pineta, "fermata-1": "Pineta", "togli-1": "1" };
    assert.match(
      await send(bus, `${LIST}/${bus.lineId}/fermate`, used),
      /Pineta: 1 bambino la usa\. Prima si spostano/,
    );
    // Somebody else takes a stop away while the form is open.
    const stops = { nome: "2", "id-1": bus.stazione, "fermata-1": "Stazione", "andata-1": "7:31" };
    await send(bus, `${LIST}/${bus.lineId}/fermate`, { ...stops, "togli-1": "1" });
    assert.match(
      await send(bus, `${LIST}/${bus.lineId}/fermate`, stops),
      /Stazione: nel frattempo la fermata è stata tolta/,
    );
  });

  it("adds a child, moves it, takes it off; a line ends when nobody is on it any more", async () => {
    const bus = await start();
    const { site, pineta, chiesa, stazione, busId, lineId } = bus;
    const { tommaso, giulia } = site.place;
    const add = `${LIST}/${lineId}/aggiungi`;
    const of = { bambino: tommaso, dal: TUESDAY, andata: pineta };
    assert.doesNotMatch(await read(bus, add, bus.office), /Giulia/);
    assert.match(
      await send(bus, add, { ...of, bambino: giulia.replace(/^./, "f") }),
      /Scegliere un bambino/,
    );
    assert.match(await send(bus, add, { ...of, andata: "" }), /Scegliere almeno una fermata/);
    assert.match(
      await send(bus, add, { ...of, andata: chiesa }),
      /Scegliere una fermata dell'elenco/,
    );
    assert.match(await send(bus, add, { ...of, dal: "2026-09-01" }), /non è iscritto al servizio/);
    const added = await send(bus, add, of);
    assert.match(added, /Ferrando Tommaso: da martedì 24 novembre.*Pineta 7:40 2 13:25/);
    assert.match(
      await read(bus, add, bus.office),
      /Ferrando Tommaso, 3A, Primaria Milano, senza ritorno/,
    );
    assert.match(await send(bus, add, of), /Ferrando Tommaso: da martedì 24 novembre/);
    // Somebody else's form, opened before: the stop that was given stays.
    assert.match(
      await send(bus, add, { ...of, andata: stazione }),
      /Nel frattempo il bambino ha avuto una fermata/,
    );
    const seat = `${LIST}/bambini/${busId}/${tommaso}`;
    const moved = await send(bus, seat, { andata: stazione, ritorno: chiesa, dal: "2026-12-01" });
    assert.match(moved, /Tommaso Ferrando: la fermata vale da martedì 1 dicembre/);
    assert.match(moved, /7:30 Stazione 13:15 Chiesa dal 01\/12\/2026/);
    assert.match(moved, /7:40 Pineta fino al 30\/11\/2026/);
    const end = { ultimo: "2026-12-31" };
    assert.match(
      await send(bus, `${LIST}/${lineId}/fine`, end),
      /2 bambini hanno ancora una fermata/,
    );
    const since = `${LIST}/bambini/${busId}/${giulia}`;
    const long = await send(bus, since, { togli: "1", dal: "1926-12-01" });
    assert.match(long, /Ha preso lo scuolabus dal [^:]*: scrivere un giorno da allora in poi/);
    for (const childId of [tommaso, giulia]) {
      const leave = { togli: "1", dal: "2027-01-01" };
      const left = await send(bus, `${LIST}/bambini/${busId}/${childId}`, leave);
      assert.match(left, /niente scuolabus da venerdì 1 gennaio/);
    }
    assert.match(
      await send(bus, `${LIST}/${lineId}/fine`, end),
      /Linea 2: ultimo giorno giovedì 31 dicembre/,
    );
    assert.match(
      await read(bus, `${LIST}/${lineId}`, bus.office),
      /L'ultimo giorno della linea è giovedì 31 dicembre/,
    );
    assert.equal((await site.get(`${LIST}/${lineId}/fermate`, bus.office)).statusCode, 404);
  });

  it("X-15 the family reads who gave the stop; its record at the office says where the child gets on", async () => {
    const bus = await start();
    const { giulia, holderId } = bus.site.place;
    const family = await read(bus, `/ufficio/famiglie/${holderId}`, bus.office);
    assert.match(family, /Scuolabus andata Linea 2, 7:40 Pineta; ritorno Linea 2, 13:15 Chiesa/);
    assert.match(family, /Scuolabus fermata non assegnata/);
    await send(bus, `${LIST}/bambini/${bus.busId}/${giulia}`, {
      ...{ andata: bus.stazione, ritorno: "", dal: TUESDAY },
    });
    const mother = await bus.site.signInAs("guardian");
    const seen = await read(bus, "/figli/giulia/accessi", mother);
    assert.match(seen, /Fermata dello scuolabus assegnata/);
    assert.match(seen, /M\. Conti/);
  });
});

describe("whoever drives", () => {
  it("PE-01 reads the day's list of the own line, and nothing of money, health or contacts", async () => {
    const bus = await start();
    const driver = await bus.site.signInAs("driver", { lineIds: [bus.lineId] });
    const page = await read(bus, "/autista", driver);
    assert.match(page, /Linea 2 Oggi, martedì 24 novembre/);
    assert.match(
      page,
      /Andata: 1 bambino 7:30 Stazione nessun bambino 7:40 Pineta 1 bambino Ferrando Giulia 3A · Primaria Milano/,
    );
    assert.doesNotMatch(page, /€|ISEE|Dieta|@|Ufficio/);
    const back = await read(bus, `/autista/${bus.lineId}?corsa=ritorno`, driver);
    assert.match(back, /Ritorno: 1 bambino 13:15 Chiesa 1 bambino Ferrando Giulia/);
    const paper = await read(bus, `/autista/${bus.lineId}/stampa`, driver);
    assert.match(paper, /7:40 Pineta Ferrando Giulia 3A Primaria Milano/);
    bus.site.setClock(at("08:41:00"));
    const later = await bus.site.signInAs("driver", { lineIds: [bus.lineId] });
    assert.match(await read(bus, "/autista", later), /Ritorno: 1 bambino 13:15/);
  });

  it("PE-01 chooses among several lines, the office among all", async () => {
    const bus = await start();
    const blu = newId();
    const stop = { "id-1": newId(), "fermata-1": "Porto", "andata-1": "07:20" };
    await send(bus, `${LIST}/nuova`, { key: blu, servizio: bus.busId, nome: "Blu", ...stop });
    const driver = await bus.site.signInAs("driver", { lineIds: [bus.lineId, blu] });
    assert.match(await read(bus, "/autista", driver), /Linea 2 .*Linea 2 Linea Blu/);
    assert.match(
      await read(bus, `/autista/${blu}`, driver),
      /Oggi niente corse\. Nessun bambino assegnato a questa linea\./,
    );
    const one = await bus.site.signInAs("driver", { lineIds: [bus.lineId] });
    assert.doesNotMatch(await read(bus, "/autista", one), /Blu/);
    assert.match(await read(bus, "/autista", bus.office), /Linea 2 Linea Blu/);
  });

  it("X-07 reads why there is no ride, and when the next one is; no past, no far future", async () => {
    const bus = await start();
    const driver = await bus.site.signInAs("driver", { lineIds: [bus.lineId] });
    const closure = { id: newId(), serviceId: null, siteId: bus.site.place.siteId, classId: null };
    const why = { from: day(TUESDAY), to: day(TUESDAY), reason: "weather" as const, note: "" };
    await bus.site.place.town.write((tx) =>
      putClosures(tx, [{ ...closure, ...why }], { name: "ufficio", at: at("06:30:00") }),
    );
    assert.match(
      await read(bus, "/autista", driver),
      /Oggi niente corse\. Chiuso: allerta meteo\. Prossimo giorno: mercoledì 25 novembre\./,
    );
    const rideOn = (text: string) => bus.site.get(`/autista?giorno=${text}`, driver);
    assert.equal((await rideOn("2026-11-25")).statusCode, 200);
    for (const text of ["2026-11-23", "2026-12-09", "domani"])
      assert.equal((await rideOn(text)).statusCode, 404, text);
  });

  it("X-15 is given the line on the staff page, and must be given one where there are lines", async () => {
    const bus = await start();
    const admin = await bus.site.signInAs("administrator");
    const staff = "/ufficio/impostazioni/personale";
    const who = { nome: "Aldo Guida", codice: "a.guida", ruolo: "driver" };
    const refused = await bus.site.post(`${staff}/nuovo`, { ...who, dove: "" }, admin);
    assert.equal(refused.statusCode, 422);
    assert.match(textOf(refused.body), /Scegliere la linea\./);
    const dove = `linea ${bus.lineId}`;
    assert.equal((await bus.site.post(`${staff}/nuovo`, { ...who, dove }, admin)).statusCode, 200);
    await bus.site.signInAs("driver", { name: "Ivo Ferri" });
    const list = await read(bus, staff, admin);
    assert.match(list, /Aldo Guida[^]*Autista, Linea 2/);
    assert.match(list, /Ivo Ferri[^]*Autista, nessuna linea/);
  });

  it("X-15 without a line sees none, and gets nowhere else; signing in leads to the rides", async () => {
    const bus = await start();
    const nobody = await bus.site.signInAs("driver");
    assert.match(
      await read(bus, "/autista", nobody),
      /Nessuna linea assegnata\. La assegna l'ufficio\./,
    );
    const status = async (path: string, as: SignedIn) => (await bus.site.get(path, as)).statusCode;
    assert.equal(await status(`/autista/${bus.lineId}`, nobody), 403);
    assert.equal(await status(`/autista/${bus.lineId}/stampa`, nobody), 403);
    const driver = await bus.site.signInAs("driver", { lineIds: [bus.lineId] });
    for (const path of [LIST, "/ufficio", "/cucina", "/scuola", "/oggi"])
      assert.equal(await status(path, driver), 403, path);
    assert.equal(await status(`/autista/${newId()}`, driver), 403);
    assert.equal(await status("/autista/x", driver), 404);
    assert.equal(await status(`/autista/${bus.lineId}`, bus.office), 200);
    const persona = await bus.site.post("/accedi/persona", { persona: driver.accountId });
    assert.equal(persona.headers.location, "/autista");
  });
});

describe("the family's school bus", () => {
  it("PE-01 says line, stop and time on Oggi and on the child's page, in both languages", async () => {
    const bus = await start();
    const mother = await bus.site.signInAs("guardian");
    const today = await read(bus, "/oggi", mother);
    assert.match(today, /Andata: Linea 2, fermata Pineta, 7:40/);
    assert.match(today, /Ritorno: Linea 2, fermata Chiesa, 13:15/);
    assert.match(today, /Fermata non ancora assegnata\./);
    assert.match(
      await read(bus, "/figli/giulia", mother),
      /Andata Linea 2, fermata Pineta, 7:40 Ritorno Linea 2, fermata Chiesa, 13:15/,
    );
    const { tommaso } = bus.site.place;
    const coming = { andata: bus.stazione, ritorno: "", dal: "2026-11-30" };
    await send(bus, `${LIST}/bambini/${bus.busId}/${tommaso}`, coming);
    const told = /Andata:? Linea 2, fermata Stazione, 7:30 \(da lunedì 30 novembre\)/;
    const soon = await read(bus, "/oggi", mother);
    assert.match(soon, told);
    assert.doesNotMatch(soon, /non ancora assegnata/);
    assert.match(await read(bus, "/figli/tommaso", mother), told);
    assert.match(
      await read(bus, `/ufficio/famiglie/${bus.site.place.holderId}`, bus.office),
      /Scuolabus andata Linea 2, 7:30 Stazione, da lunedì 30 novembre 2026/,
    );
    const english = await bus.site.get("/oggi", mother, { "accept-language": "en" });
    assert.match(textOf(english.body), /To school: Line 2, stop Pineta, 7:40/);
    bus.site.setClock(moment("2026-12-08T07:10:00+01:00"));
    assert.match(
      await read(bus, "/oggi", await bus.site.signInAs("guardian")),
      /Oggi lo scuolabus non passa: Immacolata\. Andata: Linea 2/,
    );
  });
});
