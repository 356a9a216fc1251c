// SPDX-License-Identifier: EUPL-1.2
import { catalogue, type Lang } from "#kernel/i18n.ts";
import { en } from "./en.ts";
import { it, type Words } from "./it.ts";

/** Shared words of every page; each surface adds its own catalogue beside its pages. */
export const words: (lang: Lang) => Words = catalogue<Words>({ it, en });
export type { Words } from "./it.ts";
