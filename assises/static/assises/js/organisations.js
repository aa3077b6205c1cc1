// Organisations suggested while one types: a list box under the field, as the ARIA pattern "combobox" has it.
// Without it the same forms work: the server finds the organisation, or asks back.

for (const field of document.querySelectorAll("[data-assises-organisations]")) {
  const list = document.createElement("ul");
  list.id = `${field.id}-list`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", document.querySelector(`label[for="${field.id}"]`).firstChild.textContent.trim());
  list.hidden = true;
  field.after(list);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  })) field.setAttribute(name, value);

  const address = new URL(field.dataset.assisesOrganisations, location.href);
  let active = -1;
  let asked = "";

  const options = () => [...list.children];
  const close = () => {
    list.hidden = true;
    active = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const choose = (option) => {
    // Said first, so that the event asks nothing, and an answer still on its way opens nothing.
    asked = option.dataset.name;
    field.value = asked;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    close();
  };
  const move = (to) => {
    const all = options();
    if (!all.length) return;
    active = (to + all.length) % all.length;
    all.forEach((option, i) => option.setAttribute("aria-selected", String(i === active)));
    field.setAttribute("aria-activedescendant", all[active].id);
    all[active].scrollIntoView({ block: "nearest" });
  };
  const show = (found) => {
    list.replaceChildren(
      ...found.map((organisation, i) => {
        const option = document.createElement("li");
        option.id = `${field.id}-option-${i}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.name = organisation.name;
        option.append(organisation.name);
        const small = document.createElement("small");
        small.textContent = [organisation.kind, organisation.siren].filter(Boolean).join(" · ");
        option.append(" ", small);
        option.addEventListener("mousedown", (event) => {
          event.preventDefault();
          choose(option);
        });
        return option;
      }),
    );
    active = -1;
    list.hidden = !found.length;
    field.setAttribute("aria-expanded", String(!list.hidden));
  };

  field.addEventListener("input", async () => {
    const typed = field.value.trim();
    if (typed === asked) return;
    asked = typed;
    if (typed.length < 2) return close();
    address.searchParams.set("q", typed);
    try {
      const answer = await (await fetch(address)).json();
      if (asked === typed && document.activeElement === field) show(answer.organisations);
    } catch {
      close(); // No network: the server will find the organisation, or ask back.
    }
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") move(active + 1);
    else if (event.key === "ArrowUp") move(active - 1);
    else if (event.key === "Enter" && active >= 0 && !list.hidden) choose(options()[active]);
    else if (event.key === "Escape" && !list.hidden) close();
    else return;
    event.preventDefault();
  });
  // The browser's own suggestions would cover ours; away from the field they are let in again, because a
  // browser that comes back to the page restores only what it may complete.
  const own = field.autocomplete;
  field.addEventListener("focus", () => { field.autocomplete = "off"; });
  field.addEventListener("blur", () => {
    field.autocomplete = own;
    close();
  });
}
