// Sessions are moved by mouse or by keys. Both draw a ghost where the session would go and end in the same request;
// the server answers with the timetable as it stands then. Without this script the link “Move” opens a plain form.

const root = document.querySelector("[data-assises-composer]");
const part = root.querySelector("[data-assises-part]");
const live = root.querySelector("[data-assises-live]");
const ROW = 5; // minutes
const NUDGE = 5; // pixels before a press becomes a drag
const isChinese = root.dataset.assisesLanguage.startsWith("zh");

const text = (name, values) =>
  root.dataset[`assisesText${name}`].replace(/\{(\w+)\}/g, (_whole, key) => values[key] ?? "");

function say(words, refused = false) {
  live.textContent = words;
  live.classList.toggle("is-refused", refused);
}

// --- Where something can stand --------------------------------------------------------------------------

const dayOf = (element) => element.closest("[data-assises-day]");
const timetableOf = (day) => day.querySelector("[data-assises-timetable]");
const rooms = (day) => [...day.querySelectorAll("[data-assises-room]")];
const days = () => [...part.querySelectorAll("[data-assises-tab]")].map((tab) => tab.dataset.assisesTab);

/** A place: the day (ISO), the room's element, and the row; without a row it is on the shelf. */
function placeOf(block) {
  const day = dayOf(block);
  const room = block.closest("[data-assises-room]");
  // On a shelf a session may have a room already.
  const known = room ?? rooms(day).find((r) => r.dataset.assisesRoom === block.dataset.assisesShelved);
  return { day: day.dataset.assisesDay, room: known ?? rooms(day).at(-1), row: room ? Number(block.dataset.assisesRow) : null };
}

const shown = (iso) => part.querySelector(`[data-assises-day="${iso}"]`);
const tab = (iso) => part.querySelector(`[data-assises-tab="${iso}"]`);

function hour(minutes) {
  const h = Math.floor(minutes / 60), m = minutes % 60;
  if (isChinese) return `${String(h).padStart(2, "0")}:${String(m).padStart(2, "0")}`;
  return `${h}\u00a0h${m ? `\u00a0${String(m).padStart(2, "0")}` : ""}`;
}

function hoursIn(place, minutes) {
  if (place.row === null) return root.dataset.assisesTextOpen;
  const from = startOf(place);
  return minutes ? text("Hours", { from: hour(from), to: hour(from + minutes) }) : text("From", { from: hour(from) });
}

const anyTimetable = () => part.querySelector("[data-assises-timetable]");
const startOf = (place) => Number(anyTimetable().dataset.assisesFirst) * 60 + place.row * ROW;

function inWords(move) {
  const { place, minutes } = move;
  return text("Place", {
    day: tab(place.day).dataset.assisesName,
    hours: hoursIn(place, minutes),
    room: place.room.dataset.assisesName,
  });
}
const anyDay = () => part.querySelector("[data-assises-day]");

// --- The ghost ------------------------------------------------------------------------------------------

let move = null; // what is being moved: { block, place, home, minutes, ghost, byKeys }

function takeUp(block, byKeys) {
  const ghost = document.createElement("li");
  ghost.className = "ghost";
  ghost.setAttribute("aria-hidden", "true");
  move = { block, byKeys, ghost, home: placeOf(block), minutes: Number(block.dataset.assisesMinutes) || 0 };
  move.place = { ...move.home };
  block.classList.add("is-taken-up");
  root.classList.add("is-dragging");
  draw();
}

function draw() {
  const { ghost, place, minutes } = move;
  for (const target of part.querySelectorAll(".is-target")) target.classList.remove("is-target");
  ghost.textContent = hoursIn(place, minutes);
  const day = shown(place.day);
  if (!day) {
    ghost.remove();
    tab(place.day).classList.add("is-target");
  } else if (place.row === null) {
    ghost.className = "ghost";
    const shelf = day.querySelector("[data-assises-shelf]");
    shelf.classList.add("is-target");
    (shelf.querySelector("ul") ?? shelf).append(ghost);
  } else {
    const room = place.room.isConnected && day.contains(place.room) ? place.room : sameRoom(day, place.room);
    ghost.className = `ghost at-${place.row} for-${Math.max(Math.round((minutes || 60) / ROW), 1)}`;
    room.classList.add("is-target");
    room.querySelector("[data-assises-slots]").append(ghost);
  }
  if (move.byKeys) ghost.scrollIntoView({ block: "nearest", inline: "nearest" });
}

