// The exchange with the server: arrivals go out, the guest list comes in, whenever there is a network.

import { erase } from "./desk-store.js";
import { newKey } from "./desk-text.js";

const PATIENCE = 10000;
const EVERY = 15000;
// Now and then the whole list, for what a delta cannot tell (somebody's data was erased).
const WHOLE_LIST_EVERY = 10 * 60 * 1000;
const BATCH = 200;

class NoNetwork extends Error {}

export class Refused extends Error {
  constructor(why) {
    super(why);
    this.why = why;
  }
}

const csrfToken = () =>
  document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ??
  document.querySelector("[name=csrfmiddlewaretoken]")?.value ??
  "";

// An answer of our server; a captive portal, a proxy's error page and silence are all "no network".
async function ask(url, { body, etag } = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  const headers = { Accept: "application/json" };
  if (etag) headers["If-None-Match"] = etag;
  if (body !== undefined) Object.assign(headers, { "X-CSRFToken": csrfToken(), "Content-Type": "application/json" });
  try {
    const response = await fetch(url, {
      method: body === undefined ? "GET" : "POST",
      body: body === undefined ? undefined : JSON.stringify(body),
      headers,
      cache: "no-store",
      credentials: "same-origin",
      redirect: "error",
      signal: stop.signal,
    });
    if (response.status === 304) return { status: 304, headers: response.headers };
    if (!response.headers.get("Content-Type")?.startsWith("application/json")) throw new NoNetwork("not ours");
    const answer = await response.json();
    if (answer.refused) throw new Refused(answer.refused);
    if (!response.ok && response.status !== 409) throw new NoNetwork(`${response.status}`);
    return { status: response.status, headers: response.headers, answer };
  } catch (error) {
    throw error instanceof Refused ? error : new NoNetwork(error.message);
  } finally {
    clearTimeout(timer);
  }
}

export class Exchange {
  // null until the first answer: then whether the server can be reached.
  online = null;
  refused = "";
  over = false;
  guests = new Map();
  queue = [];
  facts = { cursor: null, etag: "", ahead: 0, timeZone: undefined, overAt: "", readAt: 0, device: "", edition: "" };
  #running = null;
  #again = false;

  // `changed` is called after each change; `settled(entry, outcome)` when the server has judged an arrival.
  constructor(store, { addresses, edition, changed, settled }) {
    Object.assign(this, { store, addresses, edition, changed, settled });
  }

  async start() {
    Object.assign(this.facts, await this.store.get("facts", "facts"));
    if (this.facts.edition !== this.edition) {
      await erase(this.store);
      Object.assign(this.facts, { edition: this.edition, cursor: null, etag: "", overAt: "", readAt: 0 });
    }
    this.facts.device ||= newKey().slice(0, 3).toUpperCase();
    await this.keepFacts();
    await this.#readQueue();
    this.#take(await this.store.all("guests"), true);
    await this.#endIfOver();
    setInterval(() => document.hidden || this.run(), EVERY);
    addEventListener("online", () => this.run());
    addEventListener("offline", () => this.#reached(false));
    document.addEventListener("visibilitychange", () => document.hidden || this.run());
    if (!navigator.onLine) this.#reached(false);
    this.run();
  }

  // The hour as the server has it, also while it cannot be asked.
  now() {
    return Date.now() + this.facts.ahead;
  }

  keepFacts() {
    return this.store.change("facts", { put: [{ ...this.facts, name: "facts" }] });
  }

  // A person with what this phone knows and the server does not yet.
  withQueue(guest) {
    const rank = this.facts.ranks?.[guest.id] ?? guest.rank;
    const seen = { ...guest, rank, again: [...guest.again], pending: false };
    for (const entry of this.queue) {
      if (entry.code !== guest.code) continue;
      const arrived = { at: new Date(entry.at + this.facts.ahead).toISOString(), desk: this.facts.device };
      if (entry.undo) {
        if (seen.status === "checked_in") Object.assign(seen, { status: "confirmed", arrived: null, again: [], pending: true });
      } else if (seen.status === "checked_in") {
        seen.again.push(arrived);
      } else if (["held", "offered", "confirmed"].includes(seen.status)) {
        Object.assign(seen, { status: "checked_in", arrived, pending: true });
      }
    }
    return seen;
  }

  find(code) {
    for (const guest of this.guests.values()) if (guest.code === code) return this.withQueue(guest);
    return null;
  }

  // Note an arrival: on the disk first, then to the server. The answer on the screen waits for neither.
  note(code, { undo = false, shown = false } = {}) {
    const order = Math.max(0, ...this.queue.map((entry) => entry.order)) + 1;
    const entry = { id: newKey(), code, at: Date.now(), order, undo, shown };
    this.queue.push(entry);
    this.changed();
    // A full disk: the arrival is in this page only, and the page says so.
    const failed = () => (this.store.lasts = false);
    this.store.change("queue", { put: [entry] }).catch(failed).then(() => this.run());
    return entry;
  }

  // What another tab of this phone has noted is sent too; sent by both, it counts once.
  async #readQueue() {
    const known = new Set(this.queue.map((entry) => entry.id));
    const others = (await this.store.all("queue")).filter((entry) => !known.has(entry.id));
    this.queue = [...this.queue, ...others].sort((a, b) => a.order - b.order);
  }

