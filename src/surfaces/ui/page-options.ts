// SPDX-License-Identifier: EUPL-1.2
import type { Content } from "#kernel/html.ts";
import type { Lang } from "#kernel/i18n.ts";
import type { FieldError, Tone } from "./components/feedback.ts";
import type { IconName } from "./components/icon.ts";

export type Surface = "portal" | "office" | "school" | "kitchen" | "public";

export interface NavItem {
  readonly id: string;
  readonly label: string;
  readonly href: string;
  readonly icon?: IconName | undefined;
  /** unread messages, things to do */
  readonly count?: number | undefined;
}

export interface Town {
  /** without `Comune di` */
  readonly name: string;
  readonly phone?: string | null | undefined;
  /** `Ufficio scuola` */
  readonly officeName?: string | undefined;
}

export interface Strip {
  readonly kind: "desk" | "delegate" | "demo";
  readonly text: Content;
  /** e.g. `actionForm` `Chiudi lo sportello` */
  readonly action?: Content;
}

export interface PageOptions {
  readonly surface: Surface;
  readonly h1: string;
  /** of the h1, when it is something that people wrote in another language than the page's */
  readonly h1Lang?: Lang | undefined;
  /** in the browser's title instead of the h1 */
  readonly title?: string | undefined;
  /** under the h1: date and cut-off sentence */
  readonly lead?: Content;
  /** beside the h1 on the desktop: `Stampa`, `Chiudi scuole…` */
  readonly headActions?: Content;
  /** `‹ Torna a Oggi`, above the h1 */
  readonly back?: { readonly href: string; readonly label: string } | undefined;
  /** absent on pages of no town (the list of towns) */
  readonly town: Town | null;
  readonly nav?:
    | { readonly current: string | null; readonly items: readonly NavItem[] }
    | undefined;
  readonly actor?: {
    readonly name: string;
    readonly role?: string | undefined;
    /** POST that ends the session */
    readonly signOut?: { readonly action: string; readonly csrf: string } | undefined;
    /** to one's own access */
    readonly links?: readonly { readonly href: string; readonly label: string }[] | undefined;
  } | null;
  readonly lang?: Lang | undefined;
  /** the same page in other languages */
  readonly languages?: readonly { readonly lang: Lang; readonly href: string }[] | undefined;
  /** of the Content-Security-Policy header */
  readonly nonce: string;
  readonly body: Content;
  /** the portal's bottom bar on phones (default: portal only) */
  readonly phoneBar?: boolean | undefined;
  readonly strips?: readonly Strip[] | undefined;
  /** after a POST: said once on the page it led to */
  readonly flash?:
    | { readonly tone: Tone; readonly text: Content; readonly action?: Content }
    | null
    | undefined;
  /** the h1 takes the focus: after a POST */
  readonly focusHeading?: boolean | undefined;
  readonly errors?: readonly FieldError[] | undefined;
  /** a page made for paper: no navigation on the screen either */
  readonly print?: boolean | undefined;
  /** wide content on the desktop (tables, boards); text pages stay narrow */
  readonly wide?: boolean | undefined;
  /** instead of the default search box slot in the office header */
  readonly headerTools?: Content;
}
