import { testDatabase, testTown } from "../support/db.ts";
import { putSchoolYear, putServices, putSites } from "#calendar";
import { applyPupils, planPupilImport, readPupilFiles } from "#enrolment";
import { systemActor } from "#kernel/actor.ts";
import { controlCharacter, expectedFifteen } from "#kernel/codice-fiscale.ts";
import { day, moment } from "#kernel/dates.ts"; import { newId } from "#kernel/ids.ts";
import { loadPlaces } from "#kernel/belfiore.ts";
const N = 20000; const at = moment("2026-11-20T08:00:00Z");
await loadPlaces();
const S = ["Rossi","Bianchi","Verdi","D'Angelo","De Santis","Esposito","Ricci","Marino","Greco","Conti","Costa","Fontana","Caruso","Ferrara","Gatti","Longo"]; const G=["Anna","Luca","Sofia","Giulia","Marco","Nicolò","Zoe","Ada","Elia","Pietro"];
const code = (surname: string, givenName: string, d: any, sex: any) => { const f = expectedFifteen({ surname, givenName, birthDate: d, sex, birthPlaceCode: "F401" }); return f + controlCharacter(f); };
const rows = ["Cognome;Nome;Codice Fiscale;Sesso;Data Nascita;Comune Nascita;Indirizzo;CAP;Comune Residenza;Codice Meccanografico;Classe;Sezione;Cognome tutore;Nome tutore;CF tutore;Cellulare tutore;Email tutore"];
const used = new Set<string>();
for (let i = 0; rows.length <= N; i++) { const s = S[i % 16]! + ["", "ni", "etti", "oni", "ucci"][i % 5]!, g = G[(i * 7) % 10]!; const b = day("2014-01-01").add({ days: (i * 13) % 2500 }); const c = code(s, g, b, "F"); if (used.has(c)) continue; used.add(c);
 const pb = day("1975-01-01").add({ days: (i * 17) % 6000 }); const p = code(s, "Maria " + g, pb, "F"); 
 rows.push([s.toUpperCase(), g.toUpperCase(), c, "F", `${b.day}/${b.month}/${b.year}`, "OSTRA", "VIA ROMA " + i, "60010", i % 9 ? "OSTRA" : "SENIGALLIA", i % 2 ? "ANEE80302Q" : "ANEE80303R", 1 + i % 5, "ABCDEFGHIL"[(i * 3) % 10], s.toUpperCase(), "MARIA " + g.toUpperCase(), p, "333" + (1000000 + i), ""].join(";")); }
const { db, close } = await testDatabase(); const { town } = await testTown(db); const serviceId = newId();
await town.write(async tx => { await putSchoolYear(tx, { year: 2026, startsOn: day("2026-09-14"), endsOn: day("2027-06-30") }); await putServices(tx, [{ id: serviceId, code: "mensa", kind: "canteen", name: "Mensa", position: 0 }]); await putSites(tx, [["ANEE80302Q","A"],["ANEE80303R","B"]].map(([m, n]) => ({ id: newId(), ministryCode: m!, name: n!, level: "primaria" as const, address: "", assumedReason: null }))); });
let t = performance.now(); const lap = (w: string) => { console.log(db.engine, w, Math.round(performance.now() - t), "ms", Math.round(process.memoryUsage().rss / 1e6), "MB"); t = performance.now(); };
for (const round of [1, 2]) {
 const read = await readPupilFiles([{ name: "a.csv", bytes: Buffer.from(rows.join("\n"), "latin1") }], { townCode: "F401", reference: day("2026-11-20") }); lap("read"); if (read.outcome !== "read") throw 1;
 const planned = await town.write(tx => planPupilImport(tx, { read, actor: systemActor, at, scope: { siteId: null, effectiveOn: day("2026-09-14"), year: 2026, enrolIn: [serviceId], decisions: {} } })); lap("plan"); if (planned.outcome !== "planned") throw 1;
 const p = planned.plan; console.log(p.newPupils.length, p.changed.length, p.moved.length, p.rejected.length, p.ambiguous.length, p.newAdults.length, p.newHolders, p.newClasses.length, p.unchanged, p.rejected[0], p.warnings.length);
 const a = await town.write(tx => applyPupils(tx, { importRunId: planned.importRunId, confirmMissing: [], actor: systemActor, at })); lap("apply " + JSON.stringify(a));
}
await close();
