// Looks every three seconds for what is new in the deliberation. Without it the page is refreshed by hand.

const part = document.querySelector("[data-assises-deliberation]");
const live = document.querySelector("[data-assises-live]");
const EVERY = 3000;
const PATIENCE = 10000;
let tag = part.dataset.assisesTag;
let lost = false;
let timer = 0;

function say(text, state = "") {
  live.textContent = text;
  live.dataset.assisesState = state;
}

function saidIn(root) {
  return root.querySelector("[data-assises-said]")?.dataset.assisesSaid ?? "";
}

// What somebody has typed or chosen in a block, and what they have opened.
function keep(block) {
  const kept = [];
  for (const field of block.querySelectorAll("input[id], textarea[id], select[id], details[id]")) {
    if (field.tagName === "DETAILS") { if (field.open) kept.push([field.id, "open", true]); }
    else if (field.tagName === "SELECT") { if (field.selectedIndex > 0) kept.push([field.id, "value", field.value]); }
    else if (field.value !== field.defaultValue) kept.push([field.id, "value", field.value]);
  }
  const active = block.contains(document.activeElement) ? document.activeElement : null;
  // A field without a selection, such as a list, has none.
  const range = active && "selectionStart" in active && active.tagName !== "BUTTON" ? [active.selectionStart, active.selectionEnd] : null;
  return { kept, id: active?.id || active?.closest("[id]")?.id, focused: Boolean(active), range };
}

function give(block, { kept, id, focused, range }) {
  for (const [field, name, value] of kept) {
    const found = document.getElementById(field);
    if (found) found[name] = value;
  }
  if (!focused) return;
  let found = id && document.getElementById(id);
  if (!found || !block.contains(found)) {
    // The button that was pressed is gone: whoever uses a keyboard goes on from the heading of the block.
    found = block.querySelector("h2, h3, h4");
    found?.setAttribute("tabindex", "-1");
  }
  found?.focus({ preventScroll: true });
  if (range && found?.setSelectionRange) found.setSelectionRange(...range);
}

// A block that is as it was stays: only what the token of the answer changes does not count.
function same(one, other) {
  const plain = (block) => {
    const copy = block.cloneNode(true);
    for (const field of copy.querySelectorAll("[name=csrfmiddlewaretoken]")) field.remove();
    for (const open of copy.querySelectorAll("details[open]")) open.removeAttribute("open");
    for (const heading of copy.querySelectorAll("[tabindex='-1']")) heading.removeAttribute("tabindex");
    return copy.innerHTML + [...copy.attributes].map((a) => a.name + a.value).join();
  };
  return plain(one) === plain(other);
}

function draw(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").body;
  const before = saidIn(part), after = saidIn(fresh);
  const blocks = [...fresh.children];
  const there = new Set(blocks.map((block) => block.id));
  let last = null;
  for (const block of blocks) {
    const old = document.getElementById(block.id);
    if (old && part.contains(old)) {
      if (same(old, block)) { last = old; continue; }
      const kept = keep(old);
      old.replaceWith(block);
      give(block, kept);
    } else if (last) last.after(block);
    else part.prepend(block);
    last = block;
  }
  for (const block of [...part.children]) if (!there.has(block.id)) block.remove();
  if (after && after !== before) say(after);
}

async function look() {
  let answer = null;
  try {
    answer = await fetch(part.dataset.assisesDeliberation, {
      headers: { "If-None-Match": tag }, cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.status === 200) {
      draw(await answer.text());
      tag = answer.headers.get("ETag");
    }
  } catch {
    answer = null;
  }
  if (answer?.status === 200 || answer?.status === 304) {
    if (lost) say(live.dataset.assisesBack);
    lost = false;
  } else {
    // Said once, not every three seconds.
    const words = answer?.type === "opaqueredirect" ? live.dataset.assisesOut : live.dataset.assisesLost;
    if (!lost || live.textContent !== words) say(words, "lost");
    lost = true;
  }
  clearTimeout(timer);
  timer = setTimeout(look, EVERY);
}

addEventListener("online", () => { clearTimeout(timer); look(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) { clearTimeout(timer); look(); } });
timer = setTimeout(look, EVERY);
