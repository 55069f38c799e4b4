"use strict";
// The page of a PDF beside its text: turned to where a fact stands, with its words marked there.
(() => {
  const sheet = document.getElementById("sheet");
  if (!sheet) return;
  const [figure, image, drawing, note, which] = ["figure", "img", "svg", ".note", ".which"].map((query) => sheet.querySelector(query));
  const [before, after] = ["prev", "next"].map((name) => sheet.querySelector(`[rel="${name}"]`));
  const held = new Map();
  let turns = 0;
  let chosen = "";

  function ask(page, file) {
    const key = `${page} ${file}`;
    if (!held.has(key)) {
      const values = new URLSearchParams({ document: sheet.dataset.document, page, file });
      held.set(key, fetch(`/sheet.json?${values}`).then((reply) => reply.json()).catch(() => ({ message: "…" })));
    }
    return held.get(key);
  }
  const has = (told, fact) => told.marks?.some((mark) => String(mark.fact) === fact);

  function light() {
    const rects = drawing.querySelectorAll("rect");
    let first = null;
    for (const rect of rects) {
      const on = rect.dataset.fact === chosen;
      rect.classList.toggle("chosen", on);
      first ??= on ? rect : null;
    }
    if (!first) return;
    const [inner, outer] = [first.getBoundingClientRect(), sheet.getBoundingClientRect()];
    sheet.scrollTop += inner.top - outer.top - outer.height / 3;
  }
  function draw(page, file, told) {
    sheet.dataset.page = page;
    sheet.dataset.file = file;
    which.textContent = which.textContent.replace(/\d+/, page);
    image.alt = which.textContent;
    before.hidden = page < 2;
    after.hidden = told.pages ? page >= told.pages : true;
    note.hidden = !told.message;
    figure.hidden = Boolean(told.message);
    note.textContent = told.message ?? "";
    drawing.replaceChildren(...(told.marks ?? []).flatMap((mark) => mark.boxes.map((box) => {
      const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      ["x", "y", "width", "height"].forEach((name, n) => rect.setAttribute(name, box[n]));
      rect.setAttribute("class", mark.layer);
      rect.dataset.fact = mark.fact;
      return rect;
    })));
    if (told.picture) which.href = told.picture;
    if (told.picture && image.getAttribute("src") !== told.picture) image.src = told.picture;
    light();
  }
  async function turn(page, file) {
    const mine = ++turns;
    let told = await ask(page, file);
    // A paragraph that begins on a page may go on on the next one.
    if (chosen && told.pages > page && !has(told, chosen)) {
      const next = await ask(page + 1, file);
      if (has(next, chosen)) [page, told] = [page + 1, next];
    }
    if (mine === turns) draw(page, file, told);
  }

  document.addEventListener("zhengling-fact", ({ detail }) => {
    chosen = String(detail);
    const place = document.querySelector(`#f-${chosen} [data-sheet]`);
    if (drawing.querySelector(`rect[data-fact="${chosen}"]`)) light();
    else if (place) turn(Number(place.dataset.sheet), place.dataset.file);
  });
  document.addEventListener("click", (event) => {
    const place = event.target.closest("[data-sheet]");
    const mark = event.target.closest("rect[data-fact]");
    if (place || mark) {
      event.preventDefault();
      const fact = mark?.dataset.fact ?? place.closest(".fact").id.slice(2);
      document.querySelector(`[data-words="${fact}"]`)?.click();
    }
  });
  for (const [way, step] of [[before, -1], [after, 1]]) {
    way.addEventListener("click", (event) => {
      event.preventDefault();
      chosen = "";
      turn(Number(sheet.dataset.page) + step, sheet.dataset.file);
    });
  }

  chosen = location.hash.match(/^#[fw]-(\d+)$/)?.[1] ?? "";
  if (chosen) document.dispatchEvent(new CustomEvent("zhengling-fact", { detail: chosen }));
  else if (sheet.dataset.marked === undefined) turn(Number(sheet.dataset.page), sheet.dataset.file);
})();
