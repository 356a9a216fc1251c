// SPDX-License-Identifier: EUPL-1.2
// Roll call: the send button and the counts follow the boxes. `data-count="present"` and `"absent"` hold the numbers.
// A ticked `roll-serve` box is a child served though nothing was ordered: one more present.
const boxes = [...document.querySelectorAll("input.roll-box")];

function count() {
  const absent = boxes.filter((box) => box instanceof HTMLInputElement && box.checked).length;
  const served = document.querySelectorAll("input.roll-serve:checked").length;
  const present = boxes.length - absent + served;
  for (const word of document.querySelectorAll("[data-one]"))
    word.textContent = word.getAttribute(present === 1 ? "data-one" : "data-many");
  for (const place of document.querySelectorAll("[data-count]")) {
    const base = Number(place.getAttribute("data-base") ?? 0);
    place.textContent = String(
      base + (place.getAttribute("data-count") === "absent" ? absent : present),
    );
  }
}

document.addEventListener("change", (event) => {
  if (event.target instanceof Element && event.target.matches("input.roll-box, input.roll-serve"))
    count();
});
if (boxes.length > 0) count();
