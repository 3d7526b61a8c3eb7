// Short words that leave by themselves; bad ones stay until closed.
import { arrive } from "../arrivals.js"
import { words } from "../words.js"

export function toast(text, tone = "good") {
  const holder = document.getElementById("toasts")
  if (!holder || !text) return
  const item = Object.assign(document.createElement("div"), { className: "toast" })
  Object.assign(item.dataset, { toast: "", tone })
  const said = Object.assign(document.createElement("span"), { textContent: text })
  const close = Object.assign(document.createElement("button"), { type: "button", textContent: "✕" })
  close.dataset.close = ""
  close.setAttribute("aria-label", words().close)
  item.append(said, close)
  holder.append(item)
  leave(item)
}

function leave(item) {
  if (!item.closest("#toasts")) return
  if (item.dataset.tone !== "bad") setTimeout(() => item.remove(), 5000)
}

arrive("[data-toast]", leave)
document.addEventListener("click", event => event.target.closest("[data-toast] [data-close]")?.closest("[data-toast]").remove())
document.addEventListener("toast", event => toast(event.detail.words || event.detail.value, event.detail.tone))
