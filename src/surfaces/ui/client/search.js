// SPDX-License-Identifier: EUPL-1.2
// The office's search as one types. Where the page has a results part (the search page), that part is fetched and
// swapped; on every other page a list of suggestions opens under the box (the combobox of the ARIA practices). Key "/"
// goes to the box. Without this script, or without network, the button sends the form.
const PAUSE_MS = 150;

for (const form of document.querySelectorAll("form[data-search]")) {
  const input = form.querySelector("input[type=search]");
  if (!(input instanceof HTMLInputElement)) continue;
  const results = document.getElementById(form.dataset.search ?? "");
  if (results) showResults(form, input, results);
  else if (form.dataset.suggest) suggest(form, input);
  document.addEventListener("keydown", (event) => {
    const typing =
      event.target instanceof Element && event.target.matches("input, textarea, select");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
}

/** Calls `use` with the answer to what stands in the box, once nobody types; an older answer never comes late. */
function afterTyping(input, makeUrl, headers, use) {
  let timer = 0;
  /** @type {AbortController | undefined} */
  let running;
  const run = async () => {
    running = new AbortController();
    const url = makeUrl();
    try {
      const answer = await fetch(url, { signal: running.signal, headers });
      if (!answer.ok || answer.redirected) return;
      const text = await answer.text();
      use(new DOMParser().parseFromString(text, "text/html"), url);
    } catch {
      // aborted by the next key, or no network: the button still works
    }
  };
  const stop = () => {
    clearTimeout(timer);
    running?.abort();
  };
  input.addEventListener("input", () => {
    stop();
    timer = setTimeout(run, PAUSE_MS);
  });
  return stop;
}

function showResults(form, input, results) {
  const makeUrl = () => {
    const url = new URL(form.action);
    url.searchParams.set(input.name, input.value);
    return url;
  };
  afterTyping(input, makeUrl, { "x-fragment": form.dataset.search ?? "" }, (page, url) => {
    const fresh = page.getElementById(form.dataset.search ?? "");
    if (fresh) results.replaceChildren(...fresh.childNodes);
    history.replaceState(null, "", url);
  });
}

function suggest(form, input) {
  const list = document.createElement("ul");
  const status = document.createElement("p");
  list.id = `${input.id}-list`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.querySelector("label")?.textContent ?? "");
  status.setAttribute("role", "status");
  input.parentElement?.append(list, status);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-controls": list.id,
    "aria-expanded": "false",
  }))
    input.setAttribute(name, value);

  let active = -1;
  const choose = (index) => {
    active = index;
    for (const [at, option] of [...list.children].entries())
      option.setAttribute("aria-selected", String(at === index));
    const option = list.children[index];
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  };
  /** Spoken always; seen where nothing was found, in the place of the list. */
  const say = (seen) => {
    status.className = seen ? "suggestions no-suggestions" : "visually-hidden";
  };
  say(false);
  const show = (open) => {
    list.hidden = !open;
    say(false);
    input.setAttribute("aria-expanded", String(open));
    choose(-1);
  };
  const go = (option) => {
    const { href } = option.dataset;
    if (href) location.assign(href);
  };

  const makeUrl = () => {
    const url = new URL(form.dataset.suggest ?? "", form.action);
    url.searchParams.set("q", input.value);
    return url;
  };
  const stop = afterTyping(input, makeUrl, {}, (page) => {
    const options = [...page.querySelectorAll("li[data-href]")];
    for (const [index, option] of options.entries()) {
      option.id = `${list.id}-${index}`;
      option.setAttribute("role", "option");
    }
    list.replaceChildren(...options);
    status.textContent = page.querySelector("p")?.textContent ?? "";
    const isHere = document.activeElement === input;
    show(options.length > 0 && isHere);
    say(options.length === 0 && isHere && status.textContent !== "");
  });

  input.addEventListener("keydown", (event) => {
    const count = list.children.length;
    const isOpen = !list.hidden || status.className !== "visually-hidden";
    if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      stop();
      show(false);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count > 0) {
      event.preventDefault();
      const wasOpen = !list.hidden;
      if (!wasOpen) show(true);
      // -1 is the box itself, between the last and the first
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose(((active + 1 + step + count + 1) % (count + 1)) - 1);
    } else if (event.key === "Enter" && !list.hidden && active >= 0) {
      event.preventDefault();
      const option = list.children[active];
      if (option) go(option);
    }
  });
  form.addEventListener("submit", stop);
  input.addEventListener("blur", () => {
    stop();
    show(false);
  });
  // The box keeps the focus, so that the list is still there when the finger is lifted.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target instanceof Element ? event.target.closest("li") : null;
    if (option) go(option);
  });
}
