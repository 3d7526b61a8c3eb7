// Says when the network is gone and what an answer that failed means.
import { words } from "../words.js"
import { toast } from "./toast.js"

const mark = () => document.documentElement.toggleAttribute("data-offline", !navigator.onLine)
addEventListener("offline", mark)
addEventListener("online", () => { mark(); toast(words().back) })
mark()

document.addEventListener("htmx:sendError", event => {
  if (!event.detail.elt.matches("[data-poll]")) toast(words().offline, "soon")
})
document.addEventListener("htmx:responseError", event => {
  const { status } = event.detail.xhr
  if (status === 409 || status === 422 || event.detail.elt.matches("[data-poll]")) return
  toast({ 403: words().refused, 404: words().gone, 410: words().gone, 429: words().busy, 503: words().busy }[status] || words().failed, "bad")
})
