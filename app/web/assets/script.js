"use strict";
// Pages work without this; it saves steps: layers to switch, from a fact to its words and back, "/" for the search.
(() => {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const unfold = (element) => { const folded = element?.closest("details.folded"); if (folded) folded.open = true; };
  const show = (element) => { unfold(element); element?.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" }); };
  const all = (query) => document.querySelectorAll(query);

  for (const box of all("[data-layer]")) {
    const reading = document.querySelector(".reading");
    box.addEventListener("change", () => { reading.classList.toggle(`off-${box.dataset.layer}`, !box.checked); count(); });
  }
  // "Accept what is shown" says how many facts of the layers that are switched on it means.
  function count() {
    const form = document.querySelector("[data-untold]");
    if (!form) return;
    const on = new Map(form.dataset.untold.split(",").map((one) => one.split(":")).filter(([layer]) => document.querySelector(`[data-layer="${layer}"]`)?.checked ?? true));
    const sum = [...on.values()].reduce((all, one) => all + Number(one), 0);
    form.elements.layers.value = [...on.keys()].join(",");
    form.elements.visible.value = sum;
    const button = form.querySelector("[data-accept]");
    button.textContent = button.dataset.label.replace("#", sum);
    button.disabled = !sum;
  }
  count();
  const left = (kind) => [...all(`input[data-${kind}]:not(:checked)`)].map((box) => box.dataset[kind]);
  for (const box of all("input[data-status], input[data-wording]")) {
    box.addEventListener("change", () => {
      const [status, wording] = [left("status"), left("wording")];
      for (const row of all("[data-row]")) {
        row.hidden = status.includes(row.dataset.row) || wording.includes(row.dataset.wording);
      }
    });
  }

  function choose(fact, where) {
    for (const old of all(".chosen")) old.classList.remove("chosen");
    for (const piece of all(`.on[data-fact="${fact}"]`)) piece.classList.add("chosen");
    document.getElementById(`f-${fact}`)?.classList.add("chosen");
    show(document.getElementById(where));
    history.replaceState(null, "", `#${where}`);
    document.dispatchEvent(new CustomEvent("zhengling-fact", { detail: fact }));
  }
  document.addEventListener("click", (event) => {
    const words = event.target.closest("[data-words]");
    const piece = event.target.closest(".on[data-fact]");
    if (words) {
      event.preventDefault();
      choose(words.dataset.words, `w-${words.dataset.words}`);
    } else if (piece && !getSelection().toString()) {
      event.preventDefault();
      choose(piece.dataset.fact, `f-${piece.dataset.fact}`);
    }
  });

  // A page that is being made is asked for again.
  const again = document.querySelector("[data-again]");
  if (again) setTimeout(() => location.reload(), 5000);

  // Review: one key to go on, confirm, reject, change; what was checked can be hidden.
  const reviewing = document.querySelector(".reviewing");
  document.querySelector("[data-unreviewed]")?.addEventListener("change", (event) => reviewing.classList.toggle("unreviewed", event.target.checked));
  function step(by) {
    const facts = [...reviewing.querySelectorAll(".fact")].filter((fact) => fact.offsetParent);
    const now = facts.findIndex((fact) => fact.matches(".chosen, :target"));
    const next = facts[Math.min(Math.max(now + by, 0), facts.length - 1)];
    if (!next) return;
    choose(next.id.slice(2), next.id);
    document.getElementById(`w-${next.id.slice(2)}`)?.scrollIntoView({ block: "center", behavior: "auto" });
  }
  function judge(verb) {
    const fact = reviewing.querySelector(".fact.chosen, .fact:target");
    fact?.querySelector(`:is(.judge > form, form.judge) > button[value="${verb}"]`)?.click();
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "u" && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest("input, textarea, select")) { document.querySelector("[data-undo]")?.click(); return; }
    if (!reviewing || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "c") judge("confirm");
    else if (event.key === "x") judge("reject");
    else if (event.key === "a") document.querySelector("[data-accept]")?.focus();
    else if (event.key === "e") {
      const details = reviewing.querySelector(".fact.chosen details, .fact:target details");
      if (!details) return;
      event.preventDefault();
      details.open = true;
      details.querySelector("input:not([type=hidden]), textarea")?.focus();
    }
  });

  // Fields that offer names while one types: `data-offered` is their kind, or the field that says it.
  let asked = 0;
  for (const field of all("[data-offered]")) {
    const list = document.createElement("datalist");
    list.id = `names-${asked++}`;
    field.after(list);
    field.setAttribute("list", list.id);
    let waiting = 0;
    field.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(async () => {
        const kind = field.form.elements[field.dataset.offered]?.value ?? field.dataset.offered;
        const reply = await fetch(`/offered.json?${new URLSearchParams({ kind, text: field.value })}`).catch(() => null);
        if (!reply?.ok) return;
        list.replaceChildren(...(await reply.json()).map(({ value, told }) => {
          const option = document.createElement("option");
          option.value = value;
          if (told) option.label = `${value} ${told}`;
          return option;
        }));
      }, 150);
    });
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select")) return;
    event.preventDefault();
    document.querySelector(".find input").focus();
  });
})();
