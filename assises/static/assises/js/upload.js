// A large file is sent in parts before its form (tus), so that a lost connection or a closed laptop costs little; then
// the form is sent with the key of the file instead of the file. Without this script the form brings the file itself.

const PART = 4 * 1024 * 1024;
// Seconds until the next attempt, after the first, second… failure; then the last of them for good.
const DELAYS = [1, 2, 5, 10, 20, 30, 60];
// Seconds without any progress after which a connection is taken for lost; the last part waits for the file to be looked at.
const SILENCE = 45;
const LOOKED_AT = 180;

const language = document.documentElement.lang || "fr";
const number = (options) => new Intl.NumberFormat(language, options);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
const percent = (part) => number({ style: "percent" }).format(Math.floor(part * 100) / 100);

function size(bytes) {
  const unit = bytes < 1e6 ? ["kilobyte", 1e3, 0] : ["megabyte", 1e6, bytes < 1e7 ? 1 : 0];
  return number({ style: "unit", unit: unit[0], maximumFractionDigits: unit[2] }).format(bytes / unit[1]);
}

function duration(seconds) {
  const unit = seconds < 60 ? ["second", Math.max(1, seconds)] : ["minute", seconds / 60];
  return number({ style: "unit", unit: unit[0], unitDisplay: "long", maximumFractionDigits: 0 }).format(Math.ceil(unit[1]));
}

for (const box of document.querySelectorAll("[data-assises-upload]")) {
  if (window.tus?.isSupported) enhance(box);
}

