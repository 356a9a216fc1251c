// SPDX-License-Identifier: EUPL-1.2
import type { Html } from "#kernel/html.ts";
import { passkeyForm } from "../../web/passkey-party.ts";
import type { Visit } from "../../web/visit.ts";
import { words } from "./passkey-words.ts";

/** "Entra con la passkey": hidden until a script finds that the browser has passkeys. */
export const passkeyDoor = (visit: Visit, wanted: string | null): Html =>
  passkeyForm(visit, {
    kind: "get",
    action: "/accedi/passkey",
    challengePath: "/accedi/passkey/sfida",
    label: words(visit.lang).enter,
    fields: { poi: wanted },
  });
