// What is kept on the phone, in IndexedDB: the guest list, arrivals to send, notes to look at, a draft.
// Where the browser keeps nothing (private windows), a memory that lasts as long as the page.

const STORES = { guests: "id", queue: "id", notes: "id", drafts: "name", facts: "name" };
const NAME = "assises-desk";
// The service worker may have opened an empty first version.
const VERSION = 2;

const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

function open() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(NAME, VERSION);
    opening.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(STORES)) {
        if (!opening.result.objectStoreNames.contains(name)) opening.result.createObjectStore(name, { keyPath });
      }
    };
    opening.onsuccess = () => {
      // Another tab with a newer page must not wait for this one.
      opening.result.onversionchange = () => opening.result.close();
      resolve(opening.result);
    };
    opening.onerror = () => reject(opening.error);
    opening.onblocked = () => reject(new Error("blocked"));
  });
}

class Kept {
  lasts = true;

  constructor(database) {
    this.database = database;
  }

  #store(name, mode) {
    return this.database.transaction(name, mode).objectStore(name);
  }

  all(name) {
    return asked(this.#store(name, "readonly").getAll());
  }

  get(name, key) {
    return asked(this.#store(name, "readonly").get(key));
  }

  // All changes of one call are written together, or not at all; done when they are on the disk.
  change(name, { clear = false, put = [], remove = [] }) {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(name, "readwrite", { durability: "strict" });
      const store = transaction.objectStore(name);
      if (clear) store.clear();
      for (const key of remove) store.delete(key);
      for (const value of put) store.put(value);
      transaction.oncomplete = resolve;
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }
}

class Remembered {
  lasts = false;
  #stores = Object.fromEntries(Object.keys(STORES).map((name) => [name, new Map()]));

  async all(name) {
    return [...this.#stores[name].values()];
  }

  async get(name, key) {
    return this.#stores[name].get(key);
  }

  async change(name, { clear = false, put = [], remove = [] }) {
    const store = this.#stores[name];
    if (clear) store.clear();
    for (const key of remove) store.delete(key);
    for (const value of put) store.set(value[STORES[name]], value);
  }
}

export async function openStore() {
  try {
    return new Kept(await open());
  } catch {
    return new Remembered();
  }
}

// Names leave the phone. What is not sent yet stays, unless `everything`: codes without names.
export async function erase(store, { everything = false } = {}) {
  for (const name of ["guests", "notes", "drafts", ...(everything ? ["queue", "facts"] : [])]) {
    await store.change(name, { clear: true });
  }
}
