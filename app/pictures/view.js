"use strict";
// The page's own script: draws the graph, searches, filters, and fills the panel. Texts go in as text, never as markup.
(() => {
  const { nodes: allNodes, edges: allEdges, options, about } = JSON.parse(document.getElementById("data").textContent);
  const at = (id) => document.getElementById(id);
  const nodeOf = new Map(allNodes.map((node) => [node.id, node]));
  const edgesOf = new Map(allNodes.map((node) => [node.id, []]));
  for (const edge of allEdges) {
    edgesOf.get(edge.from).push(edge);
    if (edge.to !== edge.from) edgesOf.get(edge.to).push(edge);
  }
  const edgeOf = new Map(allEdges.map((edge) => [edge.id, edge]));
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));
  const make = (tag, text, name) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (name) element.className = name;
    return element;
  };

  // vis-network gets only what it draws.
  const drawn = ["id", "label", "title", "x", "y", "shape", "size", "font", "color", "margin", "borderWidth",
    "borderWidthSelected", "shapeProperties", "from", "to", "width", "dashes", "smooth", "arrows"];
  const pick = (item) => Object.fromEntries(drawn.filter((name) => name in item).map((name) => [name, item[name]]));
  const nodes = new vis.DataSet(allNodes.map(pick));
  const edges = new vis.DataSet(allEdges.map(pick));
  const network = new vis.Network(at("mynetwork"), { nodes, edges }, options);

  // --- bands of a picture by level -----------------------------------------------------------------------------
  let bands = about.bands, left = 0, right = 0, nameSize = 16, nameRoom = 0;
  function measure() {
    const boxes = allNodes.filter((node) => !visible.size || visible.has(node.id)).map((node) => network.getBoundingBox(node.id));
    left = Math.min(0, ...boxes.map((box) => box.left)) - 40;
    right = Math.max(0, ...boxes.map((box) => box.right)) + 40;
    nameSize = Math.max(16, Math.min(40, (right - left) / 50));
    nameRoom = bands.length ? 40 + nameSize * Math.max(...bands.map((band) => band.name.length)) : 0;
  }
  network.on("beforeDrawing", (canvas) => {
    bands.forEach((band, i) => {
      canvas.fillStyle = i % 2 ? "#f6f7f9" : "#edf0f5";
      canvas.fillRect(left - nameRoom, band.top - 12, right - left + nameRoom, band.bottom - band.top + 24);
      canvas.fillStyle = "#4a5568";
      canvas.font = `600 ${nameSize}px ${allNodes[0].font.face}`;
      canvas.textAlign = "left";
      canvas.textBaseline = "middle";
      canvas.fillText(band.name, left - nameRoom + 16, (band.top + band.bottom) / 2);
    });
  });

  // --- filters -------------------------------------------------------------------------------------------------
  const off = { kind: new Set(), line: new Set(), level: new Set() };
  const frame = new Set(["IN", "BRANCH_OF"]); // where a unit stands is no reason to show it
  const visible = new Set();
  const seen = (edge) => !off.line.has(edge.kind) && visible.has(edge.from) && visible.has(edge.to);
  // Papers are filtered by their level, place, year and title; everything else goes with the papers that it is of.
  const papers = allNodes.filter((node) => node.kind === "Document");
  const chosen = { place: "", year: "", document: "" };
  for (const [name, value, told] of [["place", "at", "at"], ["year", "year", "year"], ["document", "id", "name"]]) {
    const select = at(`of-${name}`);
    const found = new Map(papers.filter((paper) => paper[value]).map((paper) => [String(paper[value]), String(paper[told])]));
    const order = [...found].sort((a, b) => (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0));
    select.append(...order.map(([key, text]) => { const one = make("option", text); one.value = key; return one; }));
    select.closest("label").hidden = found.size < 2;
    select.value = "";
    select.addEventListener("change", () => { chosen[name] = select.value; filter(); });
  }
  const held = (paper) => !off.level.has(paper.grade) && (!chosen.place || paper.at === chosen.place)
    && (!chosen.year || String(paper.year) === chosen.year) && (!chosen.document || paper.id === chosen.document);
  function filter() {
    sieve();
    arrange();
    shown();
    fit();
  }
  function sieve() {
    visible.clear();
    const kept = new Set(papers.filter(held).map((paper) => paper.id));
    const all = kept.size === papers.length;
    for (const node of allNodes) {
      if (!all && !node.papers.some((paper) => kept.has(paper))) continue;
      if (node.kind === "Unit" && off.level.has(node.grade)) continue;
      const own = edgesOf.get(node.id).filter((edge) => !frame.has(edge.kind));
      const cut = off.line.size && own.length && own.every((edge) => off.line.has(edge.kind));
      if (!off.kind.has(node.kind) && (!cut || node.id === about.focus)) visible.add(node.id);
    }
  }
  function shown() {
    nodes.update(allNodes.map((node) => ({ id: node.id, hidden: !visible.has(node.id) })));
    edges.update(allEdges.map((edge) => ({ id: edge.id, hidden: !seen(edge) })));
    search();
  }

  const levels = ["national", "province", "city", "county", "township"];
  // What is left is laid out anew, unless that would take long; with nothing filtered out, all stands where it stood.
  const many = 600;
  function arrange() {
    const whole = visible.size === allNodes.length;
    bands = about.bands;
    if (allNodes.length > many && !bands.length) { measure(); return; }
    const grades = levels.filter((level) => allNodes.some((node) => visible.has(node.id) && node.kind === "Document" && node.grade === level));
    const height = (node) => node.kind === "Document" && grades.includes(node.grade)
      ? grades.indexOf(node.grade) / Math.max(1, grades.length - 1) : undefined;
    const left = allNodes.filter((node) => whole || visible.has(node.id)).map((node) => ({ id: node.id, room: node.room,
      lift: node.lift, height: height(node), old: [node.x, node.y + node.lift], x: node.x, y: node.y + node.lift }));
    if (!whole && about.bands.length) bands = placed.bands(left, about.bands, 1400);
    else if (!whole) placed.springs(left, allEdges.filter(seen).map((edge) => [edge.from, edge.to]));
    nodes.update(left.map((item) => ({ id: item.id, x: Math.round(item.x), y: Math.round(item.y - item.lift) })));
    measure();
  }
  for (const box of document.querySelectorAll("#legend input")) {
    box.checked = true;
    box.addEventListener("change", () => {
      const group = ["kind", "line", "level"].find((name) => name in box.dataset);
      off[group][box.checked ? "delete" : "add"](box.dataset[group]);
      filter();
    });
  }

  // --- search; with nothing to search for, the list holds every node ----------------------------------------------
  const most = 100;
  const plain = (text) => text.normalize("NFKC").toLowerCase().trim();
  function search() {
    const words = plain(at("search").value).split(/\s+/).filter(Boolean);
    const hits = allNodes.filter((node) => visible.has(node.id) && words.every((word) => (node.words ?? node.called).includes(word)));
    if (words.length) {
      const called = (node) => words.every((word) => node.called.includes(word));
      const rank = (node) => (node.kind === "Unit" && called(node) ? 0 : called(node) ? 1 : 2);
      hits.sort((a, b) => rank(a) - rank(b));
    }
    at("count").textContent = hits.length ? fill(about.open.found, { count: hits.length })
      : about.text[allNodes.length ? "nothing-found" : "empty"];
    const list = at("found");
    list.replaceChildren(...hits.slice(0, most).map((node) => {
      const row = make("li");
      row.append(toNode(node, true));
      return row;
    }));
    if (hits.length > most) {
      const row = make("li");
      row.append(make("p", fill(about.open.more, { count: hits.length - most })));
      list.append(row);
    }
    dim(words.length ? new Set(hits.map((node) => node.id)) : null);
  }
  function toNode(node, chip) {
    const button = make("button");
    button.type = "button";
    if (chip) button.append(make("span", about.kinds[node.kind], "chip"));
    button.append(make("span", node.name));
    if (chip && node.where) button.append(make("small", node.where));
    button.title = node.name;
    button.dataset.node = node.id;
    button.addEventListener("click", () => choose(node.id, true));
    return button;
  }
  at("search").addEventListener("input", search);
  at("search").addEventListener("keydown", (event) => {
    const first = at("found").querySelector("button");
    if (event.key === "Enter" && first) first.click();
    if (event.key === "ArrowDown" && first) { event.preventDefault(); first.focus(); }
    if (event.key === "Escape") { at("search").value = ""; search(); }
  });
  at("found").addEventListener("keydown", (event) => {
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    const row = event.target.closest("li");
    if (!step || !row) return;
    event.preventDefault();
    (row[step]?.querySelector("button") ?? (step[0] === "p" ? at("search") : event.target)).focus();
  });

  // Everything but `kept` steps back; null brings all of it forward. (Without its label, a node keeps its old colour.)
  let dimmed = false;
  function dim(kept) {
    if (!kept && !dimmed) return;
    dimmed = Boolean(kept);
    nodes.update(allNodes.map((node) => ({ id: node.id, label: node.label, opacity: !kept || kept.has(node.id) ? 1 : 0.18,
      font: { ...node.font, color: !kept || kept.has(node.id) ? node.font.color : "rgba(90,98,110,.3)" } })));
    edges.update(allEdges.map((edge) => ({ id: edge.id,
      color: { ...edge.color, opacity: !kept || (kept.has(edge.from) && kept.has(edge.to)) ? 1 : 0.1 } })));
  }

  // --- the panel -----------------------------------------------------------------------------------------------
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  function choose(id, move) {
    const node = nodeOf.get(id);
    if (!node) return;
    const near = new Set([id]);
    for (const edge of edgesOf.get(id)) if (seen(edge)) near.add(edge.from).add(edge.to);
    if (visible.has(id)) {
      network.selectNodes([id]);
      if (move) network.focus(id, { scale: Math.max(network.getScale(), 0.9), animation: calm ? false : { duration: 250 } });
    }
    dim(near);
    for (const button of document.querySelectorAll("#found [data-node]")) {
      if (button.dataset.node === id) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    const parts = [make("span", about.kinds[node.kind], "chip"), make("h2", node.name), facts(node), ...quotes(node, true)];
    const rows = edgesOf.get(id).slice(0, 200).map((edge) => relationship(edge, id));
    if (rows.length) {
      const list = make("ul");
      list.append(...rows);
      if (edgesOf.get(id).length > rows.length) list.append(make("li", "…", "more"));
      parts.push(make("h3", `${about.text.neighbours} (${edgesOf.get(id).length})`), list);
    }
    show(parts);
    document.dispatchEvent(new CustomEvent("chosen", { detail: id }));
  }
  function chooseEdge(id) {
    const edge = edgeOf.get(id);
    network.selectEdges([id]);
    dim(new Set([edge.from, edge.to]));
    const ends = make("ul");
    for (const [side, end] of [["from", edge.from], ["to", edge.to]]) {
      const row = make("li");
      row.append(make("span", about.text[side], "chip"), toNode(nodeOf.get(end)));
      ends.append(row);
    }
    show([make("span", about.kinds[edge.kind], "chip"),
      make("h2", `${nodeOf.get(edge.from).name} → ${nodeOf.get(edge.to).name}`), facts(edge), ends, ...quotes(edge, true)]);
  }
  function relationship(edge, id) {
    const row = make("li");
    const kind = make("button", about.kinds[edge.kind], "chip");
    kind.type = "button";
    kind.addEventListener("click", () => chooseEdge(edge.id));
    row.append(kind, make("span", edge.from === id ? "→ " : "← "), toNode(nodeOf.get(edge.from === id ? edge.to : edge.from)));
    row.append(...quotes(edge, false));
    return row;
  }
  function facts(item) {
    const list = make("dl");
    for (const [name, value] of item.facts) list.append(make("dt", name), make("dd", value));
    return list;
  }
  function quotes(item, headed) {
    const parts = item.quotes.map(([words, where]) => {
      const quote = make("blockquote", words);
      if (where) quote.append(make("cite", where));
      return quote;
    });
    if (item.more) parts.push(make("p", fill(about.open["more-quotes"], { count: item.more }), "more"));
    if (headed && parts.length) parts.unshift(make("h3", about.text.quotes));
    return parts;
  }
  function show(parts) {
    at("details").replaceChildren(...parts);
    at("details").scrollTop = 0;
  }
  function rest() {
    network.unselectAll();
    search();
    hint();
  }
  const hint = () => show([make("p", about.text["details-hint"], "hint")]);
  network.on("click", (event) => {
    if (event.nodes.length) choose(event.nodes[0], false);
    else if (event.edges.length) chooseEdge(event.edges[0]);
    else rest();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target !== at("search")) rest();
  });

  // --- the window on the picture -------------------------------------------------------------------------------
  function fit() {
    const boxes = allNodes.filter((node) => visible.has(node.id)).map((node) => network.getBoundingBox(node.id));
    if (!boxes.length) return;
    const edge = (side, pick) => pick(...boxes.map((box) => box[side]));
    let [x0, x1, y0, y1] = [edge("left", Math.min), edge("right", Math.max), edge("top", Math.min), edge("bottom", Math.max)];
    if (bands.length) [x0, x1, y0, y1] = [left - nameRoom, right, Math.min(y0, bands[0].top - 14), Math.max(y1, bands.at(-1).bottom + 14)];
    const room = at("mynetwork").getBoundingClientRect();
    const tools = 44; // the height of the buttons below
    const scale = Math.max(0.02, Math.min(1.25, (room.width - 24) / (x1 - x0 + 1), (room.height - 24 - tools) / (y1 - y0 + 1)));
    network.moveTo({ position: { x: (x0 + x1) / 2, y: (y0 + y1) / 2 + tools / 2 / scale }, scale });
  }
  const zoom = (by) => network.moveTo({ scale: network.getScale() * by });
  at("fit").addEventListener("click", fit);
  at("in").addEventListener("click", () => zoom(1.3));
  at("out").addEventListener("click", () => zoom(1 / 1.3));
  window.addEventListener("resize", fit);

  const picture = () => drawing.svg(network, allNodes.filter((node) => visible.has(node.id)), allEdges.filter(seen), bands,
    { left: left - nameRoom, right, size: nameSize });
  const file = document.title.replace(/[\\/:*?"<>|\s]+/g, "_").slice(0, 60) || "zhengling";
  at("svg").addEventListener("click", () => drawing.saveSvg(picture(), file));
  at("png").addEventListener("click", () => drawing.savePng(picture(), file));
  at("print").addEventListener("click", () => window.print());
  window.addEventListener("beforeprint", () => at("printed").replaceChildren(...(visible.size ? [picture()] : [])));
  window.addEventListener("afterprint", () => at("printed").replaceChildren());

  // --- more nodes, where the page can ask for them ---------------------------------------------------------------
  const first = allNodes.length;
  let last = allEdges.length, kept = null;
  const told = ["facts", "quotes", "more", "words"];
  const learn = (item, from) => told.forEach((name) => { if (name in from) item[name] = from[name]; });
  // Takes in a part of the graph: what is there learns its facts, what is not stands near the node `by`. Gives the ids
  // of the nodes that are new.
  function add(part, by) {
    const fresh = [], lines = [];
    for (const node of part.nodes) {
      const there = nodeOf.get(node.id);
      if (there) { learn(there, node); continue; }
      fresh.push(node);
      allNodes.push(node);
      nodeOf.set(node.id, node);
      edgesOf.set(node.id, []);
      if (node.kind === "Document") papers.push(node);
    }
    for (const edge of part.edges) {
      const same = (other) => other.from === edge.from && other.to === edge.to && other.kind === edge.kind && other.own === edge.own;
      const there = edgesOf.get(edge.from).find(same);
      if (there) { learn(there, edge); continue; }
      edge.id = `e${last++}`;
      lines.push(edge);
      allEdges.push(edge);
      edgeOf.set(edge.id, edge);
      edgesOf.get(edge.from).push(edge);
      if (edge.to !== edge.from) edgesOf.get(edge.to).push(edge);
    }
    if (fresh.length) {
      if (about.bands.length) { kept = about.bands; bands = about.bands = []; } // what is new stands at no level
      near(fresh, by);
    }
    nodes.add(fresh.map(pick));
    edges.add(lines.map(pick));
    sieve();
    measure();
    shown();
    tally();
    return fresh.map((node) => node.id);
  }
  // Places in a spiral around a node, where no box lies over another.
  function near(fresh, by) {
    const spots = network.getPositions();
    const box = (node, x, y) => ({ x, y, w: node.room[0] / 2 + 7, h: node.room[1] / 2 + 7 });
    const boxes = allNodes.filter((node) => spots[node.id]).map((node) => box(node, spots[node.id].x, spots[node.id].y + node.lift));
    const middle = spots[by] || { x: 0, y: 0 };
    let n = 20;
    for (const node of fresh) {
      let one;
      do {
        const turn = n * Math.PI * (3 - Math.sqrt(5)), reach = 22 * Math.sqrt(n++);
        one = box(node, middle.x + 1.3 * reach * Math.cos(turn), middle.y + reach * Math.sin(turn));
      } while (boxes.some((other) => Math.abs(one.x - other.x) < one.w + other.w && Math.abs(one.y - other.y) < one.h + other.h));
      boxes.push(one);
      node.x = Math.round(one.x);
      node.y = Math.round(one.y - node.lift);
    }
  }
  function remove(ids) {
    const gone = new Set(ids);
    const lines = allEdges.filter((edge) => gone.has(edge.from) || gone.has(edge.to));
    const without = (list, test) => list.splice(0, list.length, ...list.filter((item) => !test(item)));
    without(allNodes, (node) => gone.has(node.id));
    without(papers, (node) => gone.has(node.id));
    without(allEdges, (edge) => lines.includes(edge));
    for (const edge of lines) {
      edgeOf.delete(edge.id);
      for (const end of [edge.from, edge.to]) if (!gone.has(end)) without(edgesOf.get(end), (other) => other === edge);
    }
    for (const id of gone) { nodeOf.delete(id); edgesOf.delete(id); }
    nodes.remove([...gone]);
    edges.remove(lines.map((edge) => edge.id));
    if (kept && allNodes.length === first) { bands = about.bands = kept; kept = null; }
    sieve();
    measure();
    shown();
    tally();
  }
  // How many there are of what the legend names; what is not there is not named.
  function tally() {
    for (const box of document.querySelectorAll("#legend [data-kind], #legend [data-line]")) {
      const [name, list] = "kind" in box.dataset ? [box.dataset.kind, allNodes] : [box.dataset.line, allEdges];
      const count = list.filter((item) => item.kind === name).length;
      box.closest("li").querySelector("b").textContent = count;
      box.closest("li").hidden = !count;
    }
    for (const box of document.querySelectorAll("#legend [data-level]")) {
      box.closest("li").hidden = !allNodes.some((node) => node.grade === box.dataset.level && ["Document", "Unit"].includes(node.kind));
    }
  }

  tally();
  sieve();
  measure();
  search();
  fit(); // with nothing filtered out, all stands as it was given to vis-network
  if (about.focus) choose(about.focus, false);
  else hint();
  if (about.focus) dim(null);
  window.zhengling = { network, nodes, edges, choose, picture, add, remove, dim, fit, nodeOf };
})();
