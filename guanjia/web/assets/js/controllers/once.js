// Double submit guard: the pressed button rests until an answer comes; a second submit is swallowed.
import { words } from "../words.js"
import { toast } from "./toast.js"

const going = new WeakSet()

document.addEventListener("submit", event => {
  const form = event.target
  if (form.method !== "post" || form.matches("[data-looks], [data-record], [method='dialog']") || event.defaultPrevented && !htmxOwned(form)) return
  if (going.has(form)) {
    event.preventDefault()
    event.stopImmediatePropagation()
    return
  }
  if (!navigator.onLine && !htmxOwned(form)) {
    event.preventDefault()
    toast(words().offline, "soon")
    return
  }
  going.add(form)
  const button = event.submitter
  setTimeout(() => button?.setAttribute("aria-busy", "true"))
  if (!htmxOwned(form)) setTimeout(() => rest(form), 20_000)
}, true)

const htmxOwned = form => form.matches("[hx-post], [hx-put], [hx-delete], [hx-boost='true'], [hx-boost='true'] form")

function rest(form) {
  going.delete(form)
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy")
}

document.addEventListener("htmx:afterRequest", event => {
  const form = event.detail.elt.closest?.("form")
  if (form) rest(form)
})
// Back from the next page: the browser may show this one as it was left.
addEventListener("pageshow", () => document.querySelectorAll("form").forEach(rest))
