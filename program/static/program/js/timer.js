// The timer of one report. The time that has passed is kept in this tab, so that a page loaded again goes on.

const stage = document.querySelector("[data-assises-timer]");
const find = (name) => stage.querySelector(`[data-assises-${name}]`);
const time = find("time"), word = find("word"), said = find("said"), run = find("run");
const planned = Number(stage.dataset.assisesTimer); // seconds
const key = `timer-${stage.dataset.assisesKey}`;
const words = (name) => stage.dataset[`assisesText${name}`];

// ``since``: when it was started, in milliseconds; null while it stands. ``before``: what had passed until then.
let kept = JSON.parse(sessionStorage.getItem(key) ?? '{"since": null, "before": 0}');
let state = "";

function keep(next) {
  kept = next;
  sessionStorage.setItem(key, JSON.stringify(kept));
  draw();
}

const passed = () => (kept.before + (kept.since === null ? 0 : Date.now() - kept.since)) / 1000;
const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

function draw() {
  const left = planned - passed();
  const runs = kept.since !== null;
  // A second counts until it is over: five minutes stand as 5:00 for their first second.
  time.textContent = left > 0 ? minutes(Math.ceil(left)) : `+${String(Math.floor(-left / 60)).padStart(2, "0")}:${minutes(-left).split(":")[1]}`;
  run.textContent = runs ? words("Pause") : words("Start");
  const now = left <= 0 ? "over" : left <= 60 ? "soon" : runs ? "runs" : passed() > 0 ? "paused" : "ready";
  const shown = { over: words("Over"), soon: words("Soon"), runs: words("Left"), paused: words("Paused"), ready: words("Ready") }[now];
  word.textContent = !runs && passed() > 0 ? `${shown} · ${words("Paused")}`.replace(`${words("Paused")} · ${words("Paused")}`, words("Paused")) : shown;
  if (now !== state) {
    // Heard once, when it changes.
    if (["over", "soon"].includes(now)) said.textContent = shown;
    state = now;
    stage.dataset.assisesState = now;
  }
}

function toggle() {
  keep(kept.since === null ? { since: Date.now(), before: kept.before } : { since: null, before: passed() * 1000 });
}

function reset() {
  said.textContent = "";
  keep({ since: null, before: 0 });
}

run.addEventListener("click", toggle);
find("reset").addEventListener("click", reset);
find("full").addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : stage.requestFullscreen()));
if (!document.fullscreenEnabled) find("full").hidden = true;
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const onControl = event.target.closest("button, a");
  if (event.key === " " && !onControl) { event.preventDefault(); toggle(); }
  if (event.key.toLowerCase() === "r") reset();
});
find("controls").hidden = false;
setInterval(draw, 200);
draw();
