// A page that was open while its session ended holds a token that nobody takes any more. The same page, fetched again after
// signing in, holds one that is taken. What was typed stays where it is.

export async function takeNewToken(form) {
  const address = form.dataset.page || location.pathname;
  const answer = await fetch(address, { credentials: "same-origin", headers: { "X-Preview": "yes" } });
  if (!answer.ok || signedOut(answer)) return false;
  const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = parsed.querySelector('main input[name="csrf_token"]');
  if (!fresh) return false;
  for (const old of document.querySelectorAll('input[name="csrf_token"]')) old.value = fresh.value;
  return true;
}

export function signedOut(answer) {
  return answer.redirected && new URL(answer.url).pathname === "/sign-in";
}
