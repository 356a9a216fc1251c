// SPDX-License-Identifier: EUPL-1.2
/**
 * What people make passwords of when they are asked for one, written down by us: words only, years, digits and signs
 * around them are seen by rule (`password-policy.ts`). Lower case, no accents.
 */
const TEXT = `
password passw pass parola parolachiave chiave segreto segreta secret codice accesso access login entra utente user
admin administrator amministratore root guest ospite prova test demo default cambiami changeme welcome benvenuto
benvenuta ciao hello letmein iloveyou tiamo amore amoremio love lovely tesoro gioia vita stella luna sole mare fiore
bello bella bellissima principessa princess principe angelo angela cucciolo cucciola gattino cane gatto cavallo
drago dragon monkey tigre leone lupo orso farfalla coniglio
mensa mense scuola scolastica scolastico scolastici scuole asilo nido materna infanzia elementare elementari primaria
media medie classe maestra maestro bambino bambina bambini bimbo bimba figlio figlia figli mamma papa babbo nonna nonno
famiglia genitore genitori pranzo pasto pasti cena merenda servizi servizio comune municipio ufficio segreteria
campanella portale refezione trasporto scuolabus prescuola doposcuola iscrizione iscrizioni pagamento pagamenti
lunedi martedi mercoledi giovedi venerdi sabato domenica gennaio febbraio marzo aprile maggio giugno luglio agosto
settembre ottobre novembre dicembre primavera estate autunno inverno natale pasqua vacanze compleanno
january february march april june july august september october november december spring summer autumn winter
rosso verde azzurro azzurri bianco nero giallo viola arancione rosa
juventus juve milan inter napoli roma lazio torino fiorentina atalanta bologna genoa sampdoria cagliari lecce bari
palermo catania calcio forza campione campioni ferrari ducati vespa maradona totti delpiero buffon ronaldo messi
italia italy italiano italiana sicilia sardegna toscana puglia calabria lombardia veneto piemonte liguria marche umbria
milano venezia firenze verona padova trieste brescia parma modena ravenna rimini ferrara perugia ancona pesaro ostra
bitritto borghetto cremasco foggia taranto brindisi salerno caserta latina pescara aquila potenza matera cosenza
catanzaro reggio messina siracusa ragusa trapani sassari nuoro oristano trento bolzano udine gorizia pordenone
bergamo cremona mantova pavia varese como lecco sondrio lodi novara vercelli biella asti cuneo alessandria savona
imperia spezia lucca pisa livorno pistoia prato arezzo siena grosseto viterbo rieti frosinone terni urbino macerata
fermo ascoli teramo chieti campobasso isernia benevento avellino crotone enna agrigento caltanissetta
marco luca andrea matteo lorenzo alessandro francesco davide simone giuseppe giovanni antonio mario luigi paolo stefano
roberto riccardo gabriele leonardo tommaso filippo pietro nicola michele daniele federico emanuele salvatore vincenzo
maria anna giulia sara laura chiara francesca valentina elena silvia martina alessia sofia aurora giorgia alice
beatrice camilla ginevra emma greta vittoria caterina lucia rosa teresa carmela elisa federica ilaria monica paola
barbara cristina daniela patrizia simona stefania
rossi ferrari russo bianchi romano gallo costa fontana conti esposito ricci bruno moretti greco marino giordano rizzo
superman batman pokemon naruto starwars minecraft fortnite pippo pluto paperino topolino garfield snoopy barbie winx
computer internet google facebook instagram whatsapp samsung iphone android windows microsoft apple amazon
baseball football soccer master shadow sunshine michael jordan freedom whatever trustno iloveu mypassword
super mega mio mia il la lo le gli un una di da del della dei con per and the my is
`;

export const COMMON_WORDS: ReadonlySet<string> = new Set(TEXT.trim().split(/\s+/));
