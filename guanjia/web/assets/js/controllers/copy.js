import { words } from "../words.js"
import { toast } from "./toast.js"

document.addEventListener("click", async event => {
  if (event.target.closest("[data-print]")) return window.print()
  const button = event.target.closest("[data-copy]")
  if (!button) return
  try {
    await navigator.clipboard.writeText(button.dataset.copy)
  } catch {
    copyTheOldWay(button.dataset.copy)
  }
  button.setAttribute("data-copied", "")
  setTimeout(() => button.removeAttribute("data-copied"), 2000)
  toast(words().copied)
})

// Over plain http there is no clipboard object.
function copyTheOldWay(text) {
  const field = document.createElement("textarea")
  field.value = text
  field.className = "visually-hidden"
  document.body.append(field)
  field.select()
  document.execCommand("copy")
  field.remove()
}
