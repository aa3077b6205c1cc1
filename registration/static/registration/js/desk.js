// The page of the desk: a badge or a name comes in, an answer goes out at once, with or without a network.

import { Camera } from "./desk-camera.js";
import { Painter } from "./desk-panel.js";
import { erase, openStore } from "./desk-store.js";
import { Exchange } from "./desk-sync.js";
import { clockTime, matcher, readBadge, say } from "./desk-text.js";

const MOST_FOUND = 30;
const main = document.querySelector("[data-assises-desk]");
const find = (name) => document.querySelector(`[data-assises-${name}]`);
const { dataset } = main;
const field = document.getElementById("q");

const store = await openStore();
const exchange = new Exchange(store, {
  addresses: { guests: dataset.assisesGuests, arrivals: dataset.assisesArrivals, admit: dataset.assisesAdmit },
  edition: dataset.assisesEdition,
  changed: draw,
  settled,
});
const painter = new Painter(exchange, (id) =>
  document.querySelector(`[data-assises-category="${id}"] th`)?.textContent ?? "",
);

// --- The large answer --------------------------------------------------------------------------------

// What it says now: the kind, the badge, and the arrival that it answers, if any.
let answer = null;

function show(kind, code, { entry = null, notes = [] } = {}) {
  answer = { kind, code, entry, notes };
  drawAnswer();
  if (!camera.running) find("result").scrollIntoView({ block: "nearest" });
}

function close() {
  answer = null;
  find("result").replaceChildren();
  field.value = "";
  drawFound();
  if (!camera.running) field.focus();
}

function drawAnswer() {
  if (!answer) return;
  const guest = exchange.find(answer.code);
  const actions = [];
  if (answer.kind === "person") actions.push(["check_in", () => arrive(answer.code), true]);
  if (answer.kind === "waiting" && exchange.online) actions.push(["admit", () => admit(guest), true]);
  actions.push(["close", close, answer.kind !== "person" && answer.kind !== "waiting"]);
  if (["welcome", "again"].includes(answer.kind)) actions.push(["undo", () => undo(answer.code), false]);
  const notes = [...answer.notes];
  if (answer.kind === "waiting" && !exchange.online) notes.push(say("admit_offline"));
  const panel = painter.panel(answer.kind, { guest, code: answer.code, actions, notes });
  const shown = find("result").firstElementChild;
  // Drawn again only if it says something else: a screen reader reads it each time.
  if (shown?.textContent === panel.textContent) return;
  const focused = shown?.contains(document.activeElement) && document.activeElement.dataset.assisesAction;
  find("result").replaceChildren(panel);
  if (focused) (panel.querySelector(`[data-assises-action="${focused}"]`) ?? panel.querySelector("button")).focus();
}

function feel(good) {
  navigator.vibrate?.(good ? 60 : [180, 90, 180]);
}

const KINDS = { held: "person", offered: "person", confirmed: "person", checked_in: "again" };
const kindOf = (guest) => KINDS[guest.status] ?? guest.status;

function arrive(code) {
  const guest = exchange.find(code);
  const kind = guest ? kindOf(guest) : "unknown";
  if (kind === "person") {
    show("welcome", code, { entry: exchange.note(code).id });
    feel(true);
  } else if (kind === "again") {
    // Noted too: a badge that comes twice must not be lost. "shown" says that nobody need be told later.
    show("again", code, { entry: exchange.note(code, { shown: true }).id });
    feel(false);
  } else if (kind === "unknown") {
    show("unknown", code, { entry: exchange.note(code).id });
    feel(false);
  } else {
    show(kind, code);
    feel(false);
    exchange.run();
  }
}

function undo(code) {
  show("undone", code, { entry: exchange.note(code, { undo: true }).id });
}

async function admit(guest) {
  try {
    const { error } = await exchange.admit(guest);
    if (error) show("waiting", guest.code, { notes: [error] });
    else arrive(guest.code);
  } catch {
    show("waiting", guest.code);
  }
  exchange.run();
}

