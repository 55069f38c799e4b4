"use strict";
// Files that are dropped or chosen go one after another; then they are read, and how that goes is shown as it happens.
(() => {
  const form = document.getElementById("upload");
  const going = document.getElementById("going");
  const list = document.getElementById("files");
  const stage = document.getElementById("stage");
  const bar = document.getElementById("bar");
  const make = (tag, text, name) => Object.assign(document.createElement(tag), { textContent: text ?? "", className: name ?? "" });
  const rows = new Map();

  function row(name) {
    if (!rows.has(name)) {
      const item = make("li");
      item.append(make("b", name), " ", make("small"));
      list.append(item);
      rows.set(name, item);
    }
    return rows.get(name);
  }
  function say(name, text, failed) {
    row(name).lastChild.textContent = text;
    row(name).classList.toggle("failed", Boolean(failed));
  }

  function follow(job) {
    const source = new EventSource(`/upload/events?job=${encodeURIComponent(job)}`);
    const words = going.dataset;
    stage.textContent = words.reading;
    source.addEventListener("message", (message) => {
      const event = JSON.parse(message.data);
      if (event.total) {
        bar.hidden = false;
        bar.max = event.total;
        bar.value = event.done;
        stage.textContent = `${words.reading} ${event.done}/${event.total} ${event.name}`;
      } else if (event.failed) {
        say(event.failed, event.why, true);
      } else if (event.read) {
        const text = event.joined ? `${words.joined} ${event.joined}` : event.duplicate ? words.twice : words.tasks.replace("#", event.tasks);
        say(event.read, text);
        if (event.document) {
          const link = make("a", event.read);
          link.href = `/papers/${encodeURIComponent(event.document)}`;
          row(event.read).firstChild.replaceChildren(link);
        }
      } else if (event.stage === "done" || event.stage === "broken") {
        stage.textContent = `${event.stage === "done" ? (event.nothing ? words.nothing : words.done) : words.broken} ${event.why ?? ""}`;
        bar.hidden = true;
      }
    });
    source.addEventListener("end", () => source.close());
  }
  if (going?.dataset.job) follow(going.dataset.job);
  if (!form) return;

  async function send(files) {
    if (!files.length) return;
    going.hidden = false;
    for (const [name] of files) say(name, form.dataset.waiting);
    let kept = 0;
    const headers = { "x-zhengling-token": form.dataset.token, accept: "application/json" };
    for (const [name, file] of files) {
      try {
        const answer = await fetch("/upload/file", { method: "POST", body: file, headers: { ...headers, "x-name": encodeURIComponent(name) } });
        const told = await answer.json();
        if (answer.ok) kept += 1;
        say(name, answer.ok ? form.dataset.sent : told.message, !answer.ok);
      } catch (error) {
        say(name, String(error), true);
      }
    }
    if (!kept) return;
    const answer = await fetch("/upload/read", { method: "POST", headers });
    const job = new URL(answer.url).searchParams.get("job");
    history.replaceState(null, "", `/upload?job=${job}`);
    follow(job);
  }
  const chosen = (input) => [...input.files].map((file) => [file.webkitRelativePath || file.name, file]);

  async function dropped(items) {
    const found = [];
    async function walk(entry) {
      if (entry.isFile) {
        found.push([entry.fullPath.replace(/^\//, ""), await new Promise((good, bad) => entry.file(good, bad))]);
      } else {
        const reader = entry.createReader();
        for (;;) {
          const some = await new Promise((good, bad) => reader.readEntries(good, bad));
          if (!some.length) break;
          for (const one of some) await walk(one);
        }
      }
    }
    for (const entry of [...items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean)) await walk(entry);
    return found;
  }

  const folder = document.getElementById("folder");
  folder.closest("label").hidden = false;
  folder.addEventListener("change", () => send(chosen(folder)));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(chosen(form.elements.files));
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      form.classList.toggle("over", name === "dragover");
      if (name === "drop") dropped(event.dataTransfer.items).then(send);
    });
  }
})();
