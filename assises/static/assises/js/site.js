// What makes a page more comfortable. Nothing here is needed to read, to register or to answer.

// Errors are heard first: the summary takes the focus, also in browsers where autofocus is for fields only.
// Two frames later, because the browser's own autofocus comes after the page has loaded.
addEventListener("load", () => {
  requestAnimationFrame(() => requestAnimationFrame(() => {
    if (document.activeElement === document.body) document.querySelector("[data-assises-focus]")?.focus();
  }));
});

// A form is sent once, however often the button is pressed; coming back by the back button opens it again.
for (const form of document.querySelectorAll("form[data-assises-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.assisesSent) event.preventDefault();
    form.dataset.assisesSent = "yes";
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-assises-sent]")) delete form.dataset.assisesSent;
});

// A text to copy: the button shows itself only where copying works.
for (const button of document.querySelectorAll("button[data-assises-copy]")) {
  if (!navigator.clipboard) continue;
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  button.after(said);
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.querySelector(button.dataset.assisesCopy).innerText.trim());
    said.textContent = button.dataset.assisesCopied;
  });
}

// The badge as it will be printed, drawn again while its person is typed.
for (const badge of document.querySelectorAll("[data-assises-badge]")) {
  const person = badge.closest("[data-assises-person], fieldset");
  if (!person) continue;
  const invitation = badge.querySelector("[data-assises-badge-name]").textContent;
  const typed = (name) => person.querySelector(`[name$="${name}"]`)?.value.trim() ?? "";
  const draw = () => {
    const name = `${typed("given_name")} ${typed("family_name")}`.trim();
    badge.querySelector("[data-assises-badge-name]").textContent = name || invitation;
    badge.querySelector("[data-assises-badge-name-zh]").textContent = typed("name_zh");
    badge.querySelector("[data-assises-badge-role]").textContent = typed("job_title");
  };
  person.addEventListener("input", draw);
  draw();
}
