// SPDX-License-Identifier: EUPL-1.2
/** What makes the portal an app on a phone's home screen (BI-04, BO-27): the town's name, our bell, where it begins. */
import { asset } from "#ui/assets.ts";
import { APP_MANIFEST } from "#ui/layout.ts";
import type { Answer, Route } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";

const ICONS = [
  { name: "icon", purpose: "any" },
  { name: "maskable", purpose: "maskable" },
] as const;

/** `/app.webmanifest`: asked for without cookies, so it is of nobody and in Italian. */
function appManifest({ townSettings: { town } }: Visit): Answer {
  const said = {
    id: "/",
    name: `Servizi scolastici, ${town.name}`,
    short_name: `Scuola ${town.shortName}`,
    lang: "it",
    start_url: "/oggi",
    scope: "/",
    display: "standalone",
    theme_color: "#0059b3",
    background_color: "#ffffff",
    icons: ICONS.flatMap(({ name, purpose }) =>
      [192, 512].map((side) => ({
        src: asset(`${name}-${side}.png`),
        sizes: `${side}x${side}`,
        type: "image/png",
        purpose,
      })),
    ),
  };
  const contentType = "application/manifest+json; charset=utf-8";
  return { kind: "text", contentType, text: JSON.stringify(said) };
}

export const manifestRoute: Route = {
  method: "GET",
  path: APP_MANIFEST,
  access: "public",
  handle: appManifest,
};
