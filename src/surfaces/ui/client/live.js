// SPDX-License-Identifier: EUPL-1.2
// A part of the page follows the server: ask for its version, fetch the page again only when that changed.
const EVERY_MS = 4000;

for (const found of document.querySelectorAll("[data-live]")) {
  let region = found;
  let failures = 0;
  const look = async () => {
    if (document.visibilityState === "hidden") return;
    const answer = await fetch(region.dataset.live ?? "", { cache: "no-store" });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const version = (await answer.text()).trim();
    if (version === region.dataset.version) return;
    const again = await fetch(location.href, {
      cache: "no-store",
      headers: { "x-fragment": region.id },
    });
    if (!again.ok || again.redirected) throw new Error(String(again.status));
    const page = new DOMParser().parseFromString(await again.text(), "text/html");
    const fresh = page.getElementById(region.id);
    if (!fresh) return;
    const focused = region.contains(document.activeElement) ? document.activeElement?.id : "";
    region.replaceWith(fresh);
    region = fresh;
    if (focused) document.getElementById(focused)?.focus();
  };
  const tick = async () => {
    try {
      await look();
      failures = 0;
      region.removeAttribute("data-stale");
    } catch {
      failures += 1;
      if (failures === 3) region.setAttribute("data-stale", "");
    }
    setTimeout(tick, EVERY_MS * Math.min(8, 1 + failures));
  };
  setTimeout(tick, EVERY_MS);
}
