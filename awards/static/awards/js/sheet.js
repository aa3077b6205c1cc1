// Saves a juror's sheet as it is written. Without it the buttons do the same.

const form = document.querySelector("form[data-assises-autosave]");
const said = form.querySelector("[data-assises-saved]");
const PAUSE = 1200;
const AGAIN = 5000;
let timer = 0;
let sending = false;
let changed = false;
let stopped = false;

function say(text, state) {
  said.textContent = text;
  said.dataset.assisesState = state;
}

function later(wait) {
  clearTimeout(timer);
  if (!stopped) timer = setTimeout(save, wait);
}

async function save() {
  if (sending || !changed || stopped) return;
  sending = true;
  changed = false;
  let answer = null;
  try {
    // Whoever is logged out is led to the login: that is no answer for a script.
    answer = await fetch(form.dataset.assisesAutosave, { method: "POST", body: new FormData(form), redirect: "manual" });
  } catch {
    // The connection is lost.
  }
  sending = false;
  if (stopped) return;
  if (answer?.ok) {
    const { version, said: words } = await answer.json();
    form.elements.version.value = version;
    say(words, "saved");
    if (changed) later(PAUSE);
  } else if (answer && [403, 409, 422].includes(answer.status) && answer.headers.get("content-type")?.includes("json")) {
    // The server refuses, and says why. Nothing is overwritten; after a change it is asked again, but not over another page.
    say((await answer.json()).said, "refused");
    stopped = answer.status !== 422;
  } else {
    changed = true;
    say(answer?.type === "opaqueredirect" ? form.dataset.assisesOut : form.dataset.assisesLost, "lost");
    later(AGAIN);
  }
}

form.addEventListener("input", () => {
  changed = true;
  if (said.dataset.assisesState !== "lost" && !stopped) say(form.dataset.assisesSaving, "saving");
  later(PAUSE);
});
addEventListener("online", () => later(0));
// The button sends the whole form itself: what is under way must not come after it.
form.addEventListener("submit", () => { stopped = true; clearTimeout(timer); });
addEventListener("pageshow", (event) => { if (event.persisted) { stopped = false; changed = true; later(PAUSE); } });
// Whoever leaves while something waits to be sent: it is sent, or, where the connection is lost, they are asked.
addEventListener("pagehide", () => {
  if (changed && !stopped) fetch(form.dataset.assisesAutosave, { method: "POST", body: new FormData(form), keepalive: true }).catch(() => {});
});
addEventListener("beforeunload", (event) => {
  if (changed && !stopped && said.dataset.assisesState === "lost") event.preventDefault();
});
