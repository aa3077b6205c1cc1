// Keeps the pages of the desk and all they need, for when there is no network. Written anew whenever one of
// the files changes, so that what is kept always belongs together. No guest is ever kept here.
const facts = {{ facts|safe }};
const CACHE = `assises-desk-${facts.pages[0]}-${facts.version}`;
const MINE = `assises-desk-${facts.pages[0]}-`;
const PATIENCE = 4000;

addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await Promise.all(facts.assets.map(async (url) => {
      const response = await fetch(url, { cache: "reload" });
      if (!response.ok) throw new Error(`${url}: ${response.status}`);
      await cache.put(url, response);
    }));
    await Promise.all(facts.pages.map(async (url) => keep(url, await fetch(url, { cache: "no-store" }))));
    await skipWaiting();
  })());
});

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith(MINE) && name !== CACHE) await caches.delete(name);
    }
    await clients.claim();
  })());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "POST" && request.mode === "navigate" && facts.pages.includes(url.pathname)) {
    // A form sent into the void: back to its page, which has kept what was typed.
    event.respondWith(fetch(request).catch(() => Response.redirect(`${url.pathname}#sans-reseau`, 303)));
  } else if (request.method !== "GET") {
    return;
  } else if (request.mode === "navigate" && facts.pages.includes(url.pathname)) {
    event.respondWith(page(request, url));
  } else if (url.pathname.startsWith(facts.static)) {
    event.respondWith(asset(request));
  }
});

// The page of the network if it answers in time, else the kept one.
async function page(request, url) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(url.pathname);
  const answer = fetch(request).then(async (response) => {
    if (!url.search) await keep(url.pathname, response);
    return response;
  });
  if (!kept) return answer;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, kept));
  return Promise.race([answer.catch(() => kept), late]);
}

// A page that only says "sign in" is not worth keeping; and with it what was kept here goes away.
async function keep(path, response) {
  const cache = await caches.open(CACHE);
  if (response.ok && !response.redirected) await cache.put(path, response.clone());
  else if (response.type === "opaqueredirect" || response.redirected || response.status === 403) await forget(cache);
}

async function forget(cache) {
  for (const path of facts.pages) await cache.delete(path);
  const known = await indexedDB.databases?.();
  if (known && !known.some(({ name }) => name === "assises-desk")) return;
  await new Promise((resolve) => {
    const opening = indexedDB.open("assises-desk");
    opening.onerror = resolve;
    opening.onsuccess = () => {
      const database = opening.result;
      const names = ["guests", "drafts"].filter((name) => database.objectStoreNames.contains(name));
      for (const name of names) database.transaction(name, "readwrite").objectStore(name).clear();
      database.close();
      resolve();
    };
  });
}

async function asset(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return response;
}
