// Reads badges with the camera: by the browser's own detector where it has one, else by the decoder of the
// package "qr", which our server gives only where it is installed.

const EVERY = 120;
// A badge that stays before the camera is one arrival; it counts again after having been away for so long.
const AWAY = 4000;

async function nativeDetector() {
  try {
    const formats = await globalThis.BarcodeDetector?.getSupportedFormats();
    return formats?.includes("qr_code") ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
  } catch {
    return null;
  }
}

async function ownDetector(address) {
  if (!address) return null;
  try {
    const { BarcodeDetector } = await import(address);
    return new BarcodeDetector({ formats: ["qr_code"] });
  } catch {
    return null;
  }
}

export class Camera {
  #video;
  #decoder;
  #read;
  #detector = null;
  #stream = null;
  #timer = 0;
  #seen = new Map();

  // `read(text)` is called once for each code that comes before the camera.
  constructor(video, { decoder, read }) {
    this.#video = video;
    this.#decoder = decoder;
    this.#read = read;
  }

  get running() {
    return this.#stream !== null;
  }

  // "" when it runs, else the key of the sentence that says why not.
  async start() {
    this.#detector ??= (await nativeDetector()) ?? (await ownDetector(this.#decoder));
    if (!this.#detector) return "no_decoder";
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } },
      });
    } catch {
      return "no_camera";
    }
    this.#video.srcObject = this.#stream;
    await this.#video.play().catch(() => {});
    this.#look();
    return "";
  }

  stop() {
    clearTimeout(this.#timer);
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#video.srcObject = null;
  }

  async #look() {
    if (!this.#stream) return;
    try {
      if (!document.hidden && this.#video.readyState >= 2) {
        for (const { rawValue } of await this.#detector.detect(this.#video)) this.#meet(rawValue);
      }
    } catch {
      // Some phones announce a detector that then does not work.
      const own = await ownDetector(this.#decoder);
      if (own) this.#detector = own;
    }
    if (this.#stream) this.#timer = setTimeout(() => this.#look(), EVERY);
  }

  #meet(text) {
    const now = performance.now();
    const last = this.#seen.get(text);
    this.#seen.set(text, now);
    if (last === undefined || now - last > AWAY) this.#read(text);
  }
}
