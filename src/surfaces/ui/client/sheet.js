// SPDX-License-Identifier: EUPL-1.2
// A day opens in a sheet over the page; the link leads to the same content as a page of its own.
if (typeof HTMLDialogElement === "function") {
  document.addEventListener("click", async (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const link = target?.closest("a[data-sheet]");
    if (!(link instanceof HTMLAnchorElement)) return;
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
      return;
    event.preventDefault();
    try {
      const answer = await fetch(link.href, {
        headers: { "x-fragment": "main" },
        credentials: "same-origin",
      });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      open(new DOMParser().parseFromString(await answer.text(), "text/html"), link);
    } catch {
      location.href = link.href;
    }
  });
}

/** @param {Document} page @param {HTMLAnchorElement} link */
function open(page, link) {
  const main = page.querySelector("main");
  if (!main) throw new Error("no main");
  main.querySelector(".back")?.remove();
  const dialog = document.createElement("dialog");
  dialog.className = "sheet";
  const close = document.createElement("button");
  close.type = "button";
  close.className = "sheet-close";
  close.textContent = "×";
  close.setAttribute("aria-label", document.body.dataset.close ?? "");
  close.addEventListener("click", () => dialog.close());
  const title = main.querySelector("h1");
  if (title) {
    const heading = page.createElement("h2");
    heading.id = "sheet-title";
    heading.className = "sheet-title";
    heading.append(...title.childNodes);
    title.replaceWith(heading);
    dialog.setAttribute("aria-labelledby", heading.id);
  }
  dialog.append(close, ...main.childNodes);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}
