"use strict";
// Where the nodes that are left stand when some are filtered out: the same rules as those of the whole picture.
window.placed = (() => {
  const gap = 14;

  // What is joined comes near, the rest keeps apart, no two nodes overlap. `items` have id, x, y (centres) and room, and
  // some a height: they are drawn up (0) or down (1).
  function springs(items, pairs) {
    const n = items.length;
    if (n < 2) return;
    const at = new Map(items.map((item, i) => [item.id, i]));
    const joined = pairs.filter(([a, b]) => at.has(a) && at.has(b) && a !== b).map(([a, b]) => [at.get(a), at.get(b)]);
    const wide = items.map((item) => item.room[0] + gap), high = items.map((item) => item.room[1] + gap);
    const degree = new Float64Array(n);
    for (const [a, b] of joined) { degree[a] += 1; degree[b] += 1; }
    const ideal = 1.1 * Math.sqrt(wide.reduce((sum, w, i) => sum + w * high[i], 0) / n);
    const steps = n > 250 ? 90 : 180;
    for (let step = 0; step < steps; step += 1) {
      const fx = new Float64Array(n), fy = new Float64Array(n);
      for (let i = 0; i < n; i += 1) {
        for (let j = 0; j < i; j += 1) {
          const dx = items[i].x - items[j].x || 0.1, dy = items[i].y - items[j].y || 0.1;
          const push = (ideal * ideal * Math.sqrt((1 + degree[i]) * (1 + degree[j]))) / Math.max(dx * dx + dy * dy, 1);
          fx[i] += dx * push; fy[i] += dy * push; fx[j] -= dx * push; fy[j] -= dy * push;
        }
        fx[i] -= items[i].x * 0.05 * Math.sqrt(n); fy[i] -= items[i].y * 0.05 * Math.sqrt(n);
        if (items[i].height !== undefined) {
          fy[i] += ((items[i].height - 0.5) * 2 * ideal * Math.sqrt(n) - items[i].y) * Math.sqrt(1 + degree[i]) * 6;
        }
      }
      for (const [a, b] of joined) {
        const dx = items[a].x - items[b].x, dy = items[a].y - items[b].y;
        const pull = Math.hypot(dx, dy) / ideal / Math.sqrt(Math.max(1, Math.min(degree[a], degree[b])));
        fx[a] -= dx * pull; fy[a] -= dy * pull; fx[b] += dx * pull; fy[b] += dy * pull;
      }
      const heat = ideal * 2.5 * (1 - step / steps) ** 1.5 + 0.5;
      items.forEach((item, i) => {
        const length = Math.max(Math.hypot(fx[i], fy[i]), 1e-9), most = Math.min(length, heat);
        item.x += (fx[i] / length) * most; item.y += (fy[i] / length) * most;
      });
    }
    // Springs leave much empty room: all is drawn together until the boxes would fill most of it.
    const span = (name) => Math.max(Math.max(...items.map((item) => item[name])) - Math.min(...items.map((item) => item[name])), 1);
    const room = wide.reduce((sum, w, i) => sum + w * high[i], 0) / 0.8;
    const byX = Math.sqrt(room * 1.1) / span("x"), byY = Math.sqrt(room / 1.1) / span("y");
    for (const item of items) { item.x *= byX; item.y *= byY; }
    apart(items, wide, high);
  }

  function apart(items, wide, high) {
    for (let round = 0; round < 400; round += 1) {
      let hit = false;
      for (let i = 0; i < items.length; i += 1) {
        for (let j = 0; j < i; j += 1) {
          const one = items[i], two = items[j], dx = one.x - two.x, dy = one.y - two.y;
          const byX = (wide[i] + wide[j]) / 2 - Math.abs(dx), byY = (high[i] + high[j]) / 2 - Math.abs(dy);
          if (byX <= 0.5 || byY <= 0.5) continue;
          hit = true;
          if (byX / (wide[i] + wide[j]) < byY / (high[i] + high[j])) {
            const move = (byX / 2) * (dx > 0 ? 1 : -1); one.x += move; two.x -= move;
          } else {
            const move = (byY / 2) * (dy > 0 ? 1 : -1); one.y += move; two.y -= move;
          }
        }
      }
      if (!hit) return;
    }
  }

  // Rows of what is left in each band, in the order in which it stood there; gives the new bands.
  function bands(items, old, width) {
    const found = [];
    let top = old.length ? old[0].top : 0;
    for (const band of old) {
      const own = items.filter((item) => item.old[1] >= band.top - 12 && item.old[1] <= band.bottom + 12)
        .sort((a, b) => a.old[1] - b.old[1] || a.old[0] - b.old[0]);
      if (!own.length) continue;
      let y = top + 24, row = [], used = 0;
      const put = () => {
        let x = -used / 2;
        const tall = Math.max(...row.map((item) => item.room[1]));
        for (const item of row) { item.x = x + item.room[0] / 2 + gap; item.y = y + tall / 2; x += item.room[0] + 2 * gap; }
        y += tall + 1.5 * gap; row = []; used = 0;
      };
      for (const item of own) {
        const needs = item.room[0] + 2 * gap;
        if (row.length && used + needs > width) put();
        row.push(item); used += needs;
      }
      put();
      found.push({ ...band, top: top, bottom: y });
      top = y + 46;
    }
    return found;
  }
  return { springs, bands };
})();
