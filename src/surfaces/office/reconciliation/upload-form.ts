// SPDX-License-Identifier: EUPL-1.2
import { html, type Html } from "#kernel/html.ts";
import { errorFor, type FieldError, fileField, form } from "#ui/components.ts";
import type { Visit } from "../../web/visit.ts";
import { PATH } from "./words.ts";

export const uploadForm = (visit: Visit, errors: readonly FieldError[]): Html =>
  html`<section aria-labelledby="carica">
    <h2 id="carica" class="section-title">Carica un file della tesoreria o di pagoPA</h2>
    ${form({
      action: `${PATH}/file`,
      csrf: visit.csrf,
      multipart: true,
      body: fileField({
        name: "file",
        label: "Giornale di cassa (OPI 1.4, 1.6.1, 1.7.1, 1.8) o flusso di rendicontazione, in XML",
        hint: "Prima di registrare si vede che cosa cambia. Del giornale si conservano i soli movimenti di pagoPA.",
        accept: ".xml,text/xml,application/xml",
        error: errorFor(errors, "file"),
      }),
      submit: { label: "Leggi il file" },
    })}
  </section>`;
