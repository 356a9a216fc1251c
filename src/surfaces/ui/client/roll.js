// SPDX-License-Identifier: EUPL-1.2
// Roll call: the send button and the counts follow the boxes. `data-count="present"` and `"absent"` hold the numbers.
const boxes = [...document.querySelectorAll("input.roll-box")];

function count() {
  const absent = boxes.filter((box) => box instanceof HTMLInputElement && box.checked).length;
  for (const place of document.querySelectorAll("[data-count]")) {
    const base = Number(place.getAttribute("data-base") ?? 0);
    place.textContent = String(
      base + (place.getAttribute("data-count") === "absent" ? absent : boxes.length - absent),
    );
  }
}

document.addEventListener("change", (event) => {
  if (event.target instanceof Element && event.target.matches("input.roll-box")) count();
});
if (boxes.length > 0) count();