function enhance(box) {
  const part = (name) => box.querySelector(`[data-assises-upload-${name}]`);
  const [state, figures, said, refusal, pause, key] =
    ["state", "figures", "said", "refusal", "pause", "key"].map(part);
  const [input, bar] = [box.querySelector("input[type=file]"), box.querySelector("progress")];
  const { form, required } = input;
  const address = box.dataset.assisesUpload;
  const words = box.dataset;

  let upload = null; // of the file that is chosen
  let phase = "idle"; // or sending, lost, paused, done
  let here = 0; // bytes that have left
  let kept = 0; // bytes of which the server has said that it keeps them
  let failures = 0;
  let submitter = null;
  let timer = 0;
  let watch = 0;
  let pace = { at: 0, from: 0, rate: 0 };

  const values = () => {
    const file = upload?.file;
    return { name: file?.name, here: size(here), whole: file ? size(file.size) : "", most: size(Number(words.most)) };
  };
  const say = (word, more = {}) => { said.textContent = word ? fill(words[word], { ...values(), ...more }) : ""; };
  const refuse = (sentence) => {
    refusal.lastElementChild.textContent = sentence;
    refusal.hidden = !sentence;
    if (sentence) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  };

  const draw = () => {
    const whole = upload.file.size;
    const left = pace.rate > 0 ? (whole - here) / pace.rate : Infinity;
    bar.value = here / whole;
    figures.textContent = fill(Number.isFinite(left) && here < whole ? words.figures : words.figuresSoFar, {
      ...values(), percent: percent(here / whole), left: Number.isFinite(left) ? duration(left) : "",
    });
  };
  const enter = (next) => {
    phase = next;
    clearTimeout(timer);
    clearTimeout(watch);
    state.hidden = !["sending", "lost", "paused"].includes(next);
    pause.textContent = next === "paused" ? words.continue : words.pause;
  };
  // A line that died without a word, as that of a laptop that was closed, is given up.
  const listen = (seconds) => {
    clearTimeout(watch);
    watch = setTimeout(() => { upload.abort(); lose("lost"); }, seconds * 1000);
  };

  const go = (word) => {
    enter("sending");
    pace = { at: performance.now(), from: -1, rate: 0 };
    if (word) say(word);
    // Once it has an address, only an answer that says so makes it begin anew: not one of a server that starts.
    upload.options.endpoint = upload.url ? null : address;
    listen(SILENCE);
    upload.start();
  };
  const lose = (word) => {
    enter("lost");
    say(word, { here: size(kept) });
    timer = setTimeout(() => go(), DELAYS[Math.min(failures++, DELAYS.length - 1)] * 1000);
  };
  const stop = (sentence) => {
    enter("idle");
    say("");
    refuse(sentence);
    input.disabled = false;
    input.focus();
  };

  // What is there no longer is not asked for again, neither now nor after the page was loaded anew.
  const forget = async () => {
    upload.url = null;
    here = kept = 0;
    for (const one of await upload.findPreviousUploads()) tus.defaultOptions.urlStorage.removeUpload(one.urlStorageKey);
  };

  const progressed = (sent, whole) => {
    if (phase !== "sending") return;
    if (failures) say("back");
    failures = 0;
    here = Math.max(sent, 0);
    const now = performance.now();
    if (pace.from < 0) pace = { ...pace, at: now, from: here };
    if (now - pace.at > 1500) {
      const rate = ((here - pace.from) * 1000) / (now - pace.at);
      pace = { at: now, from: here, rate: pace.rate ? 0.7 * pace.rate + 0.3 * rate : rate };
    }
    draw();
    if (here === whole) say("checking");
    listen(here === whole ? LOOKED_AT : SILENCE);
  };
  const failed = (error) => {
    if (phase !== "sending") return;
    const status = error.originalResponse?.getStatus() ?? 0;
    const anew = [404, 410].includes(status) && upload.url;
    if (anew || status === 422) forget();
    if (anew || status === 0) lose("lost");
    else if ([409, 423, 429].includes(status) || (status >= 500 && status !== 507)) lose("waiting");
    else stop(error.originalResponse.getBody()?.trim() || words.failed);
  };
  const succeeded = () => {
    enter("done");
    key.value = upload.url.split("/").pop();
    key.disabled = false;
    // The form names the file by its key; the file itself stays here.
    input.disabled = true;
    input.required = false;
    if (form.checkValidity()) {
      say("done");
      form.requestSubmit(submitter);
    } else {
      say("send");
      form.reportValidity();
    }
  };

  const choose = async () => {
    if (upload) upload.abort();
    enter("idle");
    refuse("");
    say("");
    upload = null;
    here = kept = 0;
    const [file] = input.files;
    key.disabled = Boolean(file) || !key.value;
    if (!file) return;
    upload = new tus.Upload(file, {
      endpoint: address,
      chunkSize: PART,
      retryDelays: null,
      removeFingerprintOnSuccess: true,
      headers: { "Accept-Language": language },
      metadata: { filename: file.name, filetype: file.type },
      fingerprint: () => Promise.resolve([address, file.name, file.size, file.lastModified].join("|")),
      onProgress: progressed,
      onChunkComplete: (_part, accepted) => { kept = accepted; },
      onError: failed,
      onSuccess: succeeded,
    });
    if (file.size > Number(words.most)) {
      refuse(fill(words.tooLarge, values()));
      upload = null;
      return;
    }
    say("ready");
    const chosen = upload;
    const [before] = await chosen.findPreviousUploads();
    if (!before || chosen !== upload || phase !== "idle") return;
    try {
      const answer = await fetch(before.uploadUrl, { method: "HEAD", headers: { "Tus-Resumable": "1.0.0" } });
      if (!answer.ok || chosen !== upload || phase !== "idle") return;
      chosen.resumeFromPreviousUpload(before);
      chosen.url = before.uploadUrl;
      here = kept = Number(answer.headers.get("Upload-Offset"));
      say("hereAlready");
    } catch {
      // No network: it is asked again when the file is sent.
      chosen.url = before.uploadUrl;
    }
  };

  input.addEventListener("change", choose);
  // Before anything else hears of it: the form is not sent yet.
  form.addEventListener("submit", (event) => {
    if (phase === "done" || !input.files.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!upload) input.focus();
    if (phase !== "idle" || !upload) return;
    submitter = event.submitter;
    refuse("");
    draw();
    go("sending");
  }, { capture: true });
  pause.addEventListener("click", () => {
    if (phase === "paused") return go("sending");
    upload.abort();
    enter("paused");
    say("paused", { here: size(kept) });
  });
  addEventListener("online", () => { if (phase === "lost") go(); });
  // A browser that comes back to the page shows it as it was left: the file is to be sent again.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    key.value = "";
    input.disabled = false;
    input.required = required;
    choose();
  });

  if (input.files.length) choose();
  else if (key.disabled) tus.defaultOptions.urlStorage.findAllUploads().then((all) => {
    const before = all.find((one) => one.uploadUrl?.startsWith(address) && one.metadata?.filename);
    if (before && !upload) say("unfinished", { name: before.metadata.filename });
  });
}
