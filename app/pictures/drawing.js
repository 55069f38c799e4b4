"use strict";
// The picture as SVG: what can be seen, with its bands, as vis-network draws it.
window.drawing = (() => {
  const space = "http://www.w3.org/2000/svg";
  const make = (tag, facts, text) => {
    const element = document.createElementNS(space, tag);
    for (const [name, value] of Object.entries(facts)) element.setAttribute(name, value);
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const dashes = (value) => (Array.isArray(value) ? { "stroke-dasharray": value.join(" ") } : {});

  // Points of a line from one middle to the other.
  function way(edge, from, to) {
    const form = edge.smooth || {};
    const points = [];
    let over = [(from.x + to.x) / 2, (from.y + to.y) / 2], behind = null;
    if (form.type === "cubicBezier") {
      const reach = form.roundness * (to.x - from.x);
      over = [from.x + reach, from.y]; behind = [to.x - reach, to.y];
    } else if (form.type === "curvedCW" || form.type === "curvedCCW") {
      const bend = form.roundness * (form.type === "curvedCW" ? 1 : -1);
      const dx = to.x - from.x, dy = from.y - to.y, far = (form.roundness / 2 + 0.5) * Math.hypot(dx, dy);
      const turn = Math.atan2(dy, dx) + (bend / 2 + 0.5) * Math.PI;
      over = [from.x + far * Math.sin(turn), from.y + far * Math.cos(turn)];
    }
    for (let n = 0; n <= 60; n += 1) {
      const t = n / 60, s = 1 - t;
      const mix = (a, b, c, d) => (behind ? s * s * s * a + 3 * s * s * t * b + 3 * s * t * t * c + t * t * t * d
        : s * s * a + 2 * s * t * b + t * t * d);
      points.push([mix(from.x, over[0], behind && behind[0], to.x), mix(from.y, over[1], behind && behind[1], to.y)]);
    }
    return points;
  }
  const inside = (box, [x, y]) => x > box.left && x < box.right && y > box.top && y < box.bottom;

  function line(edge, spot, boxes) {
    const points = way(edge, spot[edge.from], spot[edge.to])
      .filter((point) => !inside(boxes[edge.from], point) && !inside(boxes[edge.to], point));
    if (points.length < 2) return null;
    const [x, y] = points.at(-1), [x0, y0] = points.at(-2), turn = Math.atan2(y - y0, x - x0);
    const colour = edge.color.color, size = 7 + edge.width;
    const tip = (angle) => `${(x - size * Math.cos(turn + angle)).toFixed(1)},${(y - size * Math.sin(turn + angle)).toFixed(1)}`;
    const group = make("g", {});
    group.append(make("polyline", { points: points.map((point) => point.map((v) => v.toFixed(1)).join(",")).join(" "),
      fill: "none", stroke: colour, "stroke-width": edge.width, ...dashes(edge.dashes) }));
    group.append(make("polygon", { points: `${x.toFixed(1)},${y.toFixed(1)} ${tip(0.45)} ${tip(-0.45)}`, fill: colour }));
    if (edge.label) {
      const [mx, my] = points[Math.floor(points.length / 2)];
      group.append(...words(edge.label, mx, my, edge.font, "#ffffff"));
    }
    return group;
  }

  function words(text, x, y, font, halo) {
    const lines = text.split("\n"), step = font.size * 1.15;
    return lines.map((one, i) => make("text", { x, y: (y + (i - (lines.length - 1) / 2) * step).toFixed(1), fill: font.color,
      "font-size": font.size, "font-family": font.face, "text-anchor": "middle", "dominant-baseline": "central",
      ...(halo ? { stroke: halo, "stroke-width": 3, "paint-order": "stroke" } : {}) }, one));
  }

  function sign(node, spot, box) {
    const { x, y } = spot, group = make("g", {});
    const look = { fill: node.color.background, stroke: node.color.border, "stroke-width": node.borderWidth,
      ...dashes(node.shapeProperties && node.shapeProperties.borderDashes) };
    const wide = box.right - box.left, high = box.bottom - box.top;
    if (node.shape === "box") {
      group.append(make("rect", { x: box.left, y: box.top, width: wide, height: high, rx: node.shapeProperties.borderRadius, ...look }));
      group.append(...words(node.label, x, y, node.font));
    } else if (node.shape === "ellipse") {
      group.append(make("ellipse", { cx: x, cy: y, rx: wide / 2, ry: high / 2, ...look }));
      group.append(...words(node.label, x, y, node.font));
    } else {
      const r = node.size, corners = { triangle: 3, hexagon: 6 }[node.shape];
      const corner = (n) => `${x + r * Math.sin((2 * Math.PI * n) / corners)},${y - r * Math.cos((2 * Math.PI * n) / corners)}`;
      group.append(corners ? make("polygon", { points: Array.from({ length: corners }, (_, n) => corner(n)).join(" "), ...look })
        : make("circle", { cx: x, cy: y, r, ...look }));
      const lines = node.label.split("\n").length;
      group.append(...words(node.label, x, y + r + 4 + (lines * node.font.size * 1.15) / 2, node.font, "#f6f7f9"));
    }
    return group;
  }

  // `nodes` and `edges` that can be seen; `bands` with their left and right ends.
  function svg(network, nodes, edges, bands, ends) {
    const spot = network.getPositions(), boxes = {};
    const signs = {}; // where lines end: at the sign, not at the label below it
    for (const node of nodes) {
      boxes[node.id] = network.getBoundingBox(node.id);
      const { x, y } = spot[node.id], r = node.size + 2;
      signs[node.id] = ["dot", "triangle", "hexagon"].includes(node.shape) ? { left: x - r, right: x + r, top: y - r, bottom: y + r } : boxes[node.id];
    }
    const every = Object.values(boxes);
    let [x0, x1] = [Math.min(...every.map((b) => b.left)) - 20, Math.max(...every.map((b) => b.right)) + 20];
    let [y0, y1] = [Math.min(...every.map((b) => b.top)) - 20, Math.max(...every.map((b) => b.bottom)) + 20];
    if (bands.length) [x0, x1, y0, y1] = [ends.left, ends.right, Math.min(y0, bands[0].top - 14), Math.max(y1, bands.at(-1).bottom + 14)];
    const picture = make("svg", { xmlns: space, viewBox: [x0, y0, x1 - x0, y1 - y0].join(" "), width: x1 - x0, height: y1 - y0 });
    picture.append(make("rect", { x: x0, y: y0, width: x1 - x0, height: y1 - y0, fill: "#ffffff" }));
    bands.forEach((band, i) => {
      picture.append(make("rect", { x: x0, y: band.top - 12, width: x1 - x0, height: band.bottom - band.top + 24,
        fill: i % 2 ? "#f6f7f9" : "#edf0f5" }));
      picture.append(make("text", { x: x0 + 16, y: (band.top + band.bottom) / 2, fill: "#4a5568", "font-size": ends.size,
        "font-weight": 600, "font-family": nodes[0].font.face, "dominant-baseline": "central" }, band.name));
    });
    picture.append(...edges.map((edge) => line(edge, spot, signs)).filter(Boolean));
    picture.append(...nodes.map((node) => sign(node, spot[node.id], boxes[node.id])));
    return picture;
  }

  function save(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }
  const text = (picture) => new XMLSerializer().serializeToString(picture);
  const saveSvg = (picture, name) => save(new Blob([text(picture)], { type: "image/svg+xml" }), `${name}.svg`);
  function savePng(picture, name) {
    const [wide, high] = [Number(picture.getAttribute("width")), Number(picture.getAttribute("height"))];
    const scale = Math.min(2, 8000 / Math.max(wide, high)), image = new Image();
    image.onload = () => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [Math.ceil(wide * scale), Math.ceil(high * scale)];
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => save(blob, `${name}.png`), "image/png");
    };
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text(picture))}`;
  }
  return { svg, saveSvg, savePng };
})();
