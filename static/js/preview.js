// Keeps a part of the page in step with a form's answers: <form data-preview="/address" data-preview-into="id">.
// The server draws the part; without this script a button in the form does the same.

const WAIT = 400; // milliseconds after the last change

for (const form of document.querySelectorAll("form[data-preview]")) {
  const into = document.getElementById(form.dataset.previewInto);
  let timer = 0;
  let asked = 0;

  async function refresh() {
    const mine = ++asked;
    try {
      const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form), headers: { "X-Preview": "yes" }, credentials: "same-origin" });
      if (!answer.ok || answer.redirected || mine !== asked) return;
      const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
      into.replaceChildren(...parsed.body.childNodes);
    } catch {
      // away from the network the sentence stays as it was; the button tells when it is pressed
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, WAIT);
  });
  for (const button of form.querySelectorAll("[data-preview-button]")) button.hidden = true;
}
