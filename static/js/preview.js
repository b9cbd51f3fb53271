// Keeps a part of the page in step with a form's answers, drawn by the server:
//   <form data-preview="/address" data-preview-into="id" [data-preview-then="find"] [data-preview-from="field"]>
// The answer may be the part alone or the whole page. Without this script a button in the form does the same.

const WAIT = 400; // milliseconds after the last change

function partOf(html, id) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  return (parsed.getElementById(id) || parsed.body).childNodes;
}

for (const form of document.querySelectorAll("form[data-preview]")) {
  const { preview, previewInto, previewThen, previewFrom } = form.dataset;
  let timer = 0;
  let asked = 0;

  async function refresh() {
    const mine = ++asked;
    const body = new FormData(form);
    for (const name of [...body.keys()]) if (body.get(name) instanceof File) body.delete(name);
    if (previewThen) body.set("then", previewThen);
    try {
      const answer = await fetch(preview, { method: "POST", body, headers: { "X-Preview": "yes" }, credentials: "same-origin" });
      if (answer.redirected || answer.status >= 500 || mine !== asked) return;
      document.getElementById(previewInto).replaceChildren(...partOf(await answer.text(), previewInto));
    } catch {
      // away from the network the part stays as it was; the button tells when it is pressed
    }
  }

  form.addEventListener("input", (event) => {
    if (previewFrom && event.target.name !== previewFrom) return;
    clearTimeout(timer);
    timer = setTimeout(refresh, WAIT);
  });
  for (const button of form.querySelectorAll("[data-preview-button]")) button.hidden = true;
}
