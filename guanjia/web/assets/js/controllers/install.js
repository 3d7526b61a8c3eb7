// [data-install]: the house on the phone's first screen. The browser says when it can; Apple's is told in words. "Later" is kept.
import { arrive } from "../arrivals.js"

let asked = null
const LATER = "install-later", there = matchMedia("(display-mode: standalone)").matches || navigator.standalone
const isApple = /iPhone|iPad/.test(navigator.userAgent)

const later = () => { try { return localStorage.getItem(LATER) } catch { return "1" } }

function show(box) {
  if (there || later() || !(asked || isApple)) return
  box.hidden = false
  for (const line of box.querySelectorAll("[data-says]")) line.hidden = line.dataset.says !== (asked ? "ready" : "apple")
  box.querySelector("[data-install-now]").hidden = !asked
}

addEventListener("beforeinstallprompt", event => {
  event.preventDefault()
  asked = event
  document.querySelectorAll("[data-install]").forEach(show)
})

arrive("[data-install]", box => {
  box.querySelector("[data-install-now]").addEventListener("click", async () => {
    box.hidden = true
    await asked?.prompt()
  })
  box.querySelector("[data-install-later]").addEventListener("click", () => {
    box.hidden = true
    try { localStorage.setItem(LATER, "1") } catch { /* asked again next time */ }
  })
  show(box)
})
