// SPDX-License-Identifier: EUPL-1.2
import { catalogue } from "#kernel/i18n.ts";

const it = {
  enter: "Entra con la passkey",
  refused: "Questa passkey non apre nessun accesso, o la richiesta è scaduta: si può riprovare.",
};
const en: typeof it = {
  enter: "Sign in with a passkey",
  refused: "This passkey opens no access, or the request is too old: try again.",
};
export const words = catalogue<typeof it>({ it, en });
