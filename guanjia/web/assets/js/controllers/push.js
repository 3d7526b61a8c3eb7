// [data-push="public key"]: notices on this device. A form carries what the browser gave; it is only sent when a person
// presses the button and agrees in the browser's own question. Switching off tells the browser as well.
import { arrive } from "../arrivals.js"

const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window

arrive("[data-push]", box => {
  const on = box.querySelector("form[data-push-on]"), off = box.querySelector("form[data-push-off]"), says = name => {
    for (const line of box.querySelectorAll("[data-says]")) line.hidden = line.dataset.says !== name
  }
  const show = there => { on.hidden = Boolean(there); off.hidden = !there }

  async function look() {
    if (!able) return says("unable")
    if (Notification.permission === "denied") return says("denied")
    await navigator.serviceWorker.register("/sw.js", { scope: "/" })
    const there = await (await navigator.serviceWorker.ready).pushManager.getSubscription()
    if (there) off.elements.endpoint.value = there.endpoint
    show(there && box.dataset.known.split(" ").includes(await digest(there.endpoint)))
  }

  on.addEventListener("submit", event => {
    if (on.elements.endpoint.value) return
    event.preventDefault()
    event.stopImmediatePropagation()
    ask().catch(() => says(Notification.permission === "denied" ? "denied" : "failed"))
  }, true)

  async function ask() {
    if (await Notification.requestPermission() !== "granted") return says("denied")
    const worker = await navigator.serviceWorker.ready
    const old = await worker.pushManager.getSubscription()
    if (old) await old.unsubscribe()
    const made = (await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(box.dataset.push) })).toJSON()
    on.elements.endpoint.value = made.endpoint
    on.elements.p256dh.value = made.keys.p256dh
    on.elements.auth.value = made.keys.auth
    on.requestSubmit()
  }

  off.addEventListener("submit", async () => {
    const there = await (await navigator.serviceWorker.ready).pushManager.getSubscription().catch(() => null)
    await there?.unsubscribe()
  })
  look().catch(() => says("failed"))
})

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/").padEnd(Math.ceil(text.length / 4) * 4, "="))
  return Uint8Array.from(plain, sign => sign.charCodeAt(0))
}

async function digest(text) {
  const found = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)))
  return [...found].map(byte => byte.toString(16).padStart(2, "0")).join("")
}
