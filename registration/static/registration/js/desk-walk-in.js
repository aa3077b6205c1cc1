// The form for somebody without a registration: sent with a network only, and nothing typed is lost.

import { openStore } from "./desk-store.js";
import { newKey } from "./desk-text.js";

const form = document.querySelector("[data-assises-walk-in]");
const key = form.querySelector("[data-assises-key]");
const offline = document.querySelector("[data-assises-offline]");
const store = await openStore();
const fields = () => [...form.elements].filter(({ name, type }) => name && type !== "hidden");
const refused = document.querySelector(".error-summary, [aria-invalid=true]");

// A page that the server has just sent back with errors holds what was typed; any other starts from the draft.
const draft = await store.get("drafts", "walk-in");
if (draft && !refused) {
  for (const field of fields()) {
    if (!(field.name in draft.values)) continue;
    if (field.type === "checkbox") field.checked = draft.values[field.name];
    else field.value = draft.values[field.name];
  }
}
// Each person has a key of her own, though the page may come from this phone with the key of yesterday.
if (!refused) key.value = draft?.key ?? newKey();

function keep() {
  const values = Object.fromEntries(fields().map((field) => [field.name, field.type === "checkbox" ? field.checked : field.value]));
  return store.change("drafts", { put: [{ name: "walk-in", key: key.value, values }] });
}
form.addEventListener("input", keep);

const tell = () => {
  offline.hidden = navigator.onLine && location.hash !== "#sans-reseau";
};
form.addEventListener("submit", (event) => {
  // The page may be older than the session: the token of today is in the cookie.
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  if (token) form.elements.csrfmiddlewaretoken.value = token;
  if (navigator.onLine) return;
  event.preventDefault();
  delete form.dataset.assisesSent;
  offline.hidden = false;
  offline.scrollIntoView({ block: "center" });
});
addEventListener("online", () => {
  if (location.hash) history.replaceState(null, "", location.pathname);
  tell();
});
addEventListener("offline", tell);
tell();
