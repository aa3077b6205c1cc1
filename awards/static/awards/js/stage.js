// The stage: slides follow each other in place, so that full screen stays. Each is asked for when it is wanted, never before.
"use strict";

const FORWARD = ["ArrowRight", "PageDown", " "], BACK = ["ArrowLeft", "PageUp"];
const IDLE = 2500; // milliseconds without the mouse until its arrow goes
const slide = () => document.querySelector("[data-assises-slide]");
let asked = false, idle = 0;

function begin() {
  const full = slide().querySelector("[data-assises-full]");
  full.hidden = !document.fullscreenEnabled;
  // A browser that wants a hand first refuses: then the next key starts it.
  slide().querySelector("video")?.play().catch(() => {});
}

async function show(url, keep) {
  if (asked) return;
  asked = true;
  let answer;
  try {
    answer = await fetch(url);
  } catch {
    // No line: the slide stays, and the key is pressed again.
    asked = false;
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = page.querySelector("[data-assises-slide]");
  asked = false;
  if (!answer.ok || !next) {
    location.assign(url);
    return;
  }
  slide().replaceWith(next);
  if (keep) history.pushState(null, "", url);
  scrollTo(0, 0);
  next.focus({ preventScroll: true });
  begin();
}

function forward() {
  const film = slide().querySelector("video");
  if (film && film.paused && film.currentTime === 0 && film.readyState > 0) film.play().catch(() => {});
  else follow(slide().querySelector("[data-assises-next]"));
}

function follow(link) {
  if (link) show(link.href, link.href !== location.href);
}

function toggle() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen();
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const page = event.key.startsWith("Page");
  // A film that has the focus is wound by arrows, a button is pressed by the space bar; a remote goes on regardless.
  if (!page && event.target.closest("video")) return;
  if (event.key === " " && event.target.closest("a, button")) return;
  if (FORWARD.includes(event.key)) { event.preventDefault(); forward(); }
  if (BACK.includes(event.key)) { event.preventDefault(); follow(slide().querySelector("[data-assises-back]")); }
  if (event.key.toLowerCase() === "f") toggle();
});
addEventListener("click", (event) => {
  const link = event.target.closest("[data-assises-next], [data-assises-back]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); follow(link); }
  if (event.target.closest("[data-assises-full]")) toggle();
});
addEventListener("popstate", () => show(location.href, false));
addEventListener("mousemove", () => {
  delete document.documentElement.dataset.assisesIdle;
  clearTimeout(idle);
  idle = setTimeout(() => (document.documentElement.dataset.assisesIdle = ""), IDLE);
});
begin();
