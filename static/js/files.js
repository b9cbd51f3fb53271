// Sends files one by one as soon as they are chosen, each with its progress; the page's own list is drawn by the server.
// <form data-files-into="id">: file inputs named "files", and the element that holds the list. Without this script the
// form's button sends them all at once.

import { takeNewToken } from "./token.js";

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
      const body = "filesWithForm" in form.dataset ? new FormData(form) : new FormData();
      body.delete("files");
      body.set("csrf_token", form.elements.csrf_token.value);
      body.set("then", "upload");
      body.append("files", file);
      request.open("POST", form.action);
      request.setRequestHeader("X-Part", form.dataset.filesInto); // all that is shown of the answer
      request.upload.addEventListener("progress", (event) => {
        const part = event.lengthComputable ? Math.round((100 * event.loaded) / event.total) : 0;
        shown.bar.value = part;
        shown.says.textContent = part < 100 ? `On its way: ${part}% of ${megabytes(file.size)} MB ` : "Being checked and sealed ";
      });
      request.addEventListener("load", async () => {
        shown.item.remove();
        const parsed = new DOMParser().parseFromString(request.responseText, "text/html");
        const fresh = parsed.getElementById(form.dataset.filesInto);
        const more = [...into.querySelectorAll("li.is-refused, [data-on-its-way] > li")];
        if (fresh && request.status < 500) {
          into.replaceChildren(...fresh.childNodes);
          list().append(...more);
          settle();
        } else {
          failed(file, await why(request));
        }
        done();
      });
      request.addEventListener("error", () => {
        shown.item.remove();
        failed(file, "Not kept yet: the network was lost.");
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

  async function why(request) {
    if (request.status === 413) return `Not kept: it is larger than ${form.dataset.largest || "the"} MB that one file may have.`;
    if (request.responseURL.includes("/sign-in")) return "Not kept yet: you were signed out. Sign in again in another tab.";
    if (request.status === 400 && (await takeNewToken(form))) return "Not kept yet: you had signed in again.";
    return "Not kept yet: it could not be stored just now.";
  }

  // A file that did not arrive stays here with its bytes: nothing has to be chosen or photographed again.
  function failed(file, words) {
    const shown = row(list(), file.name);
    shown.item.className = "is-refused";
    shown.says.textContent = words;
    shown.says.className = "ib-no";
    shown.bar.remove();
    const again = document.createElement("button");
    again.type = "button";
    again.className = "ib-linkbutton";
    again.textContent = "Try again";
    again.setAttribute("aria-label", `Try again: ${file.name}`);
    again.dataset.tryAgain = "yes";
    again.addEventListener("click", () => {
      shown.item.remove();
      queue(file);
    });
    shown.says.after(document.createElement("br"), again);
    shown.stop.textContent = "Clear";
    shown.stop.setAttribute("aria-label", `Clear: ${file.name}`);
    shown.stop.addEventListener("click", () => shown.item.remove());
  }

  function tooLarge(file) {
    const most = Number(form.dataset.largest || 0);
    return most && file.size > most * 1048576;
  }

  function queue(file) {
    if (tooLarge(file)) return failed(file, `Not kept: it has ${megabytes(file.size)} MB. One file may have ${form.dataset.largest} MB. Your other files are safe.`);
    const shown = row(list(), file.name);
    shown.stop.addEventListener("click", () => shown.item.remove());
    waiting.push({ file, shown });
    work();
  }

  // What is asked about the files is asked once there are some.
  function settle() {
    for (const part of form.querySelectorAll("[data-with-files]")) part.hidden = !into.querySelector("li");
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
      for (const file of [...input.files]) queue(file);
      input.value = "";
    });
  }
  for (const button of form.querySelectorAll("[data-files-button]")) button.hidden = true;
  settle();
  addEventListener("online", () => {
    for (const again of into.querySelectorAll("[data-try-again]")) again.click();
  });
  addEventListener("beforeunload", (event) => {
    if (into.querySelector("[data-try-again], [data-on-its-way] progress")) event.preventDefault();
  });
}
