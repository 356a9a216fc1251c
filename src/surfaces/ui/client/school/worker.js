// SPDX-License-Identifier: EUPL-1.2
// The service worker of the school's pages: the network first, the last copy of today when there is none (ADR 21).
// The server says with every answer whose copy it is and whether it may be kept (`x-keep`); nothing else is.

/** build-assets.mjs writes the addresses of the styles, scripts and images here */
const ASSETS = ["ASSETS"];
const PAGES = "campanella-scuola ";
const LOOKS = "campanella-aspetto";
const NO_COPY = "/scuola/senza-rete/pagina";
const STATE = "/scuola/senza-rete";
const SLOW_MS = 6000;

/** The tablet's own day: a server may live in another one (demonstrations do). */
const tabletDay = () => new Date().toLocaleDateString("sv");

async function dropPages(except) {
  for (const name of await caches.keys())
    if (name.startsWith(PAGES) && name !== except) await caches.delete(name);
}

self.addEventListener("install", (event) => {
  const fill = async () => {
    const cache = await caches.open(LOOKS);
    await cache.addAll([...ASSETS, NO_COPY]);
    await self.skipWaiting();
  };
  event.waitUntil(fill());
});

self.addEventListener("activate", (event) => {
  const begin = async () => {
    // Copies made by another version ask for styles and scripts that are no longer kept.
    await dropPages();
    const wanted = new Set([...ASSETS, NO_COPY]);
    const cache = await caches.open(LOOKS);
    for (const request of await cache.keys())
      if (!wanted.has(new URL(request.url).pathname)) await cache.delete(request);
    await self.clients.claim();
  };
  event.waitUntil(begin());
});

/** Raised at every sign-out: what was asked for before it is not kept, whenever it comes. */
let era = 0;

self.addEventListener("message", (event) => {
  if (event.data !== "forget") return;
  era += 1;
  event.waitUntil(dropPages().then(() => event.ports[0]?.postMessage("forgotten")));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const { pathname } = url;
  if (pathname.startsWith("/assets/")) event.respondWith(look(request));
  else if (isOfPerson(pathname)) event.respondWith(page(event, url));
});

const isOfPerson = (pathname) =>
  (pathname === "/scuola" || pathname.startsWith("/scuola/")) && !pathname.startsWith(STATE);

const look = async (request) =>
  (await caches.match(request, { cacheName: LOOKS })) ?? fetch(request);

/** A search on the walk-in page is answered offline by the page itself, from the kept list. */
function keyOf(url) {
  const key = new URL(url);
  key.searchParams.delete("q");
  return key.href;
}

async function page(event, url) {
  const since = era;
  const network = fetch(event.request).then((answer) => {
    if (answer.status >= 502 && answer.status <= 504) throw new Error(String(answer.status));
    return answer;
  });
  // Asked for now and not when the answer is here: by then a copy may have been shown in its place, and nobody may ask.
  event.waitUntil(network.then((answer) => keep(answer.clone(), url, since)).catch(() => {}));
  const copy = await copyOf(url);
  try {
    return await (copy ? Promise.race([network, tooSlow()]) : network);
  } catch {
    if (copy) return copy;
    const isPage = event.request.mode === "navigate";
    const instead = isPage && (await caches.match(NO_COPY, { cacheName: LOOKS }));
    return instead || Response.error();
  }
}

const tooSlow = () =>
  new Promise((_resolve, reject) => {
    setTimeout(() => reject(new Error("slow")), SLOW_MS);
  });

/** Only of the tablet's day; whatever is older goes before anything is shown. */
async function copyOf(url) {
  let found;
  for (const name of await caches.keys()) {
    if (!name.startsWith(PAGES)) continue;
    if (name.endsWith(` ${tabletDay()}`)) {
      const cache = await caches.open(name);
      found ??= await cache.match(keyOf(url));
    } else await caches.delete(name);
  }
  return found;
}

async function keep(answer, url, since) {
  const said = answer.headers.get("x-keep");
  // Sent away to sign in, or a page of somebody who is no teacher: the former person's copies go.
  if (answer.type === "opaqueredirect" || answer.redirected || (answer.ok && !said)) {
    await dropPages();
    return;
  }
  if (!said) return;
  const [session, day, kept] = said.split(" ");
  const name = `${PAGES}${session} ${day} ${tabletDay()}`;
  await dropPages(name);
  if (kept !== "yes" || since !== era) return;
  const cache = await caches.open(name);
  await cache.put(keyOf(url), answer);
  if (since !== era) await caches.delete(name);
}
