// SPDX-License-Identifier: EUPL-1.2
/** The municipality's logo on notices, letters and receipts: shown, given, taken away. */
import { checkLogo, MAX_LOGO_BYTES } from "#documents";
import { html, type Html } from "#kernel/html.ts";
import { putTownLogo, townLogo } from "#tenancy";
import { actionForm, fileField, form } from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { readUpload } from "../imports/read-upload.ts";
import { officePage } from "../office-page.ts";

export const LOGO_PAGE = "/ufficio/impostazioni/stemma";
const MOST_KILOBYTES = MAX_LOGO_BYTES / 1024;

/** `/ufficio/impostazioni/stemma` */
export async function logoPage(visit: Visit): Promise<Answer> {
  return view(visit, null);
}

async function view(visit: Visit, error: string | null): Promise<Html> {
  const png = await visit.town.read(townLogo);
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: "Stemma",
      lead: "Si stampa sugli avvisi di pagamento, sulle lettere e sulle ricevute.",
      back: { href: "/ufficio/impostazioni", label: "Impostazioni" },
      body: html`<h2 class="section-title">Oggi</h2>
        ${
          png &&
          html`<img class="town-logo" src="${LOGO_PAGE}/immagine.png" alt="Lo stemma del Comune" />`
        }
        <p>
          ${
            png
              ? "Lo stemma del Comune."
              : "Uno scudo neutro: il Comune non ha ancora dato il suo stemma."
          }
          Gli avvisi di un altro ente creditore hanno sempre lo scudo neutro.
        </p>
        ${
          png &&
          actionForm({
            action: `${LOGO_PAGE}/togli`,
            csrf: visit.csrf,
            label: "Togli lo stemma",
            kind: "secondary",
          })
        }
        <h2 class="section-title">${png ? "Cambiare lo stemma" : "Dare lo stemma"}</h2>
        ${form({
          action: LOGO_PAGE,
          csrf: visit.csrf,
          multipart: true,
          body: fileField({
            name: "stemma",
            label: "Immagine PNG",
            hint: `Fino a ${MOST_KILOBYTES} kB e 1000 × 1000 punti: bastano 400 × 400. Si stampa in un quadrato di 3 cm, anche in bianco e nero.`,
            accept: ".png,image/png",
            error: error ?? undefined,
          }),
          submit: { label: "Salva lo stemma" },
        })}`,
    },
  );
}

/** `…/immagine.png`: as it is printed. */
export async function logoPicture(visit: Visit): Promise<Answer> {
  const bytes = await visit.town.read(townLogo);
  if (!bytes) return notFound;
  return { kind: "file", contentType: "image/png", fileName: "stemma.png", bytes };
}

const REFUSALS = {
  "too-large": `supera ${MOST_KILOBYTES} kB.`,
  "too-many-pixels": "ha più di 1000 × 1000 punti: rimpicciolirla.",
  "not-an-image": "non è un'immagine PNG, o è rovinata.",
  "unsupported-svg": "non è un'immagine PNG.",
  "unsupported-png":
    "ha una trasparenza o un ordine delle righe che non si stampa: salvarla come PNG semplice, 24 o 32 bit, non interlacciato.",
} as const;

/** Only what every sheet can show is kept, without whatever else the file carries. */
export async function saveLogo(visit: Visit): Promise<Answer> {
  const upload = await readUpload(visit);
  if (upload.outcome === "refused") return forbidden;
  const wrong = async (message: string): Promise<Answer> =>
    withStatus(422, await view(visit, message));
  if (upload.outcome === "too-large") return wrong(`${upload.fileName}: ${REFUSALS["too-large"]}`);
  const [file] = upload.files;
  if (!file) return wrong("Scegliere un'immagine PNG.");
  const checked = await checkLogo(file.bytes);
  if (checked.outcome === "refused") return wrong(`${file.name}: ${REFUSALS[checked.reason]}`);
  if (checked.logo.kind !== "png") return wrong(`${file.name}: ${REFUSALS["not-an-image"]}`);
  return put(visit, checked.logo.bytes, "Lo stemma è salvato.");
}

export const removeLogo = (visit: Visit): Promise<Answer> =>
  put(visit, null, "Lo stemma è tolto: si stampa lo scudo neutro.");

async function put(visit: Visit, png: Uint8Array | null, said: string): Promise<Answer> {
  const { actor, now } = visit;
  if (!actor) return forbidden;
  const done = await visit.town.write((tx) => putTownLogo(tx, { actor, png, now }));
  return done === "saved" ? seeOther(LOGO_PAGE, said) : forbidden;
}
