// Hides the page at once: the Hide button, or Shift three times. What was typed stays where it is.
// The cover is the page's own <template id="cover">. After a while opening again asks for the password.

const SHIFTS = 3;
const WITHIN = 1500; // milliseconds for the three
const FREE = 5 * 60 * 1000; // milliseconds in which no password is asked for

const way = document.querySelector("[data-quick-hide]"); // a form, or on error pages a link
const template = document.getElementById("cover");

let cover = null;
let titleBefore = "";
let focusBefore = null;
let hiddenAt = 0;
let pressed = [];

function hide() {
  if (cover) return;
  titleBefore = document.title;
  focusBefore = document.activeElement;
  hiddenAt = Date.now();
  cover = template.content.firstElementChild.cloneNode(true);
  cover.querySelector("form").addEventListener("submit", openAgain);
  document.body.append(cover);
  document.title = cover.dataset.title;
  document.body.classList.add("ib-covered");
  document.dispatchEvent(new Event("page-hidden")); // whoever keeps what is typed does it now
  cover.querySelector("button").focus();
}

function show() {
  cover.remove();
  cover = null;
  document.body.classList.remove("ib-covered");
  document.title = titleBefore;
  if (focusBefore) focusBefore.focus();
}

function say(words) {
  cover.querySelector("[data-says]").textContent = words;
}

function askForPassword(words) {
  const password = cover.querySelector("[data-password]");
  const input = password.querySelector("input");
  password.hidden = false;
  input.value = "";
  input.focus();
  say(words);
}

async function openAgain(event) {
  event.preventDefault();
  const answers = event.target;
  const asks = "opensWith" in answers.dataset && Date.now() - hiddenAt > FREE;
  if (!asks) return show();
  if (cover.querySelector("[data-password]").hidden) return askForPassword("Type your password to open it again.");
  try {
    const answer = await fetch(answers.dataset.opensWith, { method: "POST", body: new FormData(answers), credentials: "same-origin", redirect: "error" });
    if (answer.ok) return show();
    askForPassword("That is not the password. What you typed is still here.");
  } catch {
    say("The password could not be checked. What you typed is still here. Try again in a moment.");
  }
}

if (way && template) {
  way.addEventListener(way.matches("form") ? "submit" : "click", (event) => {
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
