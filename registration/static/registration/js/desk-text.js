// Words: the sentences of the page, what was typed, hours at the place.

const copy = (id) => document.getElementById(id).content.cloneNode(true);

export const part = (id) => copy(id).firstElementChild;

// "Here since {time}" with the values put in; the sentences stand in the page, in its language.
export function say(key, values = {}) {
  const sentence = document.getElementById("desk-sentences").content.querySelector(`[data-key="${key}"]`);
  return sentence.textContent.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export const icon = (name) => copy("desk-icons").querySelector(`[data-icon="${name}"]`).firstElementChild;

export const stateMark = (status) => copy("desk-states").querySelector(`[data-state="${status}"]`).firstElementChild;

// The same folding as assises.text.fold, so that what is typed meets the keys that the server made.
const LETTERS = { œ: "oe", æ: "ae", ø: "o", ł: "l", ß: "ss", "’": " ", "'": " ", "-": " ", "·": " " };
const fold = (text) =>
  text
    .toLowerCase()
    .replace(/[œæøłß’'\-·]/g, (letter) => LETTERS[letter])
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .split(/\s+/)
    .filter(Boolean);

export function matcher(text) {
  const words = fold(text);
  return words.length ? (guest) => words.every((word) => guest.key.includes(word)) : () => false;
}

// The same reading as registration.badges.read_badge.
export function readBadge(text) {
  const code = text.replace(/[\s\u00a0-]/g, "").toUpperCase().replace(/^ASSISES:/, "");
  return /^[A-HJ-NP-Z2-9]{10}$/.test(code) ? code : null;
}

export function clockTime(instant, timeZone) {
  const parts = new Intl.DateTimeFormat("fr", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone });
  const { hour, minute } = Object.fromEntries(
    parts.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]),
  );
  if (document.documentElement.lang.startsWith("zh")) return `${hour}:${minute}`;
  return `${Number(hour)}\u00a0h${minute === "00" ? "" : `\u00a0${minute}`}`;
}

// Also where the page is not secure and crypto.randomUUID is missing.
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
