// The plan being drawn: buildings follow the pointer; the fields beside it hold what is saved. Arrow keys move by one.
import { arrive } from "../arrivals.js"

const within = value => Math.min(100, Math.max(0, Math.round(value * 10) / 10))

arrive("svg[data-plan]", svg => {
  let held = null
  const at = event => new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse())
  const field = (spot, axis) => document.querySelector(`[name="${axis}_${spot.dataset.spot}"]`)

  function move(spot, x, y) {
    for (const part of spot.querySelectorAll("rect, text")) {
      part.setAttribute("x", within(x))
      part.setAttribute("y", within(y))
    }
    field(spot, "x").value = within(x)
    field(spot, "y").value = within(y)
  }

  svg.addEventListener("pointerdown", event => {
    const spot = event.target.closest("[data-spot]")
    if (!spot) return
    const point = at(event)
    held = { spot, dx: point.x - Number(field(spot, "x").value), dy: point.y - Number(field(spot, "y").value) }
    svg.setPointerCapture(event.pointerId)
    event.preventDefault()
  })
  svg.addEventListener("pointermove", event => {
    if (!held) return
    const point = at(event)
    move(held.spot, point.x - held.dx, point.y - held.dy)
  })
  for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, () => { held = null })

  for (const spot of svg.querySelectorAll("[data-spot]")) {
    spot.setAttribute("tabindex", "0")
    spot.addEventListener("keydown", event => {
      const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key]
      if (!step) return
      event.preventDefault()
      move(spot, Number(field(spot, "x").value) + step[0], Number(field(spot, "y").value) + step[1])
    })
  }
  document.addEventListener("input", event => {
    const [, pk] = /^[xy]_(\d+)$/.exec(event.target.name ?? "") ?? []
    const spot = pk && svg.querySelector(`[data-spot="${pk}"]`)
    if (spot) for (const part of spot.querySelectorAll("rect, text")) part.setAttribute(event.target.name[0], event.target.value)
  })
})
