// SPDX-License-Identifier: EUPL-1.2
// The copies of today's pages that the service worker keeps: asked for ahead, read for names, thrown away.

const PAGES = "campanella-scuola ";
const FRESH_MS = 5 * 60_000;
/** A worker of an earlier version does not answer. */
const WORKER_MS = 3000;

const pageCaches = async () => (await caches.keys()).filter((name) => name.startsWith(PAGES));

export async function dropCopies() {
  if (!("caches" in globalThis)) return;
  for (const name of await pageCaches()) await caches.delete(name);
}

/** Once stopped, this page asks for no copy any more. */
const stop = new AbortController();
/** @type {Promise<void>} */
let warming = Promise.resolve();

/** Asks for the pages of today's classes, one after the other; the service worker keeps them. */
export function warmCopies() {
  if (!navigator.serviceWorker?.controller) return;
  const { signal } = stop;
  const before = warming;
  warming = (async () => {
    await before;
    try {
      await askForPages(signal);
    } catch {
      // no network, or signing out: what is kept is kept
    }
  })();
}

async function askForPages(signal) {
  const state = await fetch("/scuola/senza-rete?pagine=1", { signal, redirect: "manual" });
  if (!state.ok) return;
  const { pages = [] } = await state.json();
  for (const page of pages) {
    const copy = await caches.match(page);
    const age = Date.now() - Date.parse(copy?.headers.get("date") ?? "");
    if (!(age >= 0 && age < FRESH_MS)) await (await fetch(page, { signal })).text();
  }
}

/** Before signing out: nothing that is under way, here or in the service worker, may be kept afterwards. */
export async function forgetCopies() {
  stop.abort();
  await warming;
  await tellWorker();
  await dropCopies();
}

function tellWorker() {
  const worker = navigator.serviceWorker?.controller;
  if (!worker) return undefined;
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", resolve);
    port1.start();
    setTimeout(resolve, WORKER_MS);
    worker.postMessage("forget", [port2]);
  });
}

/** The school's children as kept for today: `null` where no list is. @param {string | undefined} path */
export async function keptList(path) {
  if (!("caches" in globalThis)) return null;
  for (const name of await pageCaches()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const { pathname, search } = new URL(request.url);
      if (pathname !== "/scuola/elenco" || (path && path !== pathname + search)) continue;
      return (await cache.match(request)).json();
    }
  }
  return null;
}