const sameRoom = (day, room) =>
  rooms(day).find((other) => other.dataset.assisesRoom === room.dataset.assisesRoom);

function putBack() {
  const { block, byKeys, ghost } = move;
  ghost.remove();
  block.classList.remove("is-taken-up");
  root.classList.remove("is-dragging");
  for (const target of part.querySelectorAll(".is-target")) target.classList.remove("is-target");
  move = null;
  if (byKeys) block.querySelector("[data-assises-move]").focus();
}

const isHome = ({ place, home }) =>
  place.day === home.day && place.row === home.row && place.room.dataset.assisesRoom === home.room.dataset.assisesRoom;

// --- The request ----------------------------------------------------------------------------------------

async function putDown() {
  const { block, place } = move;
  if (isHome(move)) {
    const title = block.dataset.assisesTitle;
    putBack();
    return say(text("Back", { title }));
  }
  const from = place.row === null ? null : startOf(place);
  const body = new URLSearchParams({
    day: place.day,
    starts_at: from === null ? "" : `${String(Math.floor(from / 60)).padStart(2, "0")}:${String(from % 60).padStart(2, "0")}`,
    room: place.room.dataset.assisesRoom,
    version: block.dataset.assisesVersion,
  });
  const code = block.dataset.assisesSession;
  const here = new URLSearchParams(location.search);
  // Where one day is shown, the page follows the session to its day.
  if (!shown(place.day)) here.set("jour", place.day);
  say(root.dataset.assisesTextSaving);
  const moving = move;
  root.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(`${block.dataset.assisesUrl}?${here}`, {
      method: "POST",
      body,
      headers: { "X-Assises-Part": "composer", "X-CSRFToken": root.dataset.assisesToken },
    });
    if (answer.redirected || ![200, 409].includes(answer.status)) throw new Error(answer.status);
    const html = await answer.text();
    move = null;
    root.classList.remove("is-dragging");
    if (answer.ok) history.replaceState(null, "", `?${here}`);
    redraw(html, code);
  } catch {
    if (move === moving) putBack();
    say(root.dataset.assisesTextFailed, true);
  } finally {
    root.removeAttribute("aria-busy");
  }
}

function redraw(html, code) {
  const across = Object.fromEntries([...part.querySelectorAll("[data-assises-day]")].map((day) => [
    day.dataset.assisesDay, timetableOf(day).scrollLeft,
  ]));
  const [x, y] = [scrollX, scrollY];
  part.innerHTML = html; // from our own server, by the templates that drew the page
  for (const day of part.querySelectorAll("[data-assises-day]")) {
    timetableOf(day).scrollLeft = across[day.dataset.assisesDay] ?? 0;
  }
  scrollTo(x, y);
  showTools();
  const tools = part.querySelector("[data-assises-message]");
  say(tools.dataset.assisesMessage, tools.dataset.assisesRefused !== "");
  part.querySelector(`[data-assises-session="${code}"] [data-assises-move]`)?.focus({ preventScroll: false });
}

// --- By keys --------------------------------------------------------------------------------------------

root.addEventListener("keydown", (event) => {
  if (move) return byKey(event);
  const handle = event.target.closest("[data-assises-move]");
  if (handle && event.key === " ") {
    event.preventDefault();
    const block = handle.closest("[data-assises-session]");
    takeUp(block, true);
    say(text("Lifted", { title: block.dataset.assisesTitle, place: inWords(move) }));
  }
});

function byKey(event) {
  const { place } = move;
  const step = Number(anyTimetable().dataset.assisesStep) / ROW;
  const known = days();
  const at = known.indexOf(place.day);
  const keys = {
    ArrowUp: () => later(-step),
    ArrowDown: () => later(step),
    ArrowLeft: () => aside(-1),
    ArrowRight: () => aside(1),
    PageUp: () => { place.day = known[Math.max(at - 1, 0)]; },
    PageDown: () => { place.day = known[Math.min(at + 1, known.length - 1)]; },
    Delete: () => { place.row = null; },
  };
  if (event.key === "Escape") {
    const title = move.block.dataset.assisesTitle;
    event.preventDefault();
    putBack();
    say(text("Back", { title }));
  } else if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    putDown();
  } else if (event.key === "Tab") {
    event.preventDefault(); // first put it down, or back
  } else if (keys[event.key]) {
    event.preventDefault();
    keys[event.key]();
    draw();
    say(inWords(move));
  }
}

