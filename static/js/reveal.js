// Shows a part of a form only when its question has the answer it belongs to: <div data-shows-when="day=other">.
// Several answers: "danger=yes,not_sure". Without this script every part is there to be filled in.

for (const part of document.querySelectorAll("[data-shows-when]")) {
  const [name, answers] = part.dataset.showsWhen.split("=");
  const wanted = answers.split(",");

  function settle() {
    const chosen = document.querySelector(`input[name="${name}"]:checked, select[name="${name}"]`);
    part.hidden = !(chosen && wanted.includes(chosen.value));
  }

  document.addEventListener("change", (event) => {
    if (event.target.name === name) settle();
  });
  settle();
}
