"use strict";
for (const box of document.querySelectorAll("fieldset input")) {
  box.addEventListener("change", () => {
    for (const row of document.querySelectorAll(`tr[data-status="${box.value}"]`)) row.hidden = !box.checked;
  });
}
