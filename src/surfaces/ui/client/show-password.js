// SPDX-License-Identifier: EUPL-1.2
// While the box is ticked the form's passwords can be read; when they are sent they are passwords again.
for (const box of document.querySelectorAll("[data-shows-password]")) {
  const fields = box.form.querySelectorAll("input[type=password]");
  const show = (shown) => {
    box.checked = shown;
    for (const field of fields) {
      // A keyboard for text would put a capital first, and words of its own.
      field.autocapitalize = "none";
      field.setAttribute("autocorrect", "off");
      field.spellcheck = false;
      field.type = shown ? "text" : "password";
    }
  };
  show(false);
  box.addEventListener("change", () => show(box.checked));
  box.form.addEventListener("submit", () => show(false));
}
