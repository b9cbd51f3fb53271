// Keeps a record while somebody types: <form data-keep> is posted to its own address a moment after the last key, and when
// the page goes out of sight. Without this script each button keeps it.
import { signedOut, takeNewToken } from "./token.js";

const WAIT = 1500; // milliseconds after the last key
const AGAIN = 15000; // milliseconds after which it is tried again
const LARGEST = 60000; // letters that a browser sends while a page is being left

const used = "BroadcastChannel" in window ? new BroadcastChannel("incident-book") : null;

for (const form of document.querySelectorAll("form[data-keep]")) {
  const says = form.querySelector("[data-kept]");
  const warns = form.querySelector("[data-not-kept]");
  let timer = 0;
  let changed = false;
  let busy = false;

  function body() {
    const typed = new FormData(form);
    for (const name of new Set(typed.keys())) if (typed.get(name) instanceof File) typed.delete(name);
    typed.set("then", "keep");
    return typed;
  }

  async function post(leaving) {
    const typed = body();
    const short = [...typed.values()].join("").length < LARGEST;
    return fetch(form.action, { method: "POST", body: typed, credentials: "same-origin", keepalive: leaving && short });
  }

  async function keep(leaving = false) {
    clearTimeout(timer);
    if (!changed || busy) return;
    busy = true;
    changed = false;
    try {
      let answer = await post(leaving);
      if (answer.status === 400 && !leaving && (await takeNewToken(form))) answer = await post(false);
      if (signedOut(answer)) return failed("You were signed out.", "Sign in again in another tab, then go on here.");
      if (!answer.ok || !(answer.headers.get("content-type") || "").includes("json")) return failed("It could not be kept just now.", "It is tried again.");
      kept(await answer.json());
    } catch {
      failed("The network is away.", "It is tried again.");
    } finally {
      busy = false;
      if (changed) later(document.body.dataset.unkept ? AGAIN : WAIT);
    }
  }

  function kept(told) {
    form.elements.seen.value = told.version;
    if (form.elements.draft) {
      form.elements.draft.remove();
      form.action = told.address;
      history.replaceState(null, "", told.address);
    }
    says.textContent = `Kept at ${told.kept}. You can go on with it on another device.`;
    warns.textContent = told.twice ? "This page was also written on another device. Nothing is lost: press Continue to see both." : "";
    delete document.body.dataset.unkept;
    if (used) used.postMessage("used");
    document.dispatchEvent(new Event("session-used"));
  }

  function failed(why, what) {
    changed = true;
    document.body.dataset.unkept = "yes";
    warns.textContent = `${why} What you typed is still on this page. ${what}`;
  }

  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(keep, wait);
  }

  function typed(event) {
    if (event.target.type === "file" || event.target.name === "q") return;
    changed = true;
    later(WAIT);
  }

  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    changed = false; // the button keeps it
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && keep(true));
  document.addEventListener("page-hidden", () => keep());
  addEventListener("pagehide", () => keep(true));
  addEventListener("online", () => keep());
  // A page brought back as it was left does not know what was kept since: read it again.
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}
