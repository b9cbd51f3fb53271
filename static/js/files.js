// Sends files one by one as soon as they are chosen, each with its progress; the page's own list is drawn by the server.
// <form data-files-into="id">: file inputs named "files", and the element that holds the list. Without this script the
// form's button sends them all at once.

function row(list, name) {
  const item = document.createElement("li");
  const space = document.createElement("span");
  const words = document.createElement("span");
  const title = document.createElement("strong");
  const says = document.createElement("span");
  const bar = document.createElement("progress");
  const stop = document.createElement("button");
  title.textContent = name;
  says.textContent = "Waiting";
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", `${name}, on its way`);
  stop.type = "button";
  stop.className = "ib-linkbutton";
  stop.textContent = "Stop";
  words.append(title, document.createElement("br"), says, bar);
  item.append(space, words, stop);
  list.append(item);
  return { item, says, bar, stop };
}

function megabytes(bytes) {
  return (bytes / 1048576).toFixed(1);
}

for (const form of document.querySelectorAll("form[data-files-into]")) {
  const into = document.getElementById(form.dataset.filesInto);
  const waiting = [];
  let busy = false;

  function send({ file, shown }) {
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      const body = new FormData();
      body.set("csrf_token", form.elements.csrf_token.value);
      body.set("then", "upload");
      body.append("files", file);
      request.open("POST", form.action);
      request.upload.addEventListener("progress", (event) => {
        const part = event.lengthComputable ? Math.round((100 * event.loaded) / event.total) : 0;
        shown.bar.value = part;
        shown.says.textContent = part < 100 ? `On its way: ${part}% of ${megabytes(file.size)} MB ` : "Being checked and sealed ";
      });
      request.addEventListener("load", () => {
        shown.item.remove();
        const parsed = new DOMParser().parseFromString(request.responseText, "text/html");
        const fresh = parsed.getElementById(form.dataset.filesInto);
        const more = [...into.querySelectorAll("li.is-refused, [data-on-its-way] > li")];
        if (fresh && request.status < 500) {
          into.replaceChildren(...fresh.childNodes);
          list().append(...more);
        } else {
          failed(file, "Not kept: it could not be stored just now. Try again in a few minutes.");
        }
        done();
      });
      request.addEventListener("error", () => {
        shown.item.remove();
        failed(file, "Not kept: the network was lost. Choose it again.");
        done();
      });
      request.addEventListener("abort", () => {
        shown.item.remove();
        done();
      });
      shown.stop.addEventListener("click", () => request.abort());
      request.send(body);
    });
  }

  function failed(file, words) {
    const shown = row(list(), file.name);
    shown.item.className = "is-refused";
    shown.says.textContent = words;
    shown.bar.remove();
    shown.stop.textContent = "Clear";
    shown.stop.addEventListener("click", () => shown.item.remove());
  }

  function list() {
    return into.querySelector("[data-on-its-way]");
  }

  async function work() {
    if (busy) return;
    busy = true;
    while (waiting.length) {
      const next = waiting.shift();
      if (next.shown.item.isConnected) await send(next);
    }
    busy = false;
  }

  for (const input of form.querySelectorAll('input[type="file"]')) {
    input.addEventListener("change", () => {
      for (const file of input.files) {
        const shown = row(list(), file.name);
        shown.stop.addEventListener("click", () => shown.item.remove());
        waiting.push({ file, shown });
      }
      input.value = "";
      work();
    });
  }
  for (const button of form.querySelectorAll("[data-files-button]")) button.hidden = true;
}