// The server has judged an arrival. What the screen has said already is not said again.
async function settled(entry, outcome) {
  const onScreen = answer && answer.entry === entry.id;
  if (outcome === "again" && onScreen && answer.kind === "welcome") {
    show("again", entry.code);
    feel(false);
    return;
  }
  if (outcome === "no_place" && onScreen) {
    show(kindOf(exchange.find(entry.code)), entry.code);
    feel(false);
    return;
  }
  // A code that this phone did not know was somebody after all: registered since the list was read.
  if (onScreen && answer.kind === "unknown" && outcome === "checked_in") {
    show("welcome", entry.code, { entry: entry.id });
    feel(true);
    return;
  }
  const worthNoting = ["again", "no_place", "unknown"].includes(outcome) && !entry.shown && !onScreen;
  if (!worthNoting) return;
  const guest = exchange.find(entry.code);
  const other = guest?.arrived ?? {};
  const at = outcome === "again" && other.at ? other.at : new Date(entry.at + exchange.facts.ahead).toISOString();
  const note = { id: entry.id, kind: outcome, code: entry.code, name: guest?.name ?? "", at, desk: other.desk ?? "" };
  await store.change("notes", { put: [note] });
  await drawNotes();
}

// --- The page around it ------------------------------------------------------------------------------

