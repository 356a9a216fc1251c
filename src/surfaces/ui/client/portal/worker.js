// SPDX-License-Identifier: EUPL-1.2
// The service worker of the families' pages. It keeps one page, of nobody, that says there is no network and whom to
// call; it keeps nothing of a family and sends nothing later: there the arrival counts (ADR 21).

/** build-assets.mjs writes the addresses of the page's styles and images here */
const ASSETS = ["ASSETS"];
const KEPT = "campanella-senza-rete";
const PAGE = "/senza-rete";
/** They have ways of their own to do without a network, or sit at a desk. */
const OTHERS = ["/scuola", "/ufficio", "/cucina"];

self.addEventListener("install", (event) => {
  const fill = async () => {
    const cache = await caches.open(KEPT);
    // Without cookies: the page as anybody gets it.
    const page = await fetch(PAGE, { credentials: "omit", cache: "reload" });
    if (!page.ok) throw new Error(String(page.status));
    await cache.put(PAGE, page);
    await cache.addAll(ASSETS);
    await self.skipWaiting();
  };
  event.waitUntil(fill());
});

self.addEventListener("activate", (event) => {
  const begin = async () => {
    const wanted = new Set([...ASSETS, PAGE]);
    const cache = await caches.open(KEPT);
    for (const request of await cache.keys())
      if (!wanted.has(new URL(request.url).pathname)) await cache.delete(request);
    // The page is asked for while the worker wakes up: nobody waits for it.
    await self.registration.navigationPreload?.enable();
    await self.clients.claim();
  };
  event.waitUntil(begin());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (ASSETS.includes(pathname)) event.respondWith(kept(request));
  else if (request.mode === "navigate" && !OTHERS.some((path) => pathname.startsWith(path)))
    event.respondWith(page(event));
});

const kept = async (request) =>
  (await caches.match(request, { cacheName: KEPT })) ?? fetch(request);

async function page(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return (await caches.match(PAGE, { cacheName: KEPT })) ?? Response.error();
  }
}
