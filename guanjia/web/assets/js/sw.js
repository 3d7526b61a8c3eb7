// The service worker. Keeps the house's files, and of pages only those that say whose they are (header Guanjia-Keep):
// 今日 and one's own tasks. Everything else goes to the network untouched. One person's pages at a time; none after
// signing out. What was finished without signal is sent when there is one (field/sending.js).
import { deliver } from "./field/sending.js"
import { all } from "./field/store.js"

const HOUSE = `house-${VERSION}`, PAGES = "pages", WHOSE = "/whose-pages"
const FILES = ["/offline/", "/static/icon.svg", ...["app.js", "app.css", "icons.svg", "reader.js"].map(name => `/static/built/${name}`)]
const PATIENCE = 6000 // ms for a page that is kept, when the signal is weak
const FRESH = 20 * 60_000 // ms: a kept page is not fetched again before

addEventListener("install", event => event.waitUntil((async () => {
  const cache = await caches.open(HOUSE)
  await Promise.all(FILES.map(file => cache.add(new Request(file, { cache: "reload" }))))
  await skipWaiting()
})()))

addEventListener("activate", event => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("house-") && name !== HOUSE) await caches.delete(name)
  await clients.claim()
})()))

addEventListener("fetch", event => {
  const { request } = event, address = new URL(request.url)
  if (address.origin !== location.origin) return
  if (request.method === "POST" && address.pathname === "/sign-out/") event.waitUntil(caches.delete(PAGES))
  if (request.method !== "GET") return
  if (request.mode === "navigate") event.respondWith(page(event, address))
  else if (FILES.includes(address.pathname)) event.respondWith(file(request, address))
})

async function file(request, address) {
  try {
    return await soon(fetch(request), 4000)
  } catch {
    return await (await caches.open(HOUSE)).match(address.pathname) || Response.error()
  }
}

async function page(event, address) {
  const kept = await (await caches.open(PAGES)).match(address.pathname)
  try {
    const asked = fetch(event.request), answer = await (kept ? soon(asked, PATIENCE) : asked)
    if (address.pathname === "/sign-in/" && answer.ok) await caches.delete(PAGES)
    if (answer.ok && !address.search) event.waitUntil(keep(address.pathname, answer.clone()))
    return answer
  } catch {
    return kept ? old(kept) : await (await caches.open(HOUSE)).match("/offline/") || Response.error()
  }
}

// The page says that it is a kept one: its words about time are not of now.
async function old(kept) {
  const headers = new Headers(kept.headers)
  for (const name of ["content-encoding", "content-length"]) headers.delete(name)
  return new Response((await kept.text()).replace("<html", "<html data-kept"), { status: 200, headers })
}

async function keep(path, answer) {
  const person = answer.headers.get("Guanjia-Keep")
  if (!person || answer.redirected) return
  const whose = await (await caches.open(PAGES)).match(WHOSE)
  if (whose && await whose.text() !== person) await caches.delete(PAGES) // somebody else holds the phone now
  const cache = await caches.open(PAGES)
  await cache.put(WHOSE, new Response(person))
  await cache.put(path, answer)
}

addEventListener("message", event => event.waitUntil(fill(event.data, event.source)))
async function fill({ keep: paths, person } = {}, client) {
  const cache = await caches.open(PAGES)
  for (const path of paths || []) {
    const known = await cache.match(path)
    const isFresh = known?.headers.get("Guanjia-Keep") === person && Date.now() - Date.parse(known.headers.get("Date") || 0) < FRESH
    if (isFresh) continue
    const answer = await fetch(path, { redirect: "manual", headers: { "Guanjia-Kept": "1" } }).catch(() => null)
    if (!answer) break
    if (answer.ok && answer.headers.get("Guanjia-Keep") === person) await keep(path, answer)
    else if (answer.status === 404) await cache.delete(path)
  }
  client?.postMessage({ kept: paths })
}

addEventListener("sync", event => { if (event.tag === "records") event.waitUntil(later()) })
async function later() {
  await deliver()
  if ((await all("records")).some(row => row.state === "waiting" && !row.asleep)) throw new Error("not yet") // the browser tries again
}

// Notices by Web Push: always shown (a browser takes the right away otherwise), opened in a page that is there already.
addEventListener("push", event => event.waitUntil((async () => {
  let said = {}
  try { said = event.data?.json() ?? {} } catch { said = { body: event.data?.text() } }
  await registration.showNotification(said.title || "管家", {
    body: said.body || "", tag: said.tag || "guanjia", data: { url: said.url || "/" }, icon: "/icon-192.png", badge: "/icon-192.png",
    requireInteraction: Boolean(said.urgent), renotify: Boolean(said.urgent),
  })
})()))

addEventListener("notificationclick", event => {
  event.notification.close()
  const url = new URL(event.notification.data?.url || "/", location.origin)
  if (url.origin !== location.origin) return
  event.waitUntil((async () => {
    const open = (await clients.matchAll({ type: "window" })).find(page => new URL(page.url).origin === location.origin)
    if (!open) return clients.openWindow(url.href)
    await open.focus().catch(() => {}) // a browser that will not bring it forward still leads it there
    await (open.navigate ? open.navigate(url.href) : clients.openWindow(url.href))
  })())
})

function soon(promise, wait) {
  return Promise.race([promise, new Promise((_, fail) => setTimeout(() => fail(new Error("slow")), wait))])
}
