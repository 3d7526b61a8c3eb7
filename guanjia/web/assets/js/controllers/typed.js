// data-typed: event `typed` 200 ms after the last letter, never while an input method is composing.
const WAIT = 200
const timers = new WeakMap()

function later(input) {
  clearTimeout(timers.get(input))
  timers.set(input, setTimeout(() => {
    input.dispatchEvent(new CustomEvent("typed", { bubbles: true }))
  }, WAIT))
}

document.addEventListener("input", event => {
  if (event.target.matches("[data-typed]") && !event.isComposing) later(event.target)
})
document.addEventListener("compositionend", event => event.target.matches("[data-typed]") && later(event.target))
document.addEventListener("compositionstart", event => clearTimeout(timers.get(event.target)))
// Enter that only accepts a candidate must not submit (Safari reports keyCode 229).
document.addEventListener("keydown", event => {
  if (event.key === "Enter" && event.target.matches("input") && (event.isComposing || event.keyCode === 229)) event.preventDefault()
}, true)
