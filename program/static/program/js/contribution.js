// What makes the form of a contribution more comfortable; without it every question simply stands there.

// Questions that one answer calls for are shown with that answer only.
for (const part of document.querySelectorAll("[data-assises-only-if]")) {
  const [name, value] = part.dataset.assisesOnlyIf.split("=");
  const answers = document.querySelectorAll(`input[name="${name}"]`);
  const show = () => { part.hidden = ![...answers].some((a) => a.checked && a.value === value); };
  for (const answer of answers) answer.addEventListener("change", show);
  // A browser that comes back to the page restores the answers later.
  addEventListener("pageshow", show);
  show();
}

// How much of a long answer is used. The limit itself stands in the help, which screen readers read.
for (const field of document.querySelectorAll("textarea[data-assises-count]")) {
  const most = Number(field.dataset.assisesCount);
  const shown = document.createElement("p");
  shown.className = "form-text tabular";
  shown.setAttribute("aria-hidden", "true");
  const count = () => {
    const used = [...field.value].length;
    shown.textContent = `${used} / ${most}`;
    shown.classList.toggle("over", used > most);
  };
  field.after(shown);
  field.addEventListener("input", count);
  addEventListener("pageshow", count);
  count();
}
