// data-opens="id" opens a dialog; data-shuts, a click on the veil, or HX-Trigger: shut closes it.
import { arrive } from "../arrivals.js"

document.addEventListener("click", event => {
  const opener = event.target.closest("[data-opens]")
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens)
    if (dialog && !dialog.open) {
      dialog.showModal()
      event.preventDefault()
    }
    return
  }
  if (event.target.closest("[data-shuts]")) event.target.closest("dialog")?.close()
  if (event.target.matches("dialog.dialog:modal") && outside(event)) event.target.close()
})

document.addEventListener("shut", () => {
  for (const dialog of document.querySelectorAll("dialog:modal")) dialog.close()
})

arrive("dialog[data-open-now]", dialog => dialog.open || dialog.showModal())
arrive("[data-focus]:not(.guide *)", element => element.focus({ preventScroll: false }))

function outside({ target, clientX: x, clientY: y }) {
  const box = target.getBoundingClientRect()
  return x < box.left || x > box.right || y < box.top || y > box.bottom
}
