// SPDX-License-Identifier: EUPL-1.2
/** Common first names and surnames, written down by hand: any likeness to a real person is chance. */
export interface Origin {
  readonly weight: number;
  /** Belfiore code and name of the country; `null` = Italy, a place near the town */
  readonly country: { readonly code: string; readonly name: string } | null;
  readonly surnames: readonly string[];
  readonly women: readonly string[];
  readonly men: readonly string[];
  readonly girls: readonly string[];
  readonly boys: readonly string[];
}

const words = (text: string): string[] => text.trim().split(/\s*,\s*/);

export const ORIGINS: readonly Origin[] = [
  {
    weight: 80,
    country: null,
    surnames:
      words(`Rossi, Bianchi, Ferrari, Russo, Esposito, Romano, Colombo, Ricci, Marino, Greco, Bruno, Gallo,
      Conti, De Luca, Mancini, Costa, Giordano, Rizzo, Lombardi, Moretti, Barbieri, Fontana, Santoro, Mariani, Rinaldi,
      Caruso, Ferrara, Galli, Martini, Leone, Longo, Gentile, Martinelli, Vitale, Lombardo, Serra, Coppola, De Santis,
      D'Angelo, Marchetti, Parisi, Villa, Conte, Ferraro, Ferri, Fabbri, Bianco, Marini, Grasso, Valentini, Messina,
      Sala, De Angelis, Gatti, Pellegrini, Palumbo, Sanna, Farina, Rizzi, Monti, Cattaneo, Morelli, Amato, Silvestri,
      Mazza, Testa, Grassi, Pellegrino, Carbone, Giuliani, Benedetti, Barone, Rossetti, Caputo, Montanari, Guerra,
      Palmieri, Bernardi, Martino, Fiore, De Rosa, Ferretti, Bellini, Basile, Riva, Donati, Piras, Vitali, Battaglia,
      Sartori, Neri, Costantini, Milani, Pagano, Ruggiero, Sorrentino, Orlando, Negri, Mantovani, Bassi`),
    women:
      words(`Sara, Chiara, Laura, Francesca, Elena, Valentina, Silvia, Federica, Alessandra, Martina, Giulia, Paola,
      Barbara, Monica, Simona, Cristina, Daniela, Roberta, Ilaria, Claudia, Elisa, Michela, Serena, Veronica, Marta,
      Anna, Stefania, Raffaella, Lucia, Manuela`),
    men: words(`Marco, Andrea, Luca, Alessandro, Matteo, Davide, Simone, Stefano, Roberto, Paolo, Fabio, Massimo,
      Daniele, Antonio, Giovanni, Francesco, Giuseppe, Michele, Nicola, Enrico, Claudio, Alberto, Emanuele, Filippo,
      Riccardo, Gabriele, Mauro, Salvatore, Pietro, Diego`),
    girls:
      words(`Sofia, Aurora, Giulia, Ginevra, Vittoria, Beatrice, Alice, Ludovica, Emma, Matilde, Anna, Camilla,
      Chiara, Giorgia, Bianca, Nicole, Greta, Gaia, Martina, Azzurra, Arianna, Sara, Noemi, Rebecca, Mia, Isabel, Elena,
      Irene, Viola, Margherita, Cecilia, Agnese`),
    boys: words(`Leonardo, Edoardo, Tommaso, Francesco, Alessandro, Mattia, Lorenzo, Gabriele, Riccardo, Andrea, Diego,
      Matteo, Federico, Giuseppe, Antonio, Enea, Nicolò, Giovanni, Samuele, Pietro, Filippo, Davide, Giulio, Gioele,
      Christian, Michele, Elia, Luca, Jacopo, Ettore, Achille, Daniele`),
  },
  {
    weight: 5,
    country: { code: "Z129", name: "Romania" },
    surnames: words(
      "Popescu, Ionescu, Popa, Radu, Dumitru, Stan, Stoica, Gheorghe, Matei, Ciobanu",
    ),
    women: words("Elena, Maria, Ioana, Andreea, Mihaela, Cristina, Alina, Gabriela"),
    men: words("Alexandru, Ion, Andrei, Mihai, Florin, Adrian, Cristian, Gheorghe"),
    girls: words("Maria, Sofia, Daria, Antonia, Ioana, Bianca"),
    boys: words("David, Andrei, Luca, Matei, Alexandru, Stefan"),
  },
  {
    weight: 5,
    country: { code: "Z100", name: "Albania" },
    surnames: words("Hoxha, Shehu, Dervishi, Gjoka, Prifti, Leka, Marku, Kola, Basha, Lleshi"),
    women: words("Elira, Mirela, Anila, Blerta, Ornela, Entela"),
    men: words("Arben, Ilir, Agron, Besnik, Ardit, Fatos"),
    girls: words("Amelia, Klea, Elisa, Sara, Noemi, Ajla"),
    boys: words("Noel, Ergi, Kevin, Mateo, Leon, Denis"),
  },
  {
    weight: 4,
    country: { code: "Z330", name: "Marocco" },
    surnames: words("El Amrani, Benali, El Idrissi, Haddad, Bennani, Tazi, Zouhair, Chraibi"),
    women: words("Fatima, Khadija, Naima, Samira, Hanane, Amina"),
    men: words("Mohamed, Youssef, Rachid, Abdelilah, Hamid, Said"),
    girls: words("Yasmine, Aya, Salma, Malak, Nour, Lina"),
    boys: words("Omar, Adam, Amir, Rayan, Ilyas, Zakaria"),
  },
  {
    weight: 2,
    country: { code: "Z210", name: "Cina" },
    surnames: words("Hu, Chen, Wang, Zhang, Lin, Zhou"),
    women: words("Li, Mei, Xiaoyan, Yan, Hong"),
    men: words("Wei, Jun, Ming, Tao, Jian"),
    girls: words("Mei, Elisa, Giulia, Yuxin, Anna"),
    boys: words("Leo, Kevin, Marco, Haoran, Luca"),
  },
  {
    weight: 2,
    country: { code: "Z138", name: "Ucraina" },
    surnames: words("Kovalenko, Shevchenko, Bondarenko, Tkachenko, Melnyk, Kravchuk"),
    women: words("Olena, Iryna, Oksana, Natalia, Svitlana"),
    men: words("Oleksandr, Serhii, Andrii, Volodymyr, Ivan"),
    girls: words("Sofiia, Anastasiia, Daryna, Solomiia, Kateryna"),
    boys: words("Maksym, Artem, Danylo, Mark, Nazar"),
  },
  {
    weight: 2,
    country: { code: "Z343", name: "Senegal" },
    surnames: words("Diop, Ndiaye, Fall, Diallo, Gueye, Sarr"),
    women: words("Aissatou, Fatou, Mariama, Awa, Ndeye"),
    men: words("Mamadou, Ibrahima, Cheikh, Moussa, Ousmane"),
    girls: words("Aminata, Awa, Khadi, Mame, Sokhna"),
    boys: words("Modou, Omar, Ismaila, Abdou, Lamine"),
  },
];

/** Cities where people were born who moved to a small town: Belfiore code and name. */
export const CITIES = [
  { code: "D969", name: "Genova" },
  { code: "F205", name: "Milano" },
  { code: "L219", name: "Torino" },
  { code: "H501", name: "Roma" },
  { code: "A662", name: "Bari" },
  { code: "A271", name: "Ancona" },
  { code: "A944", name: "Bologna" },
  { code: "F839", name: "Napoli" },
] as const;

export const STREETS =
  words(`Via Roma, Via Garibaldi, Via Mazzini, Via Dante Alighieri, Corso Italia, Via Verdi,
  Via Cavour, Via Matteotti, Viale della Repubblica, Via Marconi, Via Leopardi, Piazza della Libertà, Via dei Mille,
  Via Manzoni, Via XXV Aprile, Via Pascoli, Via Galilei, Viale dei Tigli`);