function draw() {
  drawNetwork();
  drawAnswer();
  drawFound();
  drawCounters();
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function drawNetwork() {
  const n = exchange.queue.length;
  const bar = find("network");
  bar.hidden = false;
  const state = exchange.online === null ? "connecting" : exchange.online ? "online" : "offline";
  bar.dataset.assisesNetwork = state;
  bar.dataset.assisesPending = n;
  const key = { connecting: "connecting", online: n ? "sending" : "online", offline: n ? "offline_pending" : "offline" };
  write(find("status"), say(key[state], { n }));
  find("send").hidden = state === "online" && !n;

  const problem = exchange.refused || (exchange.over && "over") || (!store.lasts && "no_store") || (!isSecureContext && "insecure");
  const notice = find("problem");
  notice.hidden = !problem;
  const text = problem ? say(problem) : "";
  if (notice.dataset.assisesSaid !== problem) {
    notice.dataset.assisesSaid = problem || "";
    notice.textContent = text;
    if (problem === "login") {
      const link = document.createElement("a");
      link.href = dataset.assisesLogin;
      link.textContent = say("login_link");
      notice.append(" ", link);
    }
  }
  const { readAt, ahead, timeZone } = exchange.facts;
  const kept = navigator.serviceWorker?.controller && store.lasts;
  const time = readAt ? clockTime(readAt + ahead, timeZone) : "–";
  write(find("kept"), say(kept ? "kept" : "list", { time, n: exchange.guests.size }));
}

function drawFound() {
  const typed = field.value;
  const code = readBadge(typed);
  const matches = code ? (guest) => guest.code === code : matcher(typed);
  const found = typed.trim() ? [...exchange.guests.values()].filter(matches) : [];
  const act = (name, guest) => (name === "check_in" ? arrive(guest.code) : show(kindOf(guest), guest.code));
  const rows = found.slice(0, MOST_FOUND).map((guest) => painter.row(exchange.withQueue(guest), act));
  const list = find("people");
  const text = rows.map((row) => row.textContent).join();
  if (list.textContent !== text || !rows.length) {
    const focused = [...list.querySelectorAll("button")].indexOf(document.activeElement);
    list.replaceChildren(...rows);
    if (focused >= 0) list.querySelectorAll("button")[focused]?.focus();
  }
  const said = !typed.trim() || code ? "" : found.length ? say("found", { n: found.length }) : say("nobody");
  write(find("found"), said);
  find("found").className = found.length || !said ? "visually-hidden" : "notice notice-warning";
}

function drawCounters() {
  if (!exchange.guests.size) return;
  const counts = {};
  let [arrived, expected] = [0, 0];
  for (const guest of exchange.guests.values()) {
    const { status } = exchange.withQueue(guest);
    const count = (counts[guest.category] ??= [0, 0]);
    if (status === "checked_in") count[0] += ++arrived && 1;
    if (["held", "offered", "confirmed", "checked_in"].includes(status)) count[1] += ++expected && 1;
  }
  write(find("arrived"), String(arrived));
  write(find("expected"), say("expected", { n: expected }));
  for (const row of document.querySelectorAll("[data-assises-category]")) {
    const count = counts[row.dataset.assisesCategory] ?? [0, 0];
    row.querySelectorAll("td").forEach((cell, i) => write(cell, String(count[i])));
  }
}

async function drawNotes() {
  const notes = await store.all("notes");
  const section = find("notes");
  section.hidden = !notes.length;
  section.querySelector("ul").replaceChildren(
    ...notes.map((note) =>
      painter.note(note, async () => {
        await store.change("notes", { remove: [note.id] });
        await drawNotes();
        field.focus();
      }),
    ),
  );
}

// --- Hands -------------------------------------------------------------------------------------------

const camera = new Camera(find("camera").querySelector("video"), {
  decoder: dataset.assisesQrDecoder,
  read(text) {
    const code = readBadge(text);
    if (code) arrive(code);
    else write(find("camera-said"), say("foreign"));
    if (code) write(find("camera-said"), "");
  },
});

const scan = find("scan");
scan.addEventListener("click", async () => {
  let trouble = "";
  if (camera.running) camera.stop();
  else {
    scan.disabled = true;
    find("camera").hidden = false;
    trouble = await camera.start();
    scan.disabled = false;
  }
  find("camera").hidden = !camera.running;
  scan.setAttribute("aria-pressed", String(camera.running));
  write(scan.querySelector("span"), say(camera.running ? "stop" : "scan"));
  write(find("camera-said"), trouble ? say(trouble) : "");
  if (trouble) field.focus();
  else if (camera.running) find("camera").scrollIntoView({ block: "start" });
});

find("send").addEventListener("click", () => exchange.run());
field.addEventListener("input", () => {
  // The next person: what was said of the one before makes room.
  answer = null;
  find("result").replaceChildren();
  drawFound();
});
find("search").addEventListener("submit", (event) => {
  event.preventDefault();
  const code = readBadge(field.value);
  if (code) {
    field.value = "";
    arrive(code);
  }
  drawFound();
});

const device = document.getElementById("device");
device.addEventListener("change", () => {
  exchange.facts.device = device.value.trim() || exchange.facts.device;
  device.value = exchange.facts.device;
  exchange.keepFacts();
});

find("logout").addEventListener("submit", async (event) => {
  event.preventDefault();
  await exchange.run();
  if (exchange.queue.length || !exchange.online) {
    find("logout-refused").hidden = false;
    return;
  }
  await erase(store, { everything: true });
  for (const name of await (globalThis.caches?.keys() ?? [])) {
    if (name.startsWith("assises-desk-")) await caches.delete(name);
  }
  for (const worker of await (navigator.serviceWorker?.getRegistrations() ?? [])) {
    if (worker.scope.endsWith("/accueil/")) await worker.unregister();
  }
  event.target.submit();
});

// --- Begin -------------------------------------------------------------------------------------------

for (const name of ["bar", "device"]) find(name).hidden = false;
if (dataset.assisesWalkInDone !== undefined) await store.change("drafts", { clear: true });
await exchange.start();
device.value = exchange.facts.device;
await drawNotes();
draw();
if (dataset.assisesPerson) {
  await exchange.run();
  const guest = exchange.guests.get(Number(dataset.assisesPerson));
  if (guest) show(kindOf(guest), guest.code);
  history.replaceState(null, "", location.pathname);
}

navigator.storage?.persist?.();
navigator.serviceWorker?.register(dataset.assisesWorker).catch(() => {});
navigator.serviceWorker?.ready.then(draw);
navigator.serviceWorker?.addEventListener("controllerchange", draw);
