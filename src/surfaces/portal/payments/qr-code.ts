// SPDX-License-Identifier: EUPL-1.2
import { qrModules } from "#documents";
import type { Html } from "#kernel/html.ts";
import { qrFigure } from "../../web/qr-code.ts";

/** The code of a notice; `label` is what it is. */
export const qrCode = (text: string, label: string): Html => qrFigure(qrModules(text), label);
