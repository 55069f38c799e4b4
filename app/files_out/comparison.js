"use strict";
const boxes = document.querySelectorAll("fieldset input");
for (const box of boxes) {
  box.addEventListener("change", () => {
    const off = [...boxes].filter((one) => !one.checked).map((one) => one.value);
    for (const row of document.querySelectorAll("tr[data-status]")) {
      row.hidden = off.includes(row.dataset.status) || off.includes(row.dataset.wording);
    }
  });
}
