// SPDX-License-Identifier: EUPL-1.2
// Forms that a passkey answers. Where the browser has none they stay hidden: password and code work everywhere.
(() => {
  const able = window.PublicKeyCredential && PublicKeyCredential.parseRequestOptionsFromJSON;
  if (!able) return;

  async function answer(form) {
    const csrf = form.elements.namedItem("csrf").value;
    const response = await fetch(form.dataset.challenge, {
      method: "POST",
      body: new URLSearchParams({ csrf }),
    });
    if (!response.ok) throw new Error(String(response.status));
    const options = await response.json();
    const credential =
      form.dataset.passkey === "create"
        ? await navigator.credentials.create({
            publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
          })
        : await navigator.credentials.get({
            publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
          });
    return JSON.stringify(credential);
  }

  async function send(form) {
    form.elements.namedItem("risposta").value = await answer(form);
    form.submit();
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const problem = form.querySelector("[role=alert]");
    let busy = false;
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (busy) return;
      busy = true;
      problem.hidden = true;
      send(form).catch((error) => {
        busy = false;
        // What an authenticator says that holds one of the keys that are excluded.
        problem.textContent =
          error.name === "InvalidStateError" ? form.dataset.already : form.dataset.failed;
        problem.hidden = false;
      });
    });
  }
})();
