// Draws people: the large answer after a scan, a line of the list, a note to look at.

import { clockTime, icon, part, say, stateMark } from "./desk-text.js";

function line(text, className = "") {
  const p = document.createElement("p");
  p.textContent = text;
  p.className = className;
  return p;
}

function inLanguage(lang, text) {
  const span = document.createElement("span");
  span.lang = lang;
  span.textContent = text;
  return span;
}

function inBoth(element, text, textZh) {
  element.replaceChildren(inLanguage("fr", text));
  if (textZh) element.append(" ", inLanguage("zh-Hans", textZh));
}

export class Painter {
  // `exchange` knows hours and desks; `categories` gives the name of a category by its id.
  constructor(exchange, categories) {
    this.exchange = exchange;
    this.categories = categories;
  }

  time(instant) {
    return clockTime(instant, this.exchange.facts.timeZone);
  }

  #facts(guest, sinceKey = "here") {
    const facts = [];
    if (guest.arrived) {
      const { at, desk } = guest.arrived;
      facts.push(line(say(desk ? `${sinceKey}_desk` : sinceKey, { time: this.time(at), desk })));
    }
    for (const { at, desk } of guest.again) {
      const again = line(say(desk ? "again_desk" : "again_at", { time: this.time(at), desk }), "desk-again");
      again.prepend(icon("warning"), " ");
      facts.push(again);
    }
    if (guest.rank && guest.status === "waiting") facts.push(line(say("rank", { n: guest.rank })));
    if (guest.pending && !this.exchange.online) facts.push(line(say("not_sent"), "soft"));
    return facts;
  }

  // `act(name, guest)` is called with check_in, undo or show.
  row(guest, act) {
    const row = part("desk-person");
    row.dataset.assisesState = guest.status;
    inBoth(row.querySelector(".desk-name"), guest.name, guest.name_zh);
    inBoth(row.querySelector("[data-part=organisation]"), guest.organisation, guest.organisation_zh);
    row.querySelector("[data-part=state]").append(stateMark(guest.status));
    row.querySelector("[data-part=facts]").append(...this.#facts(guest));
    const name = ["held", "offered", "confirmed"].includes(guest.status) ? "check_in" : "show";
    const button = row.querySelector("button");
    button.classList.add(name === "check_in" ? "btn-primary" : "btn-secondary");
    this.#label(button, name, guest);
    button.addEventListener("click", () => act(name, guest));
    return row;
  }

  #label(button, key, guest) {
    button.textContent = say(key);
    const who = document.createElement("span");
    who.className = "visually-hidden";
    who.textContent = ` ${guest?.name ?? ""}`;
    button.append(who);
  }

  // The large answer: kind is welcome, again, undone, person, waiting, cancelled, lapsed, refused or unknown.
  panel(kind, { guest, code, actions, notes = [] }) {
    const look = {
      welcome: ["good", "seal"], undone: ["quiet", "user"], person: ["quiet", "user"], again: ["doubt", "copies"],
      waiting: ["doubt", "queue"], cancelled: ["bad", "stop"], lapsed: ["bad", "stop"], refused: ["bad", "stop"],
      unknown: ["bad", "warning"],
    }[kind];
    const panel = part("desk-panel");
    panel.classList.add(`desk-${look[0]}`);
    panel.dataset.assisesKind = kind;
    panel.querySelector(".desk-word").append(icon(look[1]), say(kind));
    const facts = panel.querySelector("[data-part=facts]");
    if (guest) {
      inBoth(panel.querySelector(".desk-name"), guest.name, guest.name_zh);
      inBoth(panel.querySelector("[data-part=organisation]"), guest.organisation, guest.organisation_zh);
      panel.querySelector("[data-part=category]").textContent = this.categories(guest.category);
      facts.append(...this.#facts(guest, kind === "again" ? "since" : "here"));
    } else {
      panel.querySelector(".desk-name").textContent = code;
    }
    const what = {
      again: "compare", cancelled: "cancelled_do", lapsed: "lapsed_do", refused: "refused_do",
      unknown: this.exchange.online ? "unknown_do" : "unknown_offline",
    }[kind];
    if (what) facts.append(line(say(what, { code })));
    for (const text of notes) facts.append(line(text));
    for (const [name, run, primary] of actions) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = primary ? "btn btn-primary" : "btn btn-secondary";
      button.dataset.assisesAction = name;
      this.#label(button, name, name === "close" ? null : guest);
      button.addEventListener("click", run);
      panel.querySelector(".actions").append(button);
    }
    return panel;
  }

  note(note, seen) {
    const element = part("desk-note");
    const time = this.time(note.at);
    const key = note.kind === "again" && !note.desk ? "note_again_at" : `note_${note.kind}`;
    element.querySelector("p").append(icon("warning"), " ", say(key, { ...note, time }));
    element.querySelector("button").addEventListener("click", seen);
    return element;
  }
}