/** Up and down; above the first hour lies the shelf. */
function later(rows) {
  const { place, minutes } = move;
  const last = Number(anyTimetable().dataset.assisesRows) - Math.max(Math.round((minutes || ROW) / ROW), 1);
  if (place.row === null) {
    if (rows < 0) return;
    place.row = 0;
    return;
  }
  if (place.row === 0 && rows < 0) place.row = null;
  // A row between two steps goes to the next step first.
  else place.row = Math.min(Math.max(rows < 0 ? Math.ceil((place.row + rows) / -rows) * -rows : Math.floor((place.row + rows) / rows) * rows, 0), last);
}

function aside(by) {
  const { place } = move;
  const all = rooms(anyDay());
  const now = all.findIndex((r) => r.dataset.assisesRoom === place.room.dataset.assisesRoom);
  place.room = all[Math.min(Math.max(now + by, 0), all.length - 1)];
  place.row ??= 0;
}

// Whoever goes elsewhere with the keyboard has put it back.
root.addEventListener("focusout", (event) => {
  if (move?.byKeys && event.relatedTarget && !move.block.contains(event.relatedTarget)) putBack();
});

// --- By mouse -------------------------------------------------------------------------------------------

let press = null;

root.addEventListener("pointerdown", (event) => {
  const block = event.target.closest("[data-assises-session]");
  // A finger scrolls the page; on a touch screen the plain form moves.
  if (!block || event.button !== 0 || event.pointerType === "touch" || move) return;
  const box = block.getBoundingClientRect();
  press = { block, x: event.clientX, y: event.clientY, grip: event.clientY - box.top, id: event.pointerId };
});

addEventListener("pointermove", (event) => {
  if (!press) return;
  if (!move) {
    if (Math.hypot(event.clientX - press.x, event.clientY - press.y) < NUDGE) return;
    root.setPointerCapture?.(press.id);
    takeUp(press.block, false);
  }
  event.preventDefault();
  follow(event.clientX, event.clientY);
});

addEventListener("pointerup", () => {
  if (!press) return;
  press = null;
  if (move && !move.byKeys) {
    // The click that follows is the end of a drag, not a link.
    addEventListener("click", (event) => { event.preventDefault(); event.stopPropagation(); }, { capture: true, once: true });
    setTimeout(putDown);
  }
});

addEventListener("pointercancel", cancelDrag);
addEventListener("keydown", (event) => { if (event.key === "Escape") cancelDrag(); });
root.addEventListener("dragstart", (event) => { if (event.target.closest("[data-assises-session]")) event.preventDefault(); });

function cancelDrag() {
  press = null;
  if (move && !move.byKeys) putBack();
}

function follow(x, y) {
  const under = document.elementsFromPoint(x, y);
  const over = (selector) => under.map((e) => e.closest?.(selector)).find(Boolean);
  const { place } = move;
  const day = over("[data-assises-day]");
  const tabbed = over("[data-assises-tab]");
  const room = over("[data-assises-room]");
  const shelf = over("[data-assises-shelf]");
  if (tabbed) {
    Object.assign(place, { day: tabbed.dataset.assisesTab, room: move.home.room, row: move.home.row });
  } else if (room) {
    const slots = room.querySelector("[data-assises-slots]");
    const table = room.closest("[data-assises-timetable]");
    const height = slots.getBoundingClientRect();
    const rows = Number(table.dataset.assisesRows), step = Number(table.dataset.assisesStep) / ROW;
    const length = Math.max(Math.round((move.minutes || ROW) / ROW), 1);
    // The ghost hangs where the block was taken; one from a shelf is as high as its time, so only just below its top.
    const grip = move.home.row === null ? Math.min(press.grip, 10) : press.grip;
    const row = Math.round(((y - grip - height.top) / height.height) * rows / step) * step;
    Object.assign(place, { day: day.dataset.assisesDay, room, row: Math.min(Math.max(row, 0), rows - length) });
    roll(table, x);
  } else if (shelf) {
    Object.assign(place, { day: day.dataset.assisesDay, room: move.home.room, row: null });
  }
  draw();
}

/** Near the edge of a timetable that is wider than the screen, it rolls. */
function roll(table, x) {
  const box = table.getBoundingClientRect();
  if (x > box.right - 40) table.scrollLeft += 12;
  if (x < box.left + 90) table.scrollLeft -= 12;
}

// --- What only this script can do -----------------------------------------------------------------------

function showTools() {
  for (const tool of root.querySelectorAll("[data-assises-with-script]")) tool.hidden = false;
}
showTools();
