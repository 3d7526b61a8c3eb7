// data-poll="15" with hx-trigger="poll": asks while the page is seen, slower after failures (up to 16 times).
import { arrive } from "../arrivals.js"

const MAX_SLOWER = 16

arrive("[data-poll]", element => {
  const every = Math.max(2, Number(element.dataset.poll)) * 1000
  let slower = 1
  let due = Date.now() + every
  const timer = setInterval(ask, Math.min(every, 5000))

  function ask() {
    if (!element.isConnected) return clearInterval(timer)
    if (document.hidden || !navigator.onLine || Date.now() < due - 200) return
    if (element.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")) return
    due = Date.now() + every * slower
    element.dispatchEvent(new CustomEvent("poll"))
  }

  element.addEventListener("htmx:afterRequest", event => {
    if (event.detail.elt !== element) return
    slower = event.detail.failed ? Math.min(slower * 2, MAX_SLOWER) : 1
    due = Date.now() + every * slower
  })
  document.addEventListener("visibilitychange", ask)
})
