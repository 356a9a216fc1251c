// SPDX-License-Identifier: EUPL-1.2
// The office's search as one types: the same page is fetched, its results part is swapped in. Key "/" goes to the box.
for (const form of document.querySelectorAll("form[data-search]")) {
  const input = form.querySelector("input[type=search]");
  const results = document.getElementById(form.dataset.search ?? "");
  if (!(input instanceof HTMLInputElement)) continue;
  let timer = 0;
  /** @type {AbortController | undefined} */
  let running;
  const run = async () => {
    running?.abort();
    running = new AbortController();
    const url = new URL(form.action);
    url.searchParams.set(input.name, input.value);
    try {
      const answer = await fetch(url, {
        signal: running.signal,
        headers: { "x-fragment": form.dataset.search ?? "" },
      });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(form.dataset.search ?? "");
      if (fresh && results) results.replaceChildren(...fresh.childNodes);
      history.replaceState(null, "", url);
    } catch {
      // aborted by the next key, or no network: the button still works
    }
  };
  if (results) {
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(run, 150);
    });
  }
  document.addEventListener("keydown", (event) => {
    const typing =
      event.target instanceof Element && event.target.matches("input, textarea, select");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
}
