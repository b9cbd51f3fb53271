// Says in time that the session will end, and keeps it on request: <div data-session-ends="1800" hidden> with a form in it.
// Every use of any page of ours in this browser counts. When it has ended, what is on the screen is put away.

const BEFORE = 3 * 60; // seconds: the server notes a use only once a minute, so this is two minutes at least
const LOOK = 5000; // milliseconds between two looks at the clock

const bar = document.querySelector("[data-session-ends]");
const channel = "BroadcastChannel" in window ? new BroadcastChannel("incident-book") : null;

if (bar) {
  const lasts = Number(bar.dataset.sessionEnds);
  const says = bar.querySelector("[data-says]");
  const form = bar.querySelector("form");
  let used = Date.now();
  let ended = false;

  function wasUsed() {
    used = Date.now();
    ended = false;
    bar.hidden = true;
    says.textContent = "";
  }

  function say(words) {
    bar.hidden = false;
    if (says.textContent !== words) says.textContent = words;
  }

  function end() {
    ended = true;
    if (document.body.dataset.unkept) {
      form.hidden = true;
      return say("You are signed out. What you typed last is still on this page and not kept yet. Sign in again in another tab, then go on here.");
    }
    location.assign(location.pathname + location.search); // leads to the door, and from there back to this page
  }

  function look() {
    const idle = (Date.now() - used) / 1000;
    if (ended || idle < lasts - BEFORE) return;
    if (idle > lasts + 5) return end();
    say(`You will be signed out in about ${idle < lasts - 90 ? "2 minutes" : "a minute"}, because nothing was done for a while. What you typed is kept.`);
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin", redirect: "error" });
      if (!answer.ok) throw new Error();
      wasUsed();
      if (channel) channel.postMessage("used");
    } catch {
      say("It could not be reached just now. Try again.");
    }
  });
  if (channel) {
    channel.postMessage("used");
    channel.addEventListener("message", wasUsed);
  }
  document.addEventListener("session-used", wasUsed);
  document.addEventListener("visibilitychange", look);
  setInterval(look, LOOK);
}
