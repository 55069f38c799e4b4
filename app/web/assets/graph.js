"use strict";
// The picture of the workbench: a click on a node loads what it is joined to, and a way leads from one node to another.
(() => {
  const { add, remove, choose, dim, nodeOf, network, nodes } = window.zhengling;
  const at = (id) => document.getElementById(id);
  const text = at("pictured").dataset, opening = at("opening");
  const pages = { Document: "papers", Task: "tasks", Unit: "units" };
  const kinds = { Document: "document", Task: "task", Unit: "unit" };
  const asked = new Map(); // node → how many of its neighbours are still to come, and from which on
  const steps = []; // what was added, to be taken back
  let begun = ""; // where a way begins
  for (const hidden of document.querySelectorAll(".scripted")) hidden.hidden = false;

  const say = (words) => { at("happened").textContent = words; };
  async function load(address, values) {
    const reply = await fetch(`${address}?${new URLSearchParams({ ...values, crowd: nodes.length })}`, { headers: { accept: "application/json" } });
    const data = await reply.json();
    if (!reply.ok) throw new Error(data.message);
    return data;
  }
  async function open(id) {
    const known = asked.get(id) ?? { more: 1, next: 0 };
    if (!known.more) return;
    asked.set(id, { more: 0, next: known.next }); // one at a time
    try {
      const data = await load("/graph/node.json", { id, from: known.next });
      asked.set(id, data);
      const fresh = add(data, id);
      if (fresh.length) {
        steps.push({ fresh, id, known });
        say(text.added.replace("#", fresh.length));
      }
      renew(id);
    } catch (error) {
      asked.set(id, known);
      say(error.message || text.failed);
    }
  }
  // The panel again, without opening the node out again.
  let quiet = false;
  function renew(id) {
    if (at("details").dataset.node !== id) return;
    quiet = true;
    choose(id, false);
    quiet = false;
  }
  async function lead(from, to) {
    begun = "";
    try {
      const data = await load("/graph/way.json", { from, to });
      const fresh = add(data, from);
      if (fresh.length) steps.push({ fresh });
      const names = data.steps.map((id) => nodeOf.get(id).name);
      dim(new Set(data.steps));
      network.fit({ nodes: data.steps, animation: false });
      at("details").replaceChildren(make("h2", text.steps.replace("#", data.steps.length - 1)), list(data.steps, names), link(`/graph?${new URLSearchParams({ from, to })}`, text.way));
      say("");
    } catch (error) {
      say(error.message || text.failed);
    }
  }

  const make = (tag, words) => { const element = document.createElement(tag); element.textContent = words; return element; };
  const link = (to, words) => { const element = make("a", words); element.href = to; return element; };
  function button(words, act) {
    const element = make("button", words);
    element.type = "button";
    element.addEventListener("click", act);
    return element;
  }
  function list(ids, names) {
    const all = document.createElement("ol");
    all.append(...ids.map((id, n) => { const row = document.createElement("li"); row.append(button(names[n], () => choose(id, true))); return row; }));
    return all;
  }

  document.addEventListener("chosen", (event) => {
    const id = event.detail, node = nodeOf.get(id), panel = at("details");
    panel.dataset.node = id;
    if (begun && begun !== id) { lead(begun, id); return; }
    const acts = document.createElement("p");
    acts.className = "acts";
    if (pages[node.kind]) acts.append(link(`/${pages[node.kind]}/${encodeURIComponent(id)}`, text.page), link(`/graph?${new URLSearchParams({ [kinds[node.kind]]: id })}`, text.centre));
    const known = asked.get(id);
    if (!known) acts.append(button(text.open, () => open(id)));
    else if (known.more) acts.append(button(text.more.replace("#", known.more), () => open(id)));
    acts.append(button(text.from, () => { begun = id; say(text.to); }));
    if (steps.length) acts.append(button(text.back, back));
    panel.querySelector("h2").after(acts);
    if (opening.checked && !quiet && !known) open(id);
  });
  function back() {
    const { fresh, id, known } = steps.pop();
    remove(fresh.filter((one) => nodeOf.has(one)));
    if (known) asked.set(id, known.next ? known : { more: 1, next: 0 });
    for (const one of fresh) asked.delete(one);
    say("");
    const now = at("details").dataset.node;
    if (nodeOf.has(now)) { quiet = true; choose(now, false); quiet = false; } else at("details").replaceChildren();
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") { begun = ""; say(""); } });
  // The picture begins with its facts shown, not opened out.
  const focus = JSON.parse(at("data").textContent).about.focus;
  if (focus && nodeOf.has(focus)) { quiet = true; choose(focus, false); quiet = false; dim(null); }
})();
