// Hides the page at once: the Hide button, or Shift three times. What was typed stays where it is.
// The cover is the page's own <template id="cover">; opening again asks the server, which may want the password.

const SHIFTS = 3;
const WITHIN = 1500; // milliseconds

const form = document.querySelector("form[data-quick-hide]");
const template = document.getElementById("cover");

let cover = null;
let titleBefore = "";
let focusBefore = null;
let pressed = [];

function post(address, fields) {
  const body = new FormData(fields);
  return fetch(address, { method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin", keepalive: true });
}

function hide() {
  if (cover && !cover.hidden) return;
  titleBefore = document.title;
  focusBefore = document.activeElement;
  if (!cover) {
    cover = template.content.firstElementChild.cloneNode(true);
    document.body.append(cover);
    cover.querySelector("form").addEventListener("submit", openAgain);
  }
  document.title = cover.dataset.title;
  document.body.classList.add("ib-covered");
  cover.hidden = false;
  cover.querySelector("button").focus();
  post(form.action, form).catch(() => {}); // without the network the page is still covered
}

function show() {
  cover.hidden = true;
  document.body.classList.remove("ib-covered");
  document.title = titleBefore;
  if (focusBefore) focusBefore.focus();
}

function ask(words) {
  const password = cover.querySelector("[data-password]");
  password.hidden = false;
  cover.querySelector("[data-says]").textContent = words;
  const input = password.querySelector("input");
  input.value = "";
  input.focus();
}

async function openAgain(event) {
  event.preventDefault();
  const answers = event.target;
  try {
    const answer = await post(answers.action, answers);
    if (answer.ok) {
      cover.querySelector("[data-password]").hidden = true;
      show();
    } else if (answer.status === 403) {
      ask((await answer.json()).says);
    } else {
      answers.submit(); // signed out, or something else to be told in full
    }
  } catch {
    cover.querySelector("[data-says]").textContent = "The school’s computer can’t be reached. What you typed is still here. Try again in a moment.";
  }
}

if (form && template) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift") {
      pressed = [];
    } else if (!event.repeat) {
      pressed = [...pressed, event.timeStamp].filter((when) => event.timeStamp - when < WITHIN);
      if (pressed.length >= SHIFTS) {
        pressed = [];
        hide();
      }
    }
  });
}
