// SPDX-License-Identifier: EUPL-1.2
// A page in place of the browser's own where there is no network. Over plain http there is none.
navigator.serviceWorker?.register("/senza-rete.js").catch(() => {});