  run() {
    if (this.#running) this.#again = true;
    else
      this.#running = this.#exchange().finally(() => {
        this.#running = null;
        if (this.#again) {
          this.#again = false;
          this.run();
        }
      });
    return this.#running;
  }

  async #exchange() {
    try {
      await this.#endIfOver();
      await this.#readQueue();
      await this.#send();
      await this.#receive();
      this.refused = "";
      this.#reached(true);
    } catch (error) {
      if (error instanceof Refused) await this.#forget(error.why);
      else if (error instanceof NoNetwork) this.#reached(false);
      else throw error;
    }
  }

  #reached(online) {
    if (this.refused && !online) return;
    this.online = online;
    this.changed();
  }

  async #send() {
    while (this.queue.length) {
      const batch = this.queue.slice(0, BATCH);
      const entries = batch.map(({ id, code, at, undo }) => ({ id, code, at, undo }));
      const body = { device: this.facts.device, sent_at: Date.now(), entries };
      const { answer } = await ask(this.addresses.arrivals, { body });
      const judged = batch.filter((entry) => answer.outcomes[entry.id]);
      if (!judged.length) throw new NoNetwork("no outcome");
      await this.store.change("guests", { put: answer.guests });
      await this.store.change("queue", { remove: judged.map((entry) => entry.id) });
      this.queue = this.queue.filter((entry) => !judged.includes(entry));
      this.#take(answer.guests, false);
      for (const entry of judged) await this.settled(entry, answer.outcomes[entry.id]);
      this.changed();
    }
  }

  async #receive() {
    const { facts } = this;
    const whole = facts.cursor === null || Date.now() - (facts.wholeAt ?? 0) > WHOLE_LIST_EVERY;
    const url = whole ? this.addresses.guests : `${this.addresses.guests}?since=${facts.cursor}`;
    const started = Date.now();
    const { status, headers, answer } = await ask(url, { etag: facts.etagOf === url ? facts.etag : "" });
    facts.ahead = Date.parse(headers.get("X-Assises-Now")) - (started + Date.now()) / 2;
    facts.readAt = Date.now();
    if (whole) facts.wholeAt = Date.now();
    if (status !== 304) {
      Object.assign(facts, { etag: headers.get("ETag") ?? "", etagOf: url, cursor: answer.cursor });
      Object.assign(facts, { timeZone: answer.time_zone, overAt: answer.over_at, ranks: answer.ranks });
      this.#take(answer.guests, answer.full);
      await this.store.change("guests", { clear: answer.full, put: answer.full ? [...this.guests.values()] : answer.guests });
    }
    await this.keepFacts();
    await this.#endIfOver();
  }

  #take(guests, whole) {
    if (whole) this.guests.clear();
    for (const guest of guests) this.guests.set(guest.id, guest);
  }

  async #forget(why) {
    this.refused = why;
    this.online = true;
    this.guests.clear();
    Object.assign(this.facts, { cursor: null, etag: "" });
    if (why === "permission") this.queue = [];
    await erase(this.store, { everything: why === "permission" });
    await this.keepFacts();
    this.changed();
  }

  async #endIfOver() {
    this.over = Boolean(this.facts.overAt) && this.now() >= Date.parse(this.facts.overAt);
    if (this.over && this.guests.size) {
      this.guests.clear();
      await erase(this.store);
      this.changed();
    }
  }

  // Needs the network: throws where there is none. The sentence of a refusal comes back as `error`.
  async admit(guest) {
    const { answer } = await ask(this.addresses.admit.replace("/0/", `/${guest.id}/`), { body: {} });
    if (answer.guest) {
      await this.store.change("guests", { put: [answer.guest] });
      this.#take([answer.guest], false);
      this.changed();
    }
    return answer;
  }
}
